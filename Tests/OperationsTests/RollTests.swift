import ClusterModel
import Engine
import Foundation
import Planning
import SimulatedCloud
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Operations

/// Rolls, shrinking pools and repair on a world in memory, with pods and budgets.
@Suite struct RollTests {
    private static func spec(_ workers: Int = 3, type: String = "local.small") -> Cluster {
        var cluster = Fixtures.cluster(workers: workers)
        cluster.spec.pools[0].instanceType = type
        cluster.spec.pools.append(PoolSpec(name: "other", zones: ["local-a"], count: 1, instanceType: "local.small"))
        return cluster
    }

    private static let made = MadeCluster(spec()) { bench in
        bench.world.network(try await bench.uid) { $0.deploy("web", replicas: 6, minAvailable: 5) }
    }

    private func withCluster<Result>(_ body: (Bench) async throws -> Result) async throws -> Result { try await Self.made.copy(body) }

    @discardableResult
    private func roll(
        _ bench: Bench, _ spec: Cluster? = RollTests.spec(type: "local.medium"), _ options: RollCluster.Options = RollCluster.Options(),
        yes: Bool = true
    ) async throws -> OperationResult {
        try await RollCluster(bench.context)("demo", spec: spec, options: options, yes: yes) { _ in }
    }

    @Test func theOnlyMasterIsChangedInPlaceAndHealthyAfterwards() async throws {
        try await withCluster { bench in
            var spec = RollTests.spec()
            spec.spec.controlPlane.instanceType = "local.medium"
            let result = try await roll(bench, spec)
            #expect(result.plan.steps.contains { $0.action.name == .resizeMachine })
            #expect(result.report?.errors.isEmpty == true && result.report?.skipped.isEmpty == true)
            #expect(try await bench.state().machines[Bench.master]?.instanceType == "local.medium")
            #expect(try await bench.validate() == [:])
            #expect(try await roll(bench, spec).plan.isEmpty)
        }
    }

    private func network(_ bench: Bench) async throws -> SimulatedWorld.Network {
        let uid = try await bench.uid
        return try #require(bench.world.with { $0.networks[uid] })
    }

    private func expectRolled(_ bench: Bench) async throws {
        let network = try await network(bench)
        let pool = try await bench.state().machines.values.filter { $0.pool == "nodes" }
        #expect(pool.count == 3 && pool.allSatisfy { $0.instanceType == "local.medium" }, "\(pool.map(\.name))")
        #expect(bench.world.with { $0.machines.count } == 5, "no surge machine is left")
        #expect(network.nodes.count == 5 && network.routes.count == 5)
        #expect(!network.nodes.contains(where: isMarked))
        #expect(network.pods.count == 6 && network.pods.allSatisfy(\.isReady))
        #expect(try await bench.validate() == [:])
    }

    @Test func aPoolIsRolledAndTheNextRunFindsNothingToDo() async throws {
        try await withCluster { bench in
            bench.world.changes.clear()
            let preview = try await roll(bench, yes: false)
            #expect(preview.report == nil && preview.plan.intent == .roll)
            #expect(bench.world.changes.all.isEmpty)
            try await roll(bench)
            try await expectRolled(bench)
            // Nothing was done to machines that do not differ.
            #expect(!bench.world.changes.all.contains { $0.contains("demo-other-a-1") && !$0.contains("patch") })
            // A kubelet is stopped before its node goes, a node before its route, a route before its machine.
            let changes = bench.world.changes.all
            func place(_ part: String) throws -> Int { try #require(changes.firstIndex { $0.contains(part) }, "\(part)") }
            let old = "demo-nodes-a-1"
            let before = try await RollTests.made.world
            let range = try #require(RollTests.podRange(of: old, in: before))
            let stages = [
                "run on \(old): systemctl stop kubelet", "api delete node \(old)", "deleteRoute \(range)", "deleteMachine \(old)",
            ]
            for (first, second) in zip(stages, stages.dropFirst()) { #expect(try place(first) < place(second)) }
            bench.world.changes.clear()
            #expect(try await roll(bench, nil).plan.isEmpty)
            #expect(try await bench.update().plan.isEmpty)
            #expect(bench.world.changes.all.isEmpty)
        }
    }

    private func isMarked(_ node: NodeObservation) -> Bool {
        node.unschedulable || node.annotations[NodeDesign.cordonAnnotation] != nil
            || node.taints.contains { [NodeDesign.leavingTaint, NodeDesign.startupTaint].contains($0) }
    }

    private static func podRange(of machine: String, in world: SimulatedWorld) -> String? {
        world.with { $0.networks.values.first?.routes.first { $0.value == machine }?.key }
    }

    @Test func updateWithAnotherTypeStoresItAndSaysWhatToRoll() async throws {
        try await withCluster { bench in
            let result = try await bench.update(RollTests.spec(type: "local.medium"))
            #expect(result.plan.steps.map(\.action.name) == [.keepRecoveryKit])
            #expect(result.plan.warnings.contains { $0.contains("slipway rolling-update cluster demo") })
            #expect(try await bench.state().desired.spec.pools[0].instanceType == "local.medium")
            try await roll(bench, nil)
            try await expectRolled(bench)
        }
    }

    @Test func aBudgetThatBlocksEndsTheRollAndLeavesNothingMarked() async throws {
        try await withCluster { bench in
            bench.world.network(try await bench.uid) { $0.budgets[0].minAvailable = 6 }
            do {
                try await roll(bench, RollTests.spec(type: "local.medium"), .init(drain: DrainOverrides(timeout: Seconds(30))))
                Issue.record("the roll went through")
            } catch let failure as RunFailure {
                let error = try #require(failure.report.errors.first)
                #expect(error.code == .refused)
                #expect(error.cause.contains("PodDisruptionBudget default/web") && error.cause.contains("default/web-"), "\(error.cause)")
            }
            let nodes = try await network(bench).nodes
            #expect(nodes.count == 6, "the new machine is kept")
            #expect(!nodes.contains(where: isMarked))
            bench.world.network(try await bench.uid) { $0.budgets[0].minAvailable = 5 }
            try await roll(bench)
            try await expectRolled(bench)
        }
    }

    @Test func aPersonsOwnCordonIsLeftAlone() async throws {
        try await withCluster { bench in
            bench.world.network(try await bench.uid) { network in
                network.budgets[0].minAvailable = 6
                guard let index = network.nodes.firstIndex(where: { $0.name == "demo-other-a-1" }) else { return }
                network.nodes[index].unschedulable = true
            }
            await #expect(throws: RunFailure.self) {
                try await roll(bench, RollTests.spec(type: "local.medium"), .init(drain: DrainOverrides(timeout: Seconds(10))))
            }
            #expect(try await network(bench).nodes.filter(\.unschedulable).map(\.name) == ["demo-other-a-1"])
        }
    }

    @Test func podsThatWouldBeLostAreRefusedBeforeAnythingIsTouched() async throws {
        try await withCluster { bench in
            bench.world.network(try await bench.uid) { $0.deploy("cache", replicas: 3, usesEmptyDir: true) }
            bench.world.changes.clear()
            let error = try await expectError(.refused) { try await roll(bench) }
            #expect(error.cause.contains("default/cache-") && error.hint?.contains("--delete-emptydir-data") == true)
            #expect(bench.world.changes.all.isEmpty)
            #expect(try await bench.state().desired == RollTests.spec())
            try await roll(bench, RollTests.spec(type: "local.medium"), .init(drain: DrainOverrides(deletesEmptyDirData: true)))
            #expect(try await network(bench).pods.count == 9)
        }
    }

    @Test func aNewMachineThatNeverServesIsTakenAwayWhenAskedTo() async throws {
        try await withCluster { bench in
            bench.world.fail { what, _ in
                what.contains("run on demo-nodes-a-4") ? SlipwayError(.failed, doing: "acting", cause: "broken image") : nil
            }
            await #expect(throws: RunFailure.self) {
                try await roll(bench, RollTests.spec(type: "local.medium"), .init(removesOnFailure: true))
            }
            bench.world.fail(nil)
            #expect(try await bench.state().machines["demo-nodes-a-4"] == nil)
            #expect(bench.world.with { $0.machines.count } == 5)
            try await roll(bench)
            try await expectRolled(bench)
        }
    }

    /// Its cloud says so; nobody waits for a login until patience is over.
    @Test(arguments: [false, true]) func aNewMachineThatEndsIsNoticedAndKeptOrRemoved(_ removes: Bool) async throws {
        try await withCluster { bench in
            let new = "demo-nodes-a-4"
            bench.world.fail { [world = bench.world] what, isAfter in
                if isAfter, ["createMachine \(new)", "startMachine \(new)"].contains(what) {
                    world.machine(new) { $0.record.status = .stopped }
                }
                return nil
            }
            let wanted = RollTests.spec(type: "local.medium")
            // Once more with a machine that was kept: asked to, it is taken away, too.
            for isSecond in [false, true] {
                let start = bench.clock.now
                do {
                    try await roll(bench, wanted, .init(removesOnFailure: removes && isSecond))
                    Issue.record("it went on without \(new)")
                } catch let failure as RunFailure {
                    #expect(failure.report.errors.map(\.address) == [Address(.host, new)])
                    #expect(failure.report.errors.first?.cause == "the machine ended before anybody could log in")
                }
                #expect(bench.clock.now.timeIntervalSince(start) < 60)
                #expect(try await network(bench).nodes.count { !$0.unschedulable && !$0.taints.contains(NodeDesign.leavingTaint) } == 5)
                #expect(try await bench.state().machines[new] != nil || (removes && isSecond))
            }
            if removes { #expect(try await bench.state().machines[new] == nil && bench.world.with { $0.machines[new] } == nil) }
            bench.world.fail(nil)
            try await roll(bench, wanted)
            #expect(try await bench.state().machines.keys.contains(new) == !removes)
        }
    }

    /// Killed before or after any change, and run again: the same cluster in the end, and nothing left behind.
    @Test(arguments: [false, true]) func whereverItStopsTheSameCommandGoesOn(_ afterwards: Bool) async throws {
        let total = try await withCluster { bench in
            bench.world.changes.clear()
            try await roll(bench)
            return bench.world.changes.all.count
        }
        for stop in stride(from: afterwards ? 5 : 2, through: total, by: 7) {
            try await withCluster { bench in
                let count = Mutex(0)
                bench.world.fail { _, isAfter in
                    let number = count.withLock { count in
                        if !isAfter { count += 1 }
                        return count
                    }
                    let isDead = afterwards ? number > stop || (number == stop && isAfter) : number >= stop
                    return isDead ? SlipwayError(.failed, doing: "acting", cause: "killed") : nil
                }
                do { try await roll(bench) } catch is RunFailure {}
                bench.world.fail(nil)
                try await roll(bench)
                try await roll(bench)
                try await expectRolled(bench)
            }
        }
    }

    @Test func afterAKillUpdateToo() async throws {
        try await withCluster { bench in
            bench.world.fail { what, _ in
                what.hasPrefix("api evict") ? SlipwayError(.failed, doing: "acting", cause: "killed") : nil
            }
            await #expect(throws: RunFailure.self) { try await roll(bench) }
            bench.world.fail(nil)
            // It takes away what is too many, and leaves the rest for the roll.
            _ = try await bench.update(RollTests.spec(type: "local.medium"))
            let pool = try await bench.state().machines.values.filter { $0.pool == "nodes" }
            #expect(pool.count == 3 && pool.count { $0.instanceType == "local.medium" } == 1)
            #expect(try await !network(bench).nodes.contains(where: isMarked))
            try await roll(bench)
            try await expectRolled(bench)
        }
    }

    @Test func aPoolShrinksAndGoesWhileItsPodsLiveOn() async throws {
        try await withCluster { bench in
            _ = try await bench.update(RollTests.spec(1))
            #expect(try await bench.state().machines.count == 3)
            #expect(try await network(bench).pods.allSatisfy(\.isReady))
            #expect(try await bench.validate() == [:])
            var without = RollTests.spec(1)
            without.spec.pools.removeFirst()
            _ = try await bench.update(without)
            #expect(try await bench.state().machines.keys.sorted() == [Bench.master, "demo-other-a-1"])
            #expect(try await network(bench).pods.allSatisfy(\.isReady))
            #expect(try await bench.validate() == [:])
            #expect(try await bench.update().plan.isEmpty)
        }
    }

    @Test func aLostWorkerIsReplacedAndItsPodsComeBack() async throws {
        try await withCluster { bench in
            bench.world.with { $0.machines["demo-nodes-a-2"] = nil }
            #expect(try await !bench.validate().isEmpty)
            let results = try await ReconcileCluster(bench.context)("demo", yes: true) { _ in }
            #expect(results.map(\.plan.intent) == [.repair])
            #expect(try await bench.state().machines["demo-nodes-a-2"] == nil)
            #expect(try await bench.state().machines["demo-nodes-a-4"] != nil)
            #expect(try await bench.validate() == [:])
            #expect(try await network(bench).pods.allSatisfy(\.isReady))
            #expect(try await ReconcileCluster(bench.context)("demo", yes: true) { _ in }.isEmpty)
        }
    }

    @Test func reconcileRepairsUpdatesAndRollsOneAfterTheOther() async throws {
        try await withCluster { bench in
            bench.world.with { $0.machines["demo-nodes-a-2"] = nil }
            var wanted = RollTests.spec(type: "local.medium")
            wanted.spec.pools[1].count = 2
            _ = try await ReplaceSpec(bench.context)(wanted)
            let shown = Mutex<[Plan.Intent]>([])
            _ = try await ReconcileCluster(bench.context)("demo", yes: false) { plan in shown.withLock { $0.append(plan.intent) } }
            #expect(shown.withLock { $0 } == [.repair])
            let results = try await ReconcileCluster(bench.context)("demo", yes: true) { _ in }
            #expect(results.map(\.plan.intent) == [.repair, .update, .roll])
            #expect(try await bench.state().machines.values.allSatisfy { $0.pool != "nodes" || $0.instanceType == "local.medium" })
            #expect(try await bench.validate() == [:])
        }
    }
}
