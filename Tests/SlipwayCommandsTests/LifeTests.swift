import ClusterModel
import Foundation
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import SlipwayCommands

/// Whole command lines against a world in memory, from the first preview to a delete that finds nothing.
@Suite struct LifeTests {
    static let create = ["create", "cluster", "demo", "--cloud", "local", "--assets", "/mirror"]

    @Test func aClustersLife() async throws {
        try await Shell.with { shell in
            let preview = await shell.run(LifeTests.create)
            #expect(preview.code == 0)
            #expect(preview.messages == "Nothing was changed. To carry this out: the same command with --yes\n")
            #expect(shell.world.isEmpty && !shell.exists("kube/config"))

            let made = await shell.run(LifeTests.create + ["--yes"])
            #expect(made.code == 0, "\(made.messages)")
            #expect(made.output.isEmpty, "what is told while it runs is no data")
            #expect(made.messages.contains("Plan to create cluster demo"))
            #expect(made.messages.contains("made the key \(shell.folder)/key"))
            #expect(made.messages.contains("kubectl context demo in \(shell.folder)/kube/config, valid for 18h"))

            let again = await shell.run(LifeTests.create + ["--yes"])
            #expect(again.code == 0)
            #expect(again.messages.contains("no changes: cluster demo is as its spec says"))

            let other = await shell.run(LifeTests.create + ["--node-count", "3", "--yes"])
            #expect(other.code == 73)
            #expect(other.messages.contains("spec.pools[nodes].count: 1 -> 3"))

            let gone = await shell.run("delete", "cluster", "demo", "--yes")
            #expect(gone.code == 0, "\(gone.messages)")
            #expect(gone.messages.contains("removed cluster demo from \(shell.folder)/kube/config"))
            #expect(shell.world.isEmpty)
            #expect(!shell.exists("kube/config"), "it held nothing else")
            #expect(!shell.exists("kube/config.slipway-lock"))
            #expect(await shell.run("delete", "cluster", "demo", "--yes").code == 66)
        }
    }

    @Test func aRunThatFailsSaysWhatAndGoesOnTheNextTime() async throws {
        try await Shell.with { shell in
            shell.world.fail { what, _ in
                what == "createMachine demo-nodes-a-1"
                    ? SlipwayError(.failed, doing: "making the machine", cause: "no space left", hint: "make space") : nil
            }
            let failed = await shell.run(LifeTests.create + ["--yes"])
            #expect(failed.code == 1)
            #expect(failed.messages.contains("failed  create-machine machine/demo-nodes-a-1: no space left\n"))
            #expect(
                failed.messages.contains("error: machine/demo-nodes-a-1: making the machine: no space left\n  try: make space\n")
                    && failed.messages.contains("steps not started because of this"), "\(failed.messages)")
            #expect(!shell.exists("kube/config"))
            shell.world.fail(nil)
            #expect(await shell.run(LifeTests.create + ["--yes"]).code == 0)
            #expect(await shell.run("validate", "cluster", "demo").code == 0)
        }
    }

    @Test func aLockedClusterIs75AndARefusalIs77() async throws {
        try await Shell.withCluster { shell in
            let store = FileStateStore(root: "\(shell.folder)/state", keyFile: KeyFile(path: "\(shell.folder)/key"))
            let session = try await store.lock(
                "demo", as: .current(operation: "update cluster demo", version: "0"), timeout: .zero, waiting: { _ in })
            let locked = await shell.run("update", "cluster", "demo", "--yes")
            #expect(locked.code == 75 && locked.messages.contains("update cluster demo"))
            #expect(await shell.run("validate", "cluster", "demo").code == 0, "looking needs no lock")
            await session.release()
            shell.world.with { $0.machines["demo-control-plane-a-1"] = nil }
            let refused = await shell.run("update", "cluster", "demo", "--yes")
            #expect(refused.code == 77 && refused.messages.contains("demo-control-plane-a-1"))
        }
    }

    @Test func whatPipelinesReadIsAloneOnStandardOutput() async throws {
        try await Shell.with { shell in
            let made = await shell.run(LifeTests.create + ["--yes", "-o", "json"])
            #expect(made.code == 0)
            #expect(throws: Never.self) { try JSONDecoder().decode(Plan.self, from: Data(made.output.utf8)) }
            let lines = made.messages.split(separator: "\n").filter { $0.hasPrefix("{") }
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .iso8601
            let events = try lines.map { try decoder.decode(RunEvent.self, from: Data($0.utf8)) }
            #expect(events.contains { $0.kind == .runFinished } && events.contains { $0.kind == .stepDone })
        }
    }

    @Test func tablesAndData() async throws {
        try await Shell.with { shell in
            #expect(await shell.run("get", "clusters").output == "no clusters\n")
            _ = await shell.run(LifeTests.create)
            var text = ""
            func add(_ arguments: String...) async {
                let run = await shell.run(arguments)
                #expect(run.code == 0 && run.messages.isEmpty, "\(arguments): \(run.messages)")
                text += "$ slipway \(arguments.joined(separator: " "))\n\(run.output)\n"
            }
            await add("get", "clusters")
            await add("get", "runs", "demo")
            await add("get", "instance-types")
            try await Shell.withCluster { made in
                for noun in ["clusters", "cluster demo", "pools demo", "machines demo", "runs demo", "spec demo"] {
                    let words = noun.split(separator: " ").map(String.init)
                    let run = await made.run(["get"] + words)
                    text += "$ slipway get \(noun)\n\(run.output)\n"
                }
                made.world.machine("demo-nodes-a-1") { $0.record.status = .stopped }
                made.world.with { $0.machines["demo-control-plane-a-1"] = nil }
                text += "$ slipway get machines demo\n\(await made.run("get", "machines", "demo").output)"
            }
            try Golden.expect(shell.stable(text), equals: "tables.txt")
        }
    }

    @Test func dataAsJSONAndYAMLHasAKind() async throws {
        try await Shell.withCluster { shell in
            var text = ""
            for (noun, kind) in [
                ("clusters", "ClusterList"), ("cluster demo", "Cluster"), ("pools demo", "PoolList"), ("machines demo", "MachineList"),
                ("runs demo", "RunList"), ("instance-types", "InstanceTypeList"),
            ] {
                let words = noun.split(separator: " ").map(String.init)
                let json = await shell.run(["get"] + words + ["-o", "json"])
                let yaml = await shell.run(["get"] + words + ["-o", "yaml"])
                #expect(json.output.contains("\"kind\" : \"\(kind)\"") && yaml.output.contains("kind: \(kind)"))
                text += "$ slipway get \(noun) -o json\n\(json.output)\n"
            }
            try Golden.expect(shell.stable(text), equals: "data.json.txt")
            let run = try #require(await shell.run("get", "runs", "demo").output.split(separator: "\n").first.map(String.init))
            let events = await shell.run("get", "runs", "demo", run)
            #expect(events.code == 0 && events.output.contains("ok      ensure-secrets secrets/demo"))
            #expect(await shell.run("get", "runs", "demo", "none").code == 66)
        }
    }

    @Test(arguments: [
        ["get", "cluster", "none"], ["get", "machines", "none"], ["get", "pools", "none"], ["get", "spec", "none"],
        ["update", "cluster", "none"], ["stop", "cluster", "none"], ["set", "cluster", "none", "deletionProtection=true"],
        ["edit", "cluster", "none"], ["start", "cluster", "none"], ["plan", "cluster", "none"], ["delete", "cluster", "none"],
        ["validate", "cluster", "none"],
        ["export", "kubeconfig", "none"], ["ssh", "none", "machine"],
    ])
    func anUnknownClusterIs66(_ arguments: [String]) async throws {
        try await Shell.with { shell in
            let run = await shell.run(arguments)
            #expect(run.code == 66, "\(run.messages)")
            #expect(run.output.isEmpty && run.messages.hasPrefix("error: cluster/none: "))
        }
    }

    @Test func replaceStoresAndSaysWhatDiffers() async throws {
        try await Shell.with { shell in
            let spec = UsageTests.spec
            #expect(await shell.run("create", "cluster", "demo", "-f", "-", input: spec).code == 0)
            let same = await shell.run("replace", "-f", "-", input: spec)
            #expect(same.code == 0 && same.messages.contains("no changes"))
            let other = await shell.run("replace", "-f", "-", input: spec.replacing("count: 3", with: "count: 4"))
            #expect(other.code == 0)
            #expect(
                other.messages.hasSuffix(
                    "  spec.pools[nodes].count: 3 -> 4\nstored the spec of cluster demo; next: slipway update cluster demo\n"))
            #expect(await shell.run("get", "spec", "demo").output.contains("count: 4"))
            #expect(await shell.run("replace", "-f", "-", input: spec.replacing("name: demo", with: "name: none")).code == 66)
        }
    }

    @Test func exportGivesAFreshCertificate() async throws {
        try await Shell.with { shell in
            _ = await shell.run(LifeTests.create)
            let early = await shell.run("export", "kubeconfig", "demo")
            #expect(early.code == 1 && early.messages.contains("not made yet"))
        }
        try await Shell.withCluster { shell in
            let before = try String(contentsOfFile: "\(shell.folder)/kube/config", encoding: .utf8)
            let run = await shell.run("export", "kubeconfig", "demo", "--admin-ttl", "30m")
            #expect(run.code == 0 && run.messages.contains("valid for 30m"))
            #expect(try String(contentsOfFile: "\(shell.folder)/kube/config", encoding: .utf8) != before)
        }
    }
}
