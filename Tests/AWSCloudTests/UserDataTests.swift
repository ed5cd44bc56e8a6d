import AWSRequests
import ClusterModel
import Foundation
import Subprocess
import SystemPackage
import Testing

@testable import AWSCloud
@testable import Bootstrap

struct UserDataTests {
    private static func data(_ role: MachineRole = .controlPlane) -> UserData {
        UserData(
            machine: "demo-nodes-1a-1", hostKey: Secret(Array("-----BEGIN KEY-----\nseed\n-----END KEY-----\n".utf8)),
            authorizedKeys: ["ssh-ed25519 AAAA it's mine"], programsCheck: RequiredPrograms.check(for: role, sharesAPIAddress: false))
    }

    @Test func `User data holds the seed, the keys that may log in, and nothing else of the cluster`() throws {
        let data = Self.data()
        #expect(data.text.hasPrefix("#cloud-config\nhostname: demo-nodes-1a-1\n"))
        #expect(data.text.contains("  ed25519_private: |\n    -----BEGIN KEY-----\n    seed\n    -----END KEY-----\n"))
        #expect(data.text.contains("      - 'ssh-ed25519 AAAA it''s mine'\n"))
        #expect(data.text.contains("slipway-packages") && !data.text.contains("sshd_config.d"))
        // EC2 takes 16 KiB.
        #expect(data.text.utf8.count < 8192)
    }

    /// The very text that the machine is checked with later, so that there is no other list and no other way to look.
    @Test(arguments: MachineRole.ofNodes) func `The check is in user data as it is`(_ role: MachineRole) throws {
        let data = Self.data(role)
        let script = try #require(data.text.split(separator: "    content: |\n").last?.split(separator: "runcmd:").first)
        let plain = script.split(separator: "\n", omittingEmptySubsequences: false).map { $0.hasPrefix("      ") ? $0.dropFirst(6) : $0 }
        #expect(plain.joined(separator: "\n").contains("lacking() (\n\(data.programsCheck ?? "")\n)\n"))
    }

    @Test func `A plain Debian gets what it lacks, once, and nothing starts by itself`() async throws {
        try await Image.with(.worker) { image in
            try image.bring(["tar", "sha256sum", "ip", "mount", "ps", "ping", "modprobe"])
            #expect(try await image.boot() == 0)
            #expect(
                try image.calls() == [
                    "systemctl mask --quiet containerd.service etcd.service keepalived.service",
                    "apt-get -qq -o Acquire::Retries=5 update",
                    Image.install("conntrack containerd containernetworking-plugins iptables runc socat"),
                    "systemctl unmask --quiet containerd.service", "systemctl cat containerd.service",
                    "systemctl disable --quiet containerd.service", "systemctl unmask --quiet etcd.service", "systemctl cat etcd.service",
                    "systemctl unmask --quiet keepalived.service", "systemctl cat keepalived.service",
                ])
            try image.bring(RequiredPrograms.all(for: .worker).map(\.program))
            #expect(try await image.boot() == 0)
            #expect(try image.calls() == [], "nothing is lacking any more")
        }
    }

    @Test func `An image that lacks one program of a master gets that one`() async throws {
        try await Image.with(.controlPlane) { image in
            try image.bring(RequiredPrograms.all(for: .controlPlane, sharesAPIAddress: false).map(\.program).filter { $0 != "etcdctl" })
            #expect(try await image.boot() == 0)
            #expect(try image.calls().filter { $0.contains("install") } == [Image.install("etcd-client")])
        }
    }

    @Test func `An archive that cannot be reached is a failure`() async throws {
        try await Image.with(.worker) { image in
            try image.write("#!/bin/sh\nexit 100\n", to: "bin/apt-get")
            #expect(try await image.boot() == 100)
        }
    }
}

/// The system of a machine at its first boot: nothing but what a test gives it.
private struct Image {
    let folder: String
    let check: String

    static func with(_ role: MachineRole, _ body: (Image) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-image-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        // Paths of its own, and no program of this host.
        let check = RequiredPrograms.check(for: role, sharesAPIAddress: false)
            .replacing("/usr/lib/", with: "\(folder)/usr/lib/").replacing("/usr/bin/", with: "\(folder)/usr/bin/")
            .replacing("PATH=$PATH", with: "PATH=$PATH #")
        let image = Image(folder: folder, check: check)
        for tool in ["cut", "sort"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/bin/\(tool)", withDestinationPath: "/usr/bin/\(tool)")
        }
        try image.write("#!/bin/sh\necho \"apt-get $*\" >>'\(folder)/calls'\n", to: "bin/apt-get")
        // Of the services only containerd is there.
        try image.write(
            """
            #!/bin/sh
            echo "systemctl $*" >>'\(folder)/calls'
            case "$*" in
            *mask*) ;;
            *containerd.service) ;;
            *) exit 1 ;;
            esac

            """, to: "bin/systemctl")
        try await body(image)
    }

    static func install(_ packages: String) -> String { "apt-get -qq install --yes --no-install-recommends \(packages)" }

    func write(_ text: String, to name: String) throws {
        let path = "\(folder)/\(name)"
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// Programs by their names, or by their paths.
    func bring(_ programs: [String]) throws {
        for program in programs where program != "systemctl" {
            try write("#!/bin/sh\n", to: program.hasPrefix("/") ? program : "bin/\(program)")
        }
    }

    /// The status of the script that cloud-init runs.
    func boot() async throws -> Int32 {
        try? FileManager.default.removeItem(atPath: "\(folder)/calls")
        let result = try await run(
            .path("/bin/sh"), arguments: ["-c", UserData.packagesScript(check)], environment: .custom(["PATH": "\(folder)/bin"]),
            output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
        guard case .exited(let status) = result.terminationStatus else { return -1 }
        if status == 0 { #expect(result.standardError == "") }
        return status
    }

    /// What it asked of others, in order.
    func calls() throws -> [String] {
        guard let data = FileManager.default.contents(atPath: "\(folder)/calls") else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}

extension UserDataTests {
    @Test func `A bastion installs nothing, and lets many logins come at once`() {
        let text = UserData(
            machine: "demo-bastion-1a-1", hostKey: Secret(Array("seed".utf8)), authorizedKeys: [], programsCheck: nil
        ).text
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
