import ClusterModel
import Foundation
import Operations
import SimulatedCloud
import TestSupport
import Testing

@testable import SlipwayCommands

/// Plans as graphs and as files that are applied later.
@Suite struct PlanFileTests {
    @Test func aGraphShowsEveryStepOnceAndItsOrder() async throws {
        try await Shell.with { shell in
            #expect(await shell.run(LifeTests.create).code == 0)
            let run = await shell.run("plan", "cluster", "demo", "--graph")
            #expect(run.code == 0, "\(run.messages)")
            try Golden.expect(run.output, equals: "plans/create.dot")
            let json = await shell.run("plan", "cluster", "demo", "-o", "json")
            let plan = try JSONDecoder().decode(Plan.self, from: Data(json.output.utf8))
            for step in plan.steps { #expect(run.output.contains("  \"\(step.id)\" [label="), "\(step.id)") }
            // What the fewer arrows leave out follows from the others.
            var reachable: [String: Set<String>] = [:]
            let edges = PlanGraph.edges(plan)
            #expect(edges.count < plan.steps.map(\.after.count).reduce(0, +))
            for step in plan.steps {
                let before = edges.filter { $0.1 == step.id }.map(\.0)
                reachable[step.id] = before.reduce(into: Set(before)) { $0.formUnion(reachable[$1] ?? []) }
                #expect(Set(step.after).isSubset(of: reachable[step.id] ?? []), "\(step.id)")
            }
            #expect(await shell.run("plan", "cluster", "demo", "--graph", "-o", "json").code == 64)
        }
    }

    @Test func aPlanIsAppliedAsItWasShown() async throws {
        try await Shell.with { shell in
            #expect(await shell.run(LifeTests.create).code == 0)
            let file = "\(shell.folder)/demo.plan"
            let planned = await shell.run("plan", "cluster", "demo", "--out", file)
            #expect(
                planned.code == 0 && planned.messages.hasSuffix("To carry this out: slipway apply \(file) --yes\n"), "\(planned.messages)")
            let preview = await shell.run("apply", file)
            #expect(preview.code == 0 && preview.output == planned.output)
            #expect(shell.world.isEmpty)
            let applied = await shell.run("apply", file, "--yes")
            #expect(applied.code == 0, "\(applied.messages)")
            #expect(await shell.run("validate", "cluster", "demo").code == 0)
            let again = await shell.run("apply", file, "--yes")
            #expect(again.code == 77, "everything in it is done")
            #expect(again.messages.contains("no longer to be done: machine/demo-nodes-a-1#create-machine"))
        }
    }

    @Test func itCarriesTheSpecThatItWasMadeFor() async throws {
        try await Shell.withCluster { shell in
            let spec = try shell.write(
                await shell.run("get", "spec", "demo").output.replacing("deletionProtection: false", with: "deletionProtection: true")
                    .replacing(/name: nodes\n(.*\n)*?      count: 1/) { "\($0.0)".replacing("count: 1", with: "count: 2") }, to: "two.yaml")
            let file = "\(shell.folder)/two.plan"
            #expect(await shell.run("plan", "cluster", "demo", "-f", spec, "--out", file).code == 0)
            #expect(await shell.run("get", "spec", "demo").output.contains("deletionProtection: false"), "nothing is stored yet")
            let run = await shell.run("apply", file, "--yes")
            #expect(run.code == 0, "\(run.messages)")
            #expect(await shell.run("get", "spec", "demo").output.contains("deletionProtection: true"))
            #expect(await shell.run("get", "machines", "demo").output.contains("demo-nodes-a-2"))
        }
    }

    @Test func whatChangedMeanwhileIsShownAndNothingIsDone() async throws {
        try await Shell.withCluster { shell in
            #expect(await shell.run("set", "cluster", "demo", "pools.nodes.count=2").code == 0)
            let file = "\(shell.folder)/demo.plan"
            #expect(await shell.run("plan", "cluster", "demo", "--out", file).code == 0)
            shell.world.machine("demo-nodes-a-1") { $0.record.status = .stopped }
            shell.world.changes.clear()
            let moved = await shell.run("apply", file, "--yes")
            #expect(moved.code == 77)
            #expect(moved.messages.contains("to be done now: machine/demo-nodes-a-1#start-machine"), "\(moved.messages)")
            #expect(shell.world.changes.all.isEmpty)
            shell.world.machine("demo-nodes-a-1") { $0.record.status = .running }
            #expect(await shell.run("set", "cluster", "demo", "pools.nodes.count=3").code == 0)
            let other = await shell.run("apply", file, "--yes")
            #expect(other.code == 77 && other.messages.contains("the stored spec: spec.pools[nodes].count: 2 -> 3"), "\(other.messages)")
        }
    }

    /// Pods come and go while a plan waits for its reader: they are advice, and looked at again when a node is drained.
    @Test func podsThatCameMeanwhileChangeNothing() async throws {
        try await Shell.withCluster { shell in
            #expect(await shell.run("set", "cluster", "demo", "pools.nodes.count=2").code == 0)
            #expect(await shell.run("update", "cluster", "demo", "--yes").code == 0)
            #expect(await shell.run("set", "cluster", "demo", "pools.nodes.count=1").code == 0)
            let file = "\(shell.folder)/demo.plan"
            let planned = await shell.run("plan", "cluster", "demo", "--out", file)
            #expect(planned.code == 0, "\(planned.messages)")
            let leaving = try #require(planned.output.firstMatch(of: /demo-nodes-a-[12]/).map { String($0.0) })
            shell.world.with { world in
                for (uid, number) in world.networks.keys.flatMap({ uid in (1...3).map { (uid, $0) } }) {
                    world.networks[uid]?.pods.append(
                        PodObservation(
                            namespace: "default", name: "web-\(number)", uid: "u\(number)", node: leaving, phase: "Running", isReady: true,
                            podIP: nil, labels: [:], controller: .init(kind: "ReplicaSet", name: "web")))
                }
            }
            let run = await shell.run("apply", file, "--yes")
            #expect(run.code == 0, "\(run.messages)")
            #expect(await shell.run("get", "machines", "demo").output.contains(leaving) == false, "what was shown is what was done")
        }
    }

    /// What the planner looked at has moved, though the plan would be the same.
    @Test func aFactThatMovedIsShown() async throws {
        try await Shell.withCluster { shell in
            #expect(await shell.run("set", "cluster", "demo", "pools.nodes.count=2").code == 0)
            let file = "\(shell.folder)/demo.plan"
            #expect(await shell.run("plan", "cluster", "demo", "--out", file).code == 0)
            shell.world.with { world in
                for (uid, network) in world.networks {
                    for index in network.nodes.indices where network.nodes[index].name == "demo-nodes-a-1" {
                        world.networks[uid]?.nodes[index].unschedulable = true
                    }
                }
            }
            shell.world.changes.clear()
            let run = await shell.run("apply", file, "--yes")
            #expect(run.code == 77)
            #expect(
                run.messages.replacing(/\s+/, with: " ").contains("cluster.nodes.demo-nodes-a-1.unschedulable: false -> true"),
                "\(run.messages)")
            #expect(shell.world.changes.all.isEmpty)
        }
    }

    @Test func anotherClusterOfThatNameIsNotTouched() async throws {
        try await Shell.with { shell in
            #expect(await shell.run(LifeTests.create).code == 0)
            let file = "\(shell.folder)/demo.plan"
            #expect(await shell.run("plan", "cluster", "demo", "--out", file).code == 0)
            #expect(await shell.run("delete", "cluster", "demo", "--yes").code == 0)
            #expect(await shell.run("apply", file, "--yes").code == 66)
            #expect(await shell.run(LifeTests.create).code == 0)
            let run = await shell.run("apply", file, "--yes")
            #expect(run.code == 77 && run.messages.replacing(/\s+/, with: " ").contains("another cluster of that name"))
            #expect(shell.world.isEmpty)
        }
    }

    @Test func whatIsNoPlanIsRefused() async throws {
        try await Shell.with { shell in
            #expect(await shell.run(LifeTests.create).code == 0)
            let file = "\(shell.folder)/demo.plan"
            #expect(await shell.run("plan", "cluster", "demo", "--out", file).code == 0)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            for (name, damaged) in [
                ("it is no plan file", "{}"), ("it is no plan file", "not JSON"),
                (
                    "its format is version 9",
                    text.replacing("\"formatVersion\" : 1,\n  \"kind\"", with: "\"formatVersion\" : 9,\n  \"kind\"")
                ),
                ("its spec is not the one", text.replacing("local.small", with: "local.large")),
                ("what it was planned from was changed", text.replacing("\"status\" : \"unreachable\"", with: "\"status\" : \"ready\"")),
            ] {
                try #require(damaged != text, "\(name)")
                let path = try shell.write(damaged, to: "damaged.plan")
                let run = await shell.run("apply", path, "--yes")
                #expect(run.code == 64 && run.messages.contains(name), "\(run.messages)")
            }
            #expect(await shell.run("apply", "\(shell.folder)/none.plan").code == 66)
            #expect(await shell.run("plan", "cluster", "demo", "--out", "\(shell.folder)/no/such/folder").code == 1)
            #expect(shell.world.isEmpty)
        }
    }

    @Test func aPlanFileHoldsNoSecret() async throws {
        try await Shell.withCluster { shell in
            #expect(await shell.run("set", "cluster", "demo", "pools.nodes.count=2").code == 0)
            let file = "\(shell.folder)/demo.plan"
            #expect(await shell.run("plan", "cluster", "demo", "--out", file).code == 0)
            let text = try String(contentsOfFile: file, encoding: .utf8)
            for word in ["PRIVATE KEY", "BEGIN", "ssh-ed25519", "token-secret"] { #expect(!text.contains(word), "\(word)") }
            let keys = Set(text.matches(of: #/"([a-zA-Z]+)" : /#).map { String($0.1) })
            #expect(keys.isSuperset(of: ["lineage", "serial", "specDigest", "observed", "stored", "desired", "plan"]))
        }
    }
}
