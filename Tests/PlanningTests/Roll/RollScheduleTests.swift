import ClusterModel
import Engine
import Foundation
import TestSupport
import Testing

@testable import Planning

/// Any legal schedule of a roll, with nodes that fail at random moments: never more machines than the surge allows, never
/// fewer that serve than the budget allows, and in the end all are new.
@Suite struct RollScheduleTests {
    private struct Replay {
        var world: World
        let pool: PoolSpec
        let mostMachines: Int
        let fewestServing: Int
        var broken: Set<String> = []
        var generator: SeededGenerator

        init(_ world: World, seed: UInt64) throws {
            self.world = world
            pool = world.desired.spec.pools[0]
            let budget = try RollBudget(pool.update, count: pool.count, unhealthy: 0, pool: pool.name, cluster: "demo")
            mostMachines = pool.count + budget.surge
            fewestServing = pool.count - budget.allowed
            generator = SeededGenerator(seed: seed)
        }

        var serving: Int {
            let members = Set(world.state.machines.values.filter { $0.pool == pool.name }.map(\.name))
            return world.observation.cluster.nodes.count { members.contains($0.name) && $0.isReady && !$0.unschedulable }
        }

        /// As the driver checks it, just before it cordons.
        func mayCordon(_ step: Step) -> Bool {
            let nodes = world.observation.cluster.nodes
            guard nodes.first(where: { $0.name == step.address.name })?.isReady == true else { return true }
            for case .poolAvailable(_, let least) in step.guards {
                let ready = nodes.filter {
                    $0.name != step.address.name && $0.isReady && !$0.unschedulable && world.state.machines[$0.name]?.pool == pool.name
                }
                if ready.count < least { return false }
            }
            return true
        }

        /// - Returns: whether every step was done.
        mutating func run(_ plan: Plan, failing: Bool) throws -> Bool {
            var schedule = try Schedule(plan, limits: EngineLimits(parallelism: 256))
            var running: [Step] = []
            var creating = 0
            var complete = true
            while true {
                let started = schedule.next()
                creating += started.count { $0.action.name == .createMachine }
                running += started
                let machines = world.state.machines.values.count { $0.pool == pool.name }
                #expect(machines + creating <= mostMachines, "surge")
                guard !running.isEmpty else { break }
                let step = running.remove(at: Int.random(in: running.indices, using: &generator))
                if step.action.name == .createMachine { creating -= 1 }
                if step.action.name == .cordonNode, !mayCordon(step) {
                    schedule.finish(step.id, .failed)
                    complete = false
                    continue
                }
                let before = serving
                world.perform(step)
                if step.action.name == .cordonNode, before > serving {
                    #expect(serving >= fewestServing, "availability")
                }
                schedule.finish(step.id, .done)
                if failing, Int.random(in: 0..<40, using: &generator) == 0 { breakOne() }
                if !failing { #expect(serving >= fewestServing, "availability") }
            }
            #expect(schedule.isFinished)
            return complete
        }

        private mutating func breakOne() {
            guard let victim = world.observation.cluster.nodes.filter({ $0.name.contains("nodes") }).randomElement(using: &generator) else {
                return
            }
            broken.insert(victim.name)
            world.node(victim.name) { $0.conditions = [.init(type: "Ready", status: "Unknown")] }
        }

        mutating func mend() {
            for name in broken { world.node(name) { $0.conditions = [.init(type: "Ready", status: "True")] } }
            broken = []
        }
    }

    private static let sizes = [1, 2, 3, 5, 8, 13, 50]

    private func update(_ generator: inout SeededGenerator) -> UpdateSpec {
        let choices: [(CountOrPercent, CountOrPercent)] = [
            (.count(1), .count(0)), (.count(3), .count(0)), (.count(0), .count(1)), (.count(0), .percent(25)), (.percent(10), .count(0)),
            (.count(2), .count(1)), (.percent(100), .percent(50)), (.count(0), .count(0)),
        ]
        let choice = choices.randomElement(using: &generator) ?? choices[0]
        return UpdateSpec(maxSurge: choice.0, maxUnavailable: choice.1)
    }

    private func expectAllNew(_ world: World, zones: [String: Int]) {
        let machines = world.state.machines.values.filter { $0.pool == "nodes" }
        #expect(machines.allSatisfy { $0.instanceType == "local.medium" })
        #expect(Dictionary(grouping: machines, by: \.zone).mapValues(\.count) == zones, "zones stay as full as they were")
        #expect(!world.observation.cluster.nodes.contains { $0.unschedulable || $0.isMarkedByRoll })
        #expect(world.observation.cloud.routes.count == world.state.machines.count)
    }

    @Test(arguments: 0..<60) func noLegalScheduleLeavesTheBudget(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let count = Self.sizes[Int(seed) % Self.sizes.count]
        let world = try RollTests.outdated(count, zones: ["local-a", "local-b", "local-c"], update(&generator))
        let zones = Dictionary(grouping: world.state.machines.values.filter { $0.pool == "nodes" }, by: \.zone).mapValues(\.count)
        var replay = try Replay(world, seed: seed)
        #expect(try replay.run(try Planner.roll(world.input, .differing), failing: false))
        expectAllNew(replay.world, zones: zones)
        #expect(try Planner.roll(replay.world.input, .differing).isEmpty)
    }

    @Test(arguments: 0..<60) func nodesThatFailMeanwhileStopTheRollBeforeItTakesMore(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed &+ 1000)
        let count = Self.sizes[Int(seed) % Self.sizes.count]
        let world = try RollTests.outdated(count, zones: ["local-a", "local-b"], update(&generator))
        var replay = try Replay(world, seed: seed)
        _ = try replay.run(try Planner.roll(world.input, .differing), failing: true)
        // Mended, the same command goes on from the facts and ends as an undisturbed one.
        for _ in 0..<3 {
            replay.mend()
            let plan = try Planner.roll(replay.world.input, .differing)
            if plan.isEmpty { break }
            _ = try replay.run(plan, failing: false)
        }
        #expect(try Planner.roll(replay.world.input, .differing).isEmpty)
        #expect(replay.world.state.machines.values.count { $0.pool == "nodes" } == count)
        #expect(replay.world.state.machines.values.allSatisfy { $0.pool != "nodes" || $0.instanceType == "local.medium" })
    }

    @Test func aThousandMachinesAreRolledWithinTheBudget() throws {
        let world = try RollTests.outdated(1000, zones: ["local-a", "local-b"], UpdateSpec(maxSurge: .percent(10)))
        let plan = try Planner.roll(world.input, .differing)
        #expect(plan.steps.count { $0.action.name == .createMachine } == 1000)
        #expect(plan.tokens.contains(TokenGrant(.surge(pool: "nodes"), count: 100)))
    }

    @Test func poolsAreRolledSideBySide() throws {
        var world = World(Fixtures.cluster(workers: 2))
        world.desired.spec.pools.append(PoolSpec(name: "other", zones: ["local-a"], count: 2, instanceType: "local.small"))
        world.state.desired = world.desired
        try world.converge()
        for index in 0..<2 { world.desired.spec.pools[index].instanceType = "local.medium" }
        var schedule = try Schedule(Planner.roll(world.input, .differing), limits: .standard)
        let first = schedule.next().filter { $0.action.name == .createMachine }
        #expect(Set(first.map { $0.address.name.contains("other") }) == [false, true])
    }
}
