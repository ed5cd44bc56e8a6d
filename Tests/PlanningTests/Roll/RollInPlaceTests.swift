import ClusterModel
import Engine
import TestSupport
import Testing

@testable import Planning

/// Machines that are changed where they are.
@Suite struct RollInPlaceTests {
    private static let first = "demo-control-plane-a-1"

    private func pool(_ workers: Int, unavailable: CountOrPercent = .count(0)) throws -> World {
        try RollTests.outdated(workers, UpdateSpec(maxUnavailable: unavailable, strategy: .inPlace))
    }

    private func controlPlane(_ count: Int) throws -> World {
        var cluster = Fixtures.cluster(workers: 1)
        cluster.spec.controlPlane.count = count
        cluster.spec.controlPlane.zones = ["local-a"]
        var world = World(cluster)
        try world.converge()
        world.desired.spec.controlPlane.instanceType = "local.medium"
        if count > 1 { world.desired.spec.controlPlane.update = ControlPlaneUpdateSpec(strategy: .inPlace) }
        return world
    }

    private func chain(_ name: String, _ plan: Plan) -> [String] {
        plan.steps.filter { $0.address.name == name || $0.address.name.hasPrefix("\(name)/") }.map(\.action.name.rawValue)
    }

    @Test func aWorkerIsDrainedStoppedChangedAndTakesPodsAgain() throws {
        let plan = try Planner.roll(pool(2).input, .differing)
        #expect(plan.newMachines.isEmpty)
        #expect(
            chain("demo-nodes-a-1", plan) == [
                "cordon-node", "drain-node", "stop-services", "stop-machine", "resize-machine", "start-machine", "connect",
                "start-services",
                "admit-node", "uncordon-node", "validate-node",
            ])
        #expect(plan.notes?.contains { $0.contains("2 of 2 machines changed in place") && $0.contains("first and alone") } == true)
    }

    @Test(arguments: [(CountOrPercent.count(0), 1), (.count(2), 2), (.percent(50), 3)])
    func noMoreThanMayBeMissingAreChangedAtOnce(unavailable: CountOrPercent, most: Int) throws {
        let plan = try Planner.roll(pool(6, unavailable: unavailable).input, .differing)
        var schedule = try Schedule(plan, limits: .standard)
        var missing: Set<String> = []
        var longest = 0
        while !schedule.isFinished {
            let started = schedule.next()
            for step in started where step.action == .cordonNode { missing.insert(step.address.name) }
            longest = max(longest, missing.count)
            guard let next = started.last ?? schedule.steps(.running).last else { break }
            if next.action == .validateNode { missing.remove(next.address.name) }
            schedule.finish(next.id, .done)
        }
        #expect(schedule.isFinished && longest == most, "\(longest)")
    }

    @Test func theOnlyMasterIsChangedInPlaceAndTheDowntimeAnnounced() throws {
        let world = try controlPlane(1)
        let update = try world.plan()
        #expect(update.isEmpty && update.warnings.count == 1)
        #expect(update.warnings.first?.contains("the API does not answer while") == true)
        let plan = try Planner.roll(world.input, .differing)
        #expect(plan.newMachines.isEmpty && plan.warnings.contains { $0.contains("the API does not answer while") })
        #expect(chain(Self.first, plan).contains("resize-machine"))
        #expect(!plan.steps.contains { $0.action == .handOverEtcd })
    }

    @Test func theOnlyMasterIsNotReplacedUnlessThatWasChosen() throws {
        var world = try controlPlane(1)
        world.desired.spec.controlPlane.instanceType = "local.small"
        let error = #expect(throws: SlipwayError.self) { try Planner.roll(world.input, .machine(Self.first)) }
        #expect(error?.code == .refused && error?.hint?.contains("update.strategy: replace") == true)
        let all = try Planner.roll(world.input, .all)
        #expect(!all.steps.contains { $0.address.name == Self.first } && all.warnings.contains { $0.contains("left as it is") })
        world.desired.spec.controlPlane.update = ControlPlaneUpdateSpec(strategy: .replace)
        let plan = try Planner.roll(world.input, .machine(Self.first))
        #expect(plan.newMachines.map(\.replaces) == [Self.first])
    }

    @Test func mastersLeaveTheirLeadershipAndGoOneAfterTheOther() throws {
        let plan = try Planner.roll(controlPlane(3).input, .differing)
        #expect(plan.newMachines.isEmpty)
        let stops = plan.steps.filter { $0.action == .stopMachine }
        let back = plan.steps.filter { $0.action == .validateNode }
        #expect(stops.count == 3 && plan.steps.count { $0.action == .handOverEtcd } == 3)
        let steps = Dictionary(uniqueKeysWithValues: plan.steps.map { ($0.id, $0) })
        func precedes(_ before: String, _ after: String) -> Bool {
            before == after || steps[after]?.after.contains { precedes(before, $0) } == true
        }
        for (one, next) in zip(back, stops.dropFirst()) { #expect(precedes(one.id, next.id)) }
    }

    @Test func aMachineOfAnotherZoneIsReplacedAllTheSame() throws {
        var world = try pool(2)
        world.desired.spec.pools[0].zones = ["local-b"]
        let plan = try Planner.roll(world.input, .differing)
        #expect(plan.newMachines.count == 2)
    }

    /// Cut anywhere, the same command ends with the same machines, changed, and none of them marked.
    @Test(arguments: [0, 1, 3]) func everyPrefixConverges(masters: Int) throws {
        let start = masters == 0 ? try pool(3) : try controlPlane(masters)
        let names = start.state.machines.keys.sorted()
        let count = try Planner.roll(start.input, .differing).steps.count
        for cut in 0...count {
            var world = start
            for step in try Planner.roll(world.input, .differing).steps.prefix(cut) { world.perform(step) }
            for step in try Planner.roll(world.input, .differing).steps { world.perform(step) }
            let left = try Planner.roll(world.input, .differing)
            #expect(left.isEmpty && left.warnings.isEmpty, "cut after \(cut) steps: \(left.steps.map(\.id)) \(left.warnings)")
            #expect(try world.plan().isEmpty, "cut after \(cut) steps")
            #expect(world.state.machines.keys.sorted() == names)
            let role = masters == 0 ? MachineRole.worker : .controlPlane
            #expect(world.state.machines.values.allSatisfy { $0.role != role || $0.instanceType == "local.medium" }, "cut after \(cut)")
            #expect(world.observation.cloud.machines.allSatisfy { $0.status == .running })
            #expect(world.observation.cluster.nodes.allSatisfy { !$0.isMarkedByRoll && !$0.unschedulable })
        }
    }
}
