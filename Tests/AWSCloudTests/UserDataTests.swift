import AWSRequests
import ClusterModel
import Testing

@testable import AWSCloud

struct UserDataTests {
    @Test func `User data holds the seed, the keys that may log in, and nothing else of the cluster`() throws {
        let data = UserData(
            machine: "demo-nodes-1a-1", isNode: true, hostKey: Secret(Array("-----BEGIN KEY-----\nseed\n-----END KEY-----\n".utf8)),
            authorizedKeys: ["ssh-ed25519 AAAA it's mine"])
        #expect(data.text.hasPrefix("#cloud-config\nhostname: demo-nodes-1a-1\n"))
        #expect(data.text.contains("  ed25519_private: |\n    -----BEGIN KEY-----\n    seed\n    -----END KEY-----\n"))
        #expect(data.text.contains("      - 'ssh-ed25519 AAAA it''s mine'\n"))
        #expect(data.text.contains("slipway-packages") && !data.text.contains("sshd_config.d"))
        // EC2 takes 16 KiB.
        #expect(data.text.utf8.count < 8192)
    }
}

extension UserDataTests {
    @Test func `A bastion installs nothing, and lets many logins come at once`() {
        let text = UserData(machine: "demo-bastion-1a-1", isNode: false, hostKey: Secret(Array("seed".utf8)), authorizedKeys: []).text
        #expect(!text.contains("slipway-packages") && text.contains("\n      MaxStartups 200:30:1000\n"))
    }
}

struct TagsTests {
    @Test func `Long values go on in tags of their own, and a shorter one that was written over them is whole`() {
        let long = String(repeating: "a", count: 256) + String(repeating: "b", count: 256) + "c"
        let pieces = AWSTags.pieces(["mark": long])
        #expect(pieces.map(\.key) == ["mark", "mark~2", "mark~3"] && pieces.allSatisfy { $0.value.count <= 256 })
        #expect(AWSTags.read(AWSTags.ec2(["mark": long])) == ["mark": long])
        #expect(AWSTags.read(AWSTags.ec2(["mark": long]).dropFirst() + [.init(key: "mark", value: "new")]) == ["mark": "new"])
        #expect(AWSTags.read(AWSTags.ec2(["empty": ""])) == ["empty": ""])
    }

    @Test func `Names fit where AWS has little room for them`() {
        let names = AWSNames(cluster: ClusterIdentity(name: String(repeating: "n", count: 40), uid: "0011aabb"))
        for suffix in AWSInventory.suffixes { #expect(names.balancer(suffix).count <= 32) }
        for role in MachineRole.allCases { #expect(names.profile(role).count <= 64 && names.group(role).count <= 255) }
    }
}
