import Bootstrap
import ClusterModel
import Foundation
import Testing

/// Delivery and observation, by a real shell and a real tar on folders of the test's own.
@Suite struct DeliveryTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ name: String, _ text: String, mode: UInt16 = 0o600) -> DeliveredFile {
        DeliveredFile(path: "\(folder.path)/\(name)", mode: mode, owner: "root", bytes: Secret(text))
    }

    /// The script with its own folders moved into the test's.
    private func moved(_ script: String) -> String {
        script.replacing("/etc/slipway", with: "\(folder.path)/etc").replacing("/run/slipway", with: "\(folder.path)/run")
            .replacing("/opt/slipway", with: "\(folder.path)/opt").replacing("/var/lib/etcd", with: "\(folder.path)/data")
    }

    private func deliver(_ files: [DeliveredFile], removing: [String] = []) async throws -> [String] {
        let folders = [NodeFolder("\(folder.path)/private", mode: 0o700)]
        let result = try await Shell.run(
            moved(NodeDelivery.script(removing: removing)), input: try NodeDelivery.archive(files, folders: folders))
        #expect(result.errors == "")
        #expect(result.status == 0)
        return NodeDelivery.changedFiles(in: result.output).map { String($0.dropFirst(folder.path.count + 1)) }
    }

    private func finish() throws { try FileManager.default.removeItem(atPath: "\(folder.path)/etc/changed") }

    @Test func writesOnlyWhatDiffers() async throws {
        defer { folder.remove() }
        let large = String(repeating: "x", count: 5000)
        let files = [file("a", "one"), file("deep/b", large, mode: 0o755), file("private/c", ""), file("d", "last\n", mode: 0o644)]
        #expect(try await deliver(files) == ["a", "d", "deep/b", "private/c"])
        #expect(folder.read("a") == "one")
        #expect(folder.read("deep/b") == large)
        #expect(folder.read("private/c") == "")
        #expect(folder.mode("a") == 0o600)
        #expect(folder.mode("deep/b") == 0o755)
        #expect(folder.mode("deep") == 0o755)
        #expect(folder.mode("private") == 0o700)
        try finish()
        #expect(try await deliver(files) == [])

        try folder.write("two", to: "a", mode: 0o600)
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: "\(folder.path)/d")
        #expect(try await deliver(files, removing: ["\(folder.path)/deep/b", "\(folder.path)/never"]) == ["a", "d", "deep/b"])
        #expect(folder.read("a") == "one")
        #expect(folder.mode("d") == 0o644)
    }

    @Test func removesWhatIsNoLongerWanted() async throws {
        defer { folder.remove() }
        try folder.write("old", to: "old")
        #expect(try await deliver([file("a", "one")], removing: ["\(folder.path)/old"]) == ["a", "old"])
        #expect(folder.read("old") == nil)
    }

    @Test func whatABrokenOffDeliveryChangedIsStillOwed() async throws {
        defer { folder.remove() }
        #expect(try await deliver([file("a", "one")]) == ["a"])
        #expect(try await deliver([file("a", "one"), file("b", "two")]) == ["a", "b"])
        try finish()
        #expect(try await deliver([file("a", "one"), file("b", "two")]) == [])
    }

    @Test func leavesNoSecretBehindInItsWorkplace() async throws {
        defer { folder.remove() }
        _ = try await deliver([file("a", "one")])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/run") == [])
        let broken = try await Shell.run(moved(NodeDelivery.script()), input: Array("no archive".utf8))
        #expect(broken.status != 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/run") == [])
    }

    @Test func aPathThatTheFormatCannotHoldIsRefused() {
        defer { folder.remove() }
        let file = DeliveredFile(path: "/" + String(repeating: "x", count: 101), mode: 0o600, owner: "root", bytes: Secret(""))
        #expect(throws: SlipwayError.self) { try NodeDelivery.archive([file]) }
    }

    @Test func anEmptyMachineIsObserved() async throws {
        defer { folder.remove() }
        let result = try await Shell.run(moved(ObservationScript.text))
        #expect(result.status == 0)
        let facts = try ObservationScript.facts(from: result.output)
        #expect(facts.specDigest == nil)
        #expect(facts.damagedFiles == [])
        #expect(facts.binaries == nil)
        #expect(!facts.hasEtcdData)
        #expect(facts.bootID.count == 36)
    }

    @Test func aDeliveredMachineIsObserved() async throws {
        defer { folder.remove() }
        var content = try NodeContent.render(Fixture.input())
        content.files =
            [NodeFile("\(folder.path)/a", mode: 0o600, content: .text("one"), effect: .nothing, part: .pool)]
            + [NodeFile("\(folder.path)/b", mode: 0o600, content: .text("two"), effect: .nothing, part: .pool)]
        let delivered = content.delivered(secret: Fixture.secret, certificate: Fixture.certificate)
        _ = try await deliver(delivered)
        let manifest = ContentManifest(content, delivered: delivered)
        let finished = try await Shell.run(moved(manifest.finishScript))
        #expect(finished.status == 0)
        #expect(folder.read("etc/content.json") == manifest.json)
        #expect(folder.read("etc/changed") == nil)
        try folder.write("1.20.2\n", to: "opt/bin/.version")
        try folder.write("", to: "data/member/wal/0.wal")

        func observe() async throws -> HostFacts {
            try ObservationScript.facts(from: try await Shell.run(moved(ObservationScript.text)).output)
        }
        var facts = try await observe()
        #expect(facts.specDigest == content.specDigest)
        #expect(facts.damagedFiles == [])
        #expect(facts.binaries == KubernetesVersion("1.20.2"))
        #expect(facts.hasEtcdData)

        try folder.write("changed", to: "a", mode: 0o600)
        try FileManager.default.removeItem(atPath: "\(folder.path)/b")
        facts = try await observe()
        #expect(facts.damagedFiles == ["\(folder.path)/a", "\(folder.path)/b"])
    }

    @Test func certificatesThatServeAreKept() async throws {
        defer { folder.remove() }
        var content = try NodeContent.render(Fixture.input(.worker))
        content.certificates = content.certificates.map { certificate in
            var copy = certificate
            copy.inUse = folder.path + copy.inUse
            copy.paths = copy.paths.map { folder.path + $0 }
            return copy
        }
        content.files = content.files.map { file in
            var copy = file
            copy.path = folder.path + copy.path
            return copy
        }
        func issued(_ name: String) -> IssuedCertificate {
            let certificate = "-----BEGIN CERTIFICATE-----\n\(name)\n-----END CERTIFICATE-----\n"
            return IssuedCertificate(certificate: certificate, key: Secret("-----BEGIN PRIVATE KEY-----\nhidden\n"))
        }
        let none = try await Shell.run(PresentCertificates.script(for: content))
        #expect(none.status == 0)
        #expect(PresentCertificates.parse(none.output, for: content) == [])

        let first = content.delivered(secret: Fixture.secret, certificate: issued)
        _ = try await deliver(first)
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/var/lib/kubelet/pki/kubelet-client-current.pem", withDestinationPath: "kubelet-client-initial.pem")
        let result = try await Shell.run(PresentCertificates.script(for: content))
        #expect(!result.output.contains("hidden"))
        let present = PresentCertificates.parse(result.output, for: content)
        #expect(present.map(\.name) == ["kube-proxy", "kubelet-client", "kubelet-serving"])
        #expect(present.map(\.certificate) == present.map { issued($0.name).certificate })

        // Kept, they are not written again, and the manifest is what it would be with them.
        let second = content.delivered(keeping: present, secret: Fixture.secret) { name in
            Issue.record("\(name) was issued again")
            return issued(name)
        }
        #expect(second.count == first.count - 5)
        #expect(ContentManifest(content, delivered: second, keeping: present) == ContentManifest(content, delivered: first))

        try FileManager.default.removeItem(atPath: "\(folder.path)/etc/kubernetes/pki/kube-proxy.key")
        let damaged = try await Shell.run(PresentCertificates.script(for: content))
        #expect(PresentCertificates.parse(damaged.output, for: content).map(\.name) == ["kubelet-client", "kubelet-serving"])
    }

    @Test func servicesAreReadFromSystemd() async throws {
        defer { folder.remove() }
        // A stand-in, as there is no systemd to be asked where tests run.
        try folder.write(
            """
            #!/bin/sh
            printf 'Id=etcd.service\\nLoadState=loaded\\nActiveState=failed\\n\\n'
            printf 'ActiveState=inactive\\nLoadState=not-found\\nId=kubelet.service\\n\\n'
            printf 'LoadState=loaded\\nActiveState=active\\nId=slipway-pod-bridge.service\\n'

            """, to: "bin/systemctl", mode: 0o755)
        let result = try await Shell.run("PATH=\(folder.path)/bin:$PATH\n" + moved(ObservationScript.text))
        #expect(try ObservationScript.facts(from: result.output).services == [.etcd: "failed", .podBridge: "active"])
    }

    @Test func etcdsOwnWordIsRead() async throws {
        defer { folder.remove() }
        try folder.write("#!/bin/sh\n[ \"$1\" = is-active ]\n", to: "bin/systemctl", mode: 0o755)
        // What etcd 3.4 prints, its long ids included.
        try folder.write(
            """
            #!/bin/sh
            case "$*" in
            *"endpoint status"*) echo '[{"Endpoint":"https://127.0.0.1:2379","Status":{"header":{"cluster_id":3,"member_id":17237436991929493444,\
            "revision":1,"raft_term":2},"version":"3.4.23","leader":9372538179322589801,"raftIndex":8,"errors":["memberID:1 alarm:NOSPACE "]}}]' ;;
            *"member list"*) echo '{"header":{"cluster_id":3},"members":[{"ID":17237436991929493444,"name":"b","peerURLs":["https://10.0.0.2:2380"]},\
            {"ID":9372538179322589801,"peerURLs":["https://10.0.0.1:2380"],"isLearner":true}]}' ;;
            esac

            """.replacing("\\\n", with: ""), to: "bin/etcdctl", mode: 0o755)
        let result = try await Shell.run("PATH=\(folder.path)/bin:$PATH\n" + moved(ObservationScript.text))
        #expect(
            try ObservationScript.facts(from: result.output).etcd
                == EtcdFacts(
                    id: 17_237_436_991_929_493_444, leader: 9_372_538_179_322_589_801,
                    members: [
                        .init(id: 9_372_538_179_322_589_801, name: "", peerURLs: ["https://10.0.0.1:2380"], isLearner: true),
                        .init(id: 17_237_436_991_929_493_444, name: "b", peerURLs: ["https://10.0.0.2:2380"]),
                    ], errors: ["memberID:1 alarm:NOSPACE "]))
    }

    @Test func anAnswerThatIsNoneIsAnError() {
        defer { folder.remove() }
        #expect(throws: SlipwayError.self) { try ObservationScript.facts(from: "Connection closed") }
    }

    @Test func missingProgramsAreNamedWithTheirPackages() async throws {
        defer { folder.remove() }
        let script = RequiredPrograms.check(for: .controlPlane)
        let none = try await Shell.run("PATH=\(folder.path)\n" + script.replacing("PATH=$PATH", with: "PATH=$PATH:\(folder.path) #"))
        #expect(none.status == 1)
        let missing = RequiredPrograms.missing(in: none.output)
        #expect(missing.contains(.init(program: "etcdctl", package: "etcd-client")))
        #expect(missing.contains(.init(program: "conntrack", package: "conntrack")))
        #expect(!RequiredPrograms.check(for: .worker).contains("etcd"))
        try folder.write("#!/bin/sh\n", to: "socat", mode: 0o755)
        let some = try await Shell.run("PATH=\(folder.path)\n" + script.replacing("PATH=$PATH", with: "PATH=$PATH:\(folder.path) #"))
        #expect(!RequiredPrograms.missing(in: some.output).contains(.init(program: "socat", package: "socat")))
    }
}
