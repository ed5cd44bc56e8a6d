import ClusterModel
import Engine
import Foundation
import TestSupport
import Testing

@testable import Planning

@Suite struct RollTests {
    /// A converged cluster whose pool then wants another size.
    static func outdated(_ workers: Int, zones: [String] = ["local-a"], _ update: UpdateSpec = UpdateSpec()) throws -> World {
        var world = World(Fixtures.cluster(workers: workers, zones: zones))
        world.desired.spec.network.podCIDR = Fixtures.cidr("10.0.0.0/8")
        world.state.desired = world.desired
        try world.converge()
        world.desired.spec.pools[0].instanceType = "local.medium"
        world.desired.spec.pools[0].update = update
        return world
    }

    private func order(_ plan: Plan, _ first: String, _ second: String) throws -> Bool {
        let ids = plan.steps.map(\.id)
        return try #require(ids.firstIndex(of: first), "\(first)") < #require(ids.firstIndex(of: second), "\(second)")
    }

    @Test func updateLeavesRunningMachinesAndSaysWhatHasToBeRolled() throws {
        let world = try Self.outdated(2)
        let plan = try world.plan()
        #expect(plan.isEmpty)
        #expect(plan.warnings.count == 1)
        #expect(plan.warnings[0].contains("demo-nodes-a-1, demo-nodes-a-2: instanceType: local.small -> local.medium"))
        #expect(plan.warnings[0].contains("slipway rolling-update cluster demo"))
    }

    @Test func aReplacementHasANewNameInTheSameZoneAndTheOldOneGoesInOrder() throws {
        let plan = try Planner.roll(Self.outdated(2, zones: ["local-a", "local-b"]).input, .differing)
        let designs = plan.steps.compactMap { step in if case .createMachine(let design) = step.action { design } else { nil } }
        #expect(designs.map(\.name) == ["demo-nodes-a-3", "demo-nodes-b-4"])
        #expect(designs.map(\.replaces) == ["demo-nodes-a-1", "demo-nodes-b-2"])
        #expect(designs.allSatisfy { $0.instanceType == "local.medium" })
        let old = "demo-nodes-a-1"
        let chain = [
            "node/demo-nodes-a-3#admit-node", "node/demo-nodes-a-3#validate-node", "node/\(old)#cordon-node", "node/\(old)#drain-node",
            "service/\(old)/node#stop-services", "node/\(old)#delete-node", "route/\(old)#delete-route", "machine/\(old)#delete-machine",
        ]
        for (before, after) in zip(chain, chain.dropFirst()) { #expect(try order(plan, before, after)) }
        let steps = Dictionary(uniqueKeysWithValues: plan.steps.map { ($0.id, $0) })
        for (before, after) in zip(chain, chain.dropFirst()) { #expect(steps[after]?.after.contains(before) == true, "\(after)") }
        #expect(steps[chain[2]]?.reason == Reason("instanceType", old: "local.small", new: "local.medium"))
    }

    /// A type that a machine could be given where it is does not keep one that is made from another image.
    @Test func whatAMachineIsMadeFromReplacesItAlsoWhereSizesAreChangedInPlace() throws {
        var world = World(Fixtures.cluster(workers: 1))
        world.desired.spec.cloud = CloudSpec(provider: .local, aws: AWSCloudSpec(region: "eu-central-1"))
        world.desired.spec.pools[0].update.strategy = .inPlace
        try world.converge()
        #expect(try Planner.roll(world.input, .differing).isEmpty)

        world.desired.spec.cloud.aws?.image = AWSImage("ami-0123456789abcdef0")
        world.desired.spec.pools[0].instanceType = "local.medium"
        let update = try world.plan()
        #expect(update.isEmpty)
        #expect(update.warnings.contains { $0.contains("slipway rolling-update cluster demo") }, "\(update.warnings)")
        let plan = try Planner.roll(world.input, .pool("nodes"))
        #expect(plan.newMachines.map(\.replaces) == ["demo-nodes-a-1"])
        #expect(!plan.steps.contains { $0.action.name == .resizeMachine })
        world.desired.spec.pools[0].instanceType = "local.small"
        let cordon = try #require(try Planner.roll(world.input, .pool("nodes")).steps.first { $0.action.name == .cordonNode })
        #expect(cordon.reason == Reason("image", old: "the default", new: "ami-0123456789abcdef0"))
        world.desired.spec.cloud.aws?.image = nil
        world.desired.spec.cloud.aws?.volumeSize = 40
        let larger = try #require(try Planner.roll(world.input, .pool("nodes")).steps.first { $0.action.name == .cordonNode })
        #expect(larger.reason == Reason("volumeSize", old: "20 GiB", new: "40 GiB"))

        // Of a machine that was made before it was noted nothing is known, and nothing is guessed.
        for name in world.state.machines.keys { world.state.machines[name]?.make = nil }
        #expect(try Planner.roll(world.input, .differing).isEmpty)
    }

    @Test func aPersonIsAskedOnceAMachine() throws {
        let surge = try Planner.roll(Self.outdated(2).input, .differing).questions
        #expect(
            surge == [
                "machine/demo-nodes-a-3#create-machine": "replace demo-nodes-a-1 by demo-nodes-a-3?",
                "machine/demo-nodes-a-4#create-machine": "replace demo-nodes-a-2 by demo-nodes-a-4?",
            ])
        let first = try Planner.roll(Self.outdated(1, UpdateSpec(maxSurge: .count(0), maxUnavailable: .count(1))).input, .differing)
        #expect(first.questions == ["node/demo-nodes-a-1#cordon-node": "replace demo-nodes-a-1 by demo-nodes-a-2?"])
        let inPlace = try Planner.roll(Self.outdated(1, UpdateSpec(strategy: .inPlace)).input, .differing)
        #expect(inPlace.questions == ["node/demo-nodes-a-1#cordon-node": "stop demo-nodes-a-1 and change it?"])
        var smaller = World(Fixtures.cluster(workers: 2))
        try smaller.converge()
        smaller.desired.spec.pools[0].count = 1
        #expect(try smaller.plan().questions == ["node/demo-nodes-a-2#cordon-node": "remove demo-nodes-a-2?"])
        #expect(try World().plan().questions.isEmpty)
    }

    @Test func theFirstNewMachineGoesAloneUntilItIsHealthy() throws {
        let plan = try Planner.roll(Self.outdated(6, UpdateSpec(maxSurge: .count(3))).input, .differing)
        let canary = "node/demo-nodes-a-7#validate-node"
        let creates = plan.steps.filter { $0.action.name == .createMachine }
        #expect(creates.count == 6)
        #expect(!creates[0].after.contains(canary))
        for create in creates.dropFirst() { #expect(create.after.contains(canary)) }
        #expect(plan.tokens.contains(TokenGrant(.surge(pool: "nodes"), count: 3)))
    }

    /// As after an interruption: a new machine is there already and healthy, so no other canary is needed; it has taken the
    /// place of one, and what is too many is the old machine, not the new one.
    @Test func whatAnInterruptedRollMadeCounts() throws {
        var world = try Self.outdated(3)
        for step in try Planner.roll(world.input, .differing).steps where step.address.name.contains("demo-nodes-a-4") {
            world.perform(step)
        }
        let plan = try Planner.roll(world.input, .differing)
        #expect(plan.steps.count { $0.action.name == .createMachine } == 2)
        #expect(plan.steps.count { $0.action.name == .deleteMachine } == 3)
        #expect(!plan.steps.contains { $0.action.name == .validateNode })
        let update = try world.plan()
        #expect(update.steps.filter { $0.action.name == .deleteMachine }.map(\.address.name) == ["demo-nodes-a-3"])
    }

    @Test func whatIsNotReadyGoesFirst() throws {
        var world = try Self.outdated(3)
        world.node("demo-nodes-a-3") { $0.conditions = [.init(type: "Ready", status: "Unknown")] }
        let plan = try Planner.roll(world.input, .differing)
        let first = plan.steps.first { $0.action.name == .createMachine }
        guard case .createMachine(let design)? = first?.action else {
            Issue.record("nothing is made")
            return
        }
        #expect(design.replaces == "demo-nodes-a-3")
    }

    @Test func unhealthyMachinesThatStayUseUpTheBudget() throws {
        var world = try Self.outdated(3, UpdateSpec(maxSurge: .count(0), maxUnavailable: .count(1)))
        world.desired.spec.pools[0].zones = ["local-a"]
        world.state.machines["demo-nodes-a-2"]?.instanceType = "local.medium"
        world.node("demo-nodes-a-2") { $0.conditions = [.init(type: "Ready", status: "False")] }
        let error = #expect(throws: SlipwayError.self) { try Planner.roll(world.input, .differing) }
        #expect(error?.code == .refused)
        world.desired.spec.pools[0].update.maxSurge = .count(1)
        #expect(try !Planner.roll(world.input, .differing).isEmpty)
    }

    @Test func percentagesRoundAsKubernetesDoesAndNeverToNothing() throws {
        func budget(_ surge: String, _ unavailable: String, _ count: Int) throws -> [Int] {
            let update = UpdateSpec(
                maxSurge: try #require(CountOrPercent(surge)), maxUnavailable: try #require(CountOrPercent(unavailable)))
            let budget = try RollBudget(update, count: count, unhealthy: 0, pool: "p", cluster: "c")
            return [budget.surge, budget.unavailable]
        }
        #expect(try budget("10%", "0", 50) == [5, 0])
        #expect(try budget("10%", "10%", 5) == [1, 0])
        #expect(try budget("0", "10%", 5) == [0, 1])
        #expect(try budget("0%", "0%", 3) == [0, 1])
        #expect(try budget("0", "10%", 1000) == [0, 100])
        #expect(try budget("100%", "100%", 4) == [4, 4])
        #expect(try budget("9", "0", 4) == [4, 0])
    }

    @Test func thoseWithoutASurgeGoBeforeTheirReplacementsCome() throws {
        let plan = try Planner.roll(Self.outdated(2, UpdateSpec(maxSurge: .count(0), maxUnavailable: .count(1))).input, .differing)
        #expect(try order(plan, "machine/demo-nodes-a-1#delete-machine", "machine/demo-nodes-a-3#create-machine"))
        #expect(try order(plan, "node/demo-nodes-a-3#validate-node", "node/demo-nodes-a-2#cordon-node"))
    }

    @Test func oneMachineOrAllCanBeAskedFor() throws {
        var world = World(Fixtures.cluster(workers: 2))
        try world.converge()
        #expect(try Planner.roll(world.input, .differing).isEmpty)
        let one = try Planner.roll(world.input, .machine("demo-nodes-a-2"))
        #expect(one.steps.filter { $0.action.name == .deleteMachine }.map(\.address.name) == ["demo-nodes-a-2"])
        #expect(try Planner.roll(world.input, .all).steps.count { $0.action.name == .deleteMachine } == 2)
        for selection in [RollSelection.pool("none"), .machine("none")] {
            #expect(#expect(throws: SlipwayError.self) { try Planner.roll(world.input, selection) }?.code == .notFound)
        }
    }

    // MARK: Scaling down, repair

    @Test func aSmallerPoolLosesTheMachineWithTheLeastInTheFullestZone() throws {
        var world = World(Fixtures.cluster(workers: 3, zones: ["local-a", "local-b"]))
        try world.converge()
        // Zone a has 1 and 3; 3 has more pods.
        let pods = ["demo-nodes-a-3", "demo-nodes-a-3", "demo-nodes-a-1"].enumerated().map { index, node in
            PodObservation(
                namespace: "x", name: "p\(index)", uid: "\(index)", node: node, phase: "Running", isReady: true, podIP: nil, labels: [:],
                controller: .init(kind: "ReplicaSet", name: "p"))
        }
        world.observation.cluster.workload = .init(pods: pods, budgets: [])
        world.desired.spec.pools[0].count = 2
        let plan = try world.plan()
        #expect(
            plan.steps.map(\.id) == [
                "node/demo-nodes-a-1#cordon-node", "node/demo-nodes-a-1#drain-node", "service/demo-nodes-a-1/node#stop-services",
                "node/demo-nodes-a-1#delete-node", "route/demo-nodes-a-1#delete-route", "machine/demo-nodes-a-1#delete-machine",
            ])
        #expect(plan.steps[0].reason == Reason("spec.pools[nodes].count", old: "3", new: "2"))
        for step in plan.steps { world.perform(step) }
        #expect(try world.plan().isEmpty)
    }

    @Test func aRemovedPoolIsDrainedMachineByMachine() throws {
        var world = World(Fixtures.cluster(workers: 2))
        try world.converge()
        world.desired.spec.pools = []
        let plan = try world.plan()
        #expect(plan.steps.count { $0.action.name == .drainNode } == 2)
        #expect(plan.tokens.contains(TokenGrant(.surge(pool: "nodes"), count: 1)))
        for step in plan.steps { world.perform(step) }
        #expect(world.state.machines.keys.sorted() == ["demo-control-plane-a-1"])
        #expect(try world.plan().isEmpty)
    }

    @Test(arguments: [false, true]) func aLostWorkerIsReplacedUnderANewName(_ isTerminated: Bool) throws {
        var world = World(Fixtures.cluster(workers: 2))
        try world.converge()
        let lost = "demo-nodes-a-1"
        if isTerminated {
            let index = try #require(world.observation.cloud.machines.firstIndex { $0.name == lost })
            world.observation.cloud.machines[index].status = .terminated
        } else {
            world.observation.cloud.machines.removeAll { $0.name == lost }
        }
        world.observation.hosts[lost] = nil
        for plan in [try world.plan(), try Planner.repair(world.input)] {
            #expect(!plan.steps.contains { $0.action.name == .drainNode })
            let created = plan.steps.first { $0.action.name == .createMachine }
            guard case .createMachine(let design)? = created?.action else {
                Issue.record("nothing is made")
                continue
            }
            #expect(design.name == "demo-nodes-a-3" && design.replaces == lost)
        }
        try world.converge()
        #expect(world.state.machines.keys.sorted() == ["demo-control-plane-a-1", "demo-nodes-a-2", "demo-nodes-a-3"])
        #expect(try world.plan().isEmpty)
    }

    @Test func repairChangesNothingInNumber() throws {
        var world = World(Fixtures.cluster(workers: 2))
        try world.converge()
        for count in [1, 4] {
            world.desired.spec.pools[0].count = count
            #expect(try Planner.repair(world.input).isEmpty)
        }
    }

    @Test func nothingIsReplacedOnUnknown() throws {
        var world = try Self.outdated(2)
        let index = try #require(world.observation.cloud.machines.firstIndex { $0.name == "demo-nodes-a-1" })
        world.observation.cloud.machines[index].status = .unknown
        let error = #expect(throws: SlipwayError.self) { try Planner.roll(world.input, .differing) }
        #expect(error?.code == .unreachable)
    }

    @Test func whatAnEndedRunLeftOnNodesThatStayIsTakenBack() throws {
        var world = World(Fixtures.cluster(workers: 2))
        try world.converge()
        world.node("demo-nodes-a-1") { node in
            node.unschedulable = true
            node.annotations[NodeDesign.cordonAnnotation] = "run"
        }
        // A person's own cordon is not ours to take back.
        world.node("demo-nodes-a-2") { $0.unschedulable = true }
        let plan = try world.plan()
        #expect(plan.steps.map(\.id) == ["node/demo-nodes-a-1#uncordon-node"])
    }

    @Test func aForecastNamesWhatMovesWhatBlocksAndWhatWouldBeLost() throws {
        var world = try Self.outdated(1)
        func pod(_ name: String, _ controller: String?, emptyDir: Bool = false) -> PodObservation {
            PodObservation(
                namespace: "shop", name: name, uid: name, node: "demo-nodes-a-1", phase: "Running", isReady: true, podIP: nil,
                labels: ["app": "web"], controller: controller.map { .init(kind: $0, name: "web") }, usesEmptyDir: emptyDir)
        }
        world.observation.cluster.workload = .init(
            pods: [pod("web-1", "ReplicaSet"), pod("bare", nil), pod("log", "DaemonSet"), pod("cache", "ReplicaSet", emptyDir: true)],
            budgets: [
                DisruptionBudget(
                    namespace: "shop", name: "web", selector: LabelSelector(matchLabels: ["app": "web"]), disruptionsAllowed: 0)
            ])
        let plan = try Planner.roll(world.input, .differing)
        let notes = try #require(plan.notes).joined(separator: "\n")
        #expect(notes.contains("1 of 1 machines replaced; instanceType: local.small -> local.medium"))
        #expect(notes.contains("demo-nodes-a-1: 1 pods move: shop/web-1"))
        let warnings = plan.warnings.joined(separator: "\n")
        #expect(warnings.contains("PodDisruptionBudget shop/web allows no eviction right now: web-1 on demo-nodes-a-1"))
        #expect(warnings.contains("pod shop/bare on demo-nodes-a-1: nothing makes it anew; the drain needs --delete-unmanaged-pods"))
        #expect(warnings.contains("shop/cache") && !warnings.contains("shop/log"))
        #expect(Planner.refusedPods(plan, workload: world.observation.cluster.workload).map(\.pod.name) == ["bare", "cache"])
    }
}
