import ClusterModel
import Foundation
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import SlipwayCommands

/// What people get wrong: each gives its exit code and words that help, and changes nothing. Which test holds what:
///
/// | what is wrong | code | held by |
/// |---|---|---|
/// | a spec: keys, types, names, counts, zones, pools, types, ranges, versions, RSA keys | 65 | `aBadSpecIs65` |
/// | a file: empty, not YAML, alias bomb, 10 MB; not readable, not there (66) | 65 | `aBadSpecIs65`, `againstAClusterThatIsThere` |
/// | a command line | 64 | `UsageTests` |
/// | exists with another spec 73, does not exist 66, locked 75 | | `againstAClusterThatIsThere`, `aLockedClusterIs75`; EndToEndTests |
/// | a master or node that never gets ready: the step, and its own log | 1 | `BadHostTests` |
/// | a machine out of reach 69, with another host key 77 | | `BadHostTests`; over real SSH: SSHTests |
/// | an RSA user key, a host with an RSA key only | 77 | SSHTests `IdentityTests`, `HostKeyTests` |
/// | not root, no programs (with packages), full disks, a range in use | 77 | `HostRefusalTests` on the built binary |
/// | a full disk for the state | 1 | `HostRefusalTests`; StateStoreTests `FailureTests` |
/// | assets missing 69, others than their checksums 1 | | `HostRefusalTests`, `AssetTests` of Operations, `DownloadTests` |
/// | Ctrl-C, a kill at any moment | 75 | `ctrlCLeavesMachinesRunning`, `KillTests`, `anInterruptEndsADownload` |
@Suite struct BadInputTests {
    struct Spec: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// What the message says, wherever its lines break.
        var words: String
        var bytes: [UInt8]

        init(_ description: String, _ words: String, _ bytes: [UInt8]) {
            testDescription = description
            self.words = words
            self.bytes = bytes
        }

        /// The good spec with one text in place of another.
        init(_ description: String, _ words: String, _ old: String, _ new: String) {
            self.init(description, words, Array(UsageTests.spec.replacing(old, with: new).utf8))
        }
    }

    static let bomb: String = {
        var lines = ["a0: &a0 [x]"]
        for level in 1...12 {
            lines.append("a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]")
        }
        return lines.joined(separator: "\n") + "\n"
    }()

    static let specs: [Spec] = [
        Spec("unknown key", "did you mean 'controlPlane'?", "controlPlane:", "controlplane:"),
        Spec("unknown key that nothing is like", "unknown key 'frobs'", "assets:", "frobs: 1\n  assets:"),
        Spec("wrong type", "expected a whole number, found 'three'", "count: 3", "count: three"),
        Spec("a text for a list", "expected a list", "ssh: [10.0.0.0/8]", "ssh: 10.0.0.0/8"),
        Spec("invalid name", "did you mean 'demo-x'?", "{name: demo}", "{name: Demo_x}"),
        Spec("too long a name", "a cluster's name has at most 40", "{name: demo}", "{name: \(String(repeating: "a", count: 41))}"),
        Spec("even number of masters", "an even number of control plane nodes (2)", "controlPlane: {count: 1", "controlPlane: {count: 2"),
        Spec(
            "duplicate zones", "the zone 'local-a' is named twice", "zones: [local-a, local-b], count", "zones: [local-a, local-a], count"),
        Spec(
            "duplicate pools", "'nodes'", "pools: [{name: nodes,",
            "pools: [{name: nodes, zones: [local-a], count: 1}, {name: nodes,"),
        Spec("unknown instance type", "local.smal", "instanceType: local.small}]", "instanceType: local.smal}]"),
        Spec("ranges that overlap", "overlap", "serviceCIDR: 10.2.0.0/16", "serviceCIDR: 10.1.128.0/17"),
        Spec("too small a range", "10.1.0.0/24", "podCIDR: 10.1.0.0/16", "podCIDR: 10.1.0.0/24"),
        Spec("a range that is none", "10.1.0.0", "podCIDR: 10.1.0.0/16", "podCIDR: 10.1.0.0/99"),
        Spec("unsupported version", "older than the oldest supported release", "1.20.2", "1.9.0"),
        Spec("a version that will come", "newer than the newest supported release", "1.20.2", "1.99.0"),
        Spec("a count below zero", "cannot have -1 machines", "count: 3", "count: -1"),
        Spec("more machines than the ranges have", "100.96.9.0/24", "count: 3", "count: 3000"),
        Spec(
            "an RSA key", "ssh", "ssh: [10.0.0.0/8]", "ssh: [10.0.0.0/8], sshPublicKeys: [\"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQ== me\"]"),
        Spec("an empty file", "it is empty", []),
        Spec("only comments", "it is empty", Array("# nothing\n".utf8)),
        Spec("not YAML", "demo.yaml:3:1: error: not YAML", Array("apiVersion: slipway.dev/v1alpha1\nkind: [\n".utf8)),
        Spec("not text", "UTF-8", [0x61, 0xFF, 0xFE, 0x00]),
        Spec("another program's file", "is not Slipway's", Array("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\n".utf8)),
        Spec("an alias bomb", "alias", Array(bomb.utf8)),
        Spec("10 MB", "a spec has at most 1 MiB", Array(repeating: UInt8(ascii: "#"), count: 10_000_000)),
    ]

    @Test(arguments: specs) func aBadSpecIs65(_ spec: Spec) async throws {
        try await Shell.with { shell in
            let path = "\(shell.folder)/demo.yaml"
            try Data(spec.bytes).write(to: URL(fileURLWithPath: path))
            for arguments in [
                ["validate", "spec", "-f", path], ["create", "cluster", "demo", "-f", path, "--yes"], ["replace", "-f", path],
            ] {
                let began = ContinuousClock.now
                let run = await shell.run(arguments)
                #expect(run.code == 65, "\(arguments): \(run.messages)")
                #expect(run.messages.replacing(/\s+/, with: " ").contains(spec.words), "\(run.messages)")
                #expect(run.messages.contains("error: ") && run.output.isEmpty)
                #expect(ContinuousClock.now - began < .seconds(20), "nothing is followed to its end")
            }
            #expect(!shell.exists("state") && !shell.exists("key") && !shell.exists("kube"))
            #expect(shell.world.isEmpty)
        }
    }

    /// One after the other over a cluster that is well: none changes a file or the world.
    @Test func againstAClusterThatIsThere() async throws {
        try await Shell.withCluster { shell in
            let good = await shell.run("get", "spec", "demo").output
            let other = try shell.write(good.replacing("deletionProtection: false", with: "deletionProtection: true"), to: "other.yaml")
            let renamed = try shell.write(good.replacing("name: demo", with: "name: none"), to: "renamed.yaml")
            let missing = "\(shell.folder)/none.yaml"
            let folder = shell.folder
            let rows: [(arguments: [String], code: Int32, words: String)] = [
                (
                    ["create", "cluster", "demo", "-f", other, "--yes"], 73,
                    "it exists with another spec: spec.deletionProtection: false -> true"
                ),
                (["update", "cluster", "none", "--yes"], 66, "it has: demo"),
                (["delete", "cluster", "none", "--yes"], 66, "neither the store nor the cloud's tags know it"),
                (["replace", "-f", renamed], 66, "has no such cluster"),
                (["update", "cluster", "demo", "-f", renamed, "--yes"], 65, "the file is of the cluster 'none', the command of 'demo'"),
                (["update", "cluster", "demo", "-f", missing], 66, "there is no such file"),
                (["update", "cluster", "demo", "-f", folder], 66, "it cannot be read"),
                (["validate", "spec", "-f", folder], 66, "it cannot be read"),
                (["get", "runs", "demo", "nothing"], 66, "there is no such run"),
                (["get", "runs", "demo", "../../key"], 64, "run"),
                (["get", "machines", "../demo"], 64, "cluster"),
                (["ssh", "demo", "demo-nodes-a-9"], 66, "demo-nodes-a-9"),
                (["set", "cluster", "demo", "network.podCIDR=10.9.0.0/16"], 77, "cannot be changed while the cluster exists"),
                (["unlock", "demo", "0123"], 66, "there is no lock"),
            ]
            let before = try String(contentsOfFile: "\(folder)/state/demo/state.json", encoding: .utf8)
            let kubeconfig = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/kube/config"))
            shell.world.changes.clear()
            for row in rows {
                let run = await shell.run(row.arguments)
                #expect(run.code == row.code, "\(row.arguments): \(run.messages)")
                #expect(run.messages.replacing(/\s+/, with: " ").contains(row.words), "\(row.arguments): \(run.messages)")
                #expect(run.output.isEmpty)
            }
            #expect(shell.world.changes.all.isEmpty)
            #expect(try String(contentsOfFile: "\(folder)/state/demo/state.json", encoding: .utf8) == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/state").sorted() == [".gitignore", "demo"])
            #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/kube/config")) == kubeconfig)
            #expect(await shell.run("validate", "cluster", "demo").code == 0)
        }
    }

    @Test func aLockedClusterIs75() async throws {
        try await Shell.withCluster { shell in
            let store = FileStateStore(root: "\(shell.folder)/state", keyFile: KeyFile(path: "\(shell.folder)/key"))
            let owner = LockInfo.current(operation: "update cluster demo", version: "0")
            let session = try await store.lock("demo", as: owner, timeout: .zero, waiting: { _ in })
            for verb in ["update", "stop", "start", "delete", "plan"] {
                let run = await shell.run([verb, "cluster", "demo"])
                #expect(run.code == 75 && run.messages.contains(owner.id), "\(verb): \(run.messages)")
            }
            #expect(await shell.run("set", "cluster", "demo", "deletionProtection=true").code == 75)
            #expect(await shell.run("get", "clusters").code == 0, "looking needs no lock")
            await session.release()
        }
    }

    @Test func oneDamagedClusterHidesNoOther() async throws {
        try await Shell.withCluster { shell in
            // The clock's numbers begin again with every shell, and two clusters must not have the same.
            _ = shell.clock.context.randomHex(5)
            let other = await shell.run("create", "cluster", "other", "--cloud", "local", "--assets", "/mirror")
            #expect(other.code == 0, "\(other.messages)")
            _ = try shell.write("{", to: "state/other/state.json")
            let table = await shell.run("get", "clusters")
            #expect(table.code == 0, "\(table.messages)")
            #expect(table.output.contains(/demo +local/) && table.output.contains(/other +- +- +- +- +damaged/), "\(table.output)")
            let json = await shell.run("get", "clusters", "-o", "json")
            #expect(json.code == 0 && json.output.contains("\"phase\" : \"damaged\"") && json.output.contains("\"problem\""))
            let one = await shell.run("get", "cluster", "other")
            #expect(one.code == 77 && one.messages.contains("error: "), "\(one.messages)")
            #expect(await shell.run("update", "cluster", "demo", "--yes").code == 0)
        }
    }
}
