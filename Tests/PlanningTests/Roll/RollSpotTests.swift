import ClusterModel
import TestSupport
import Testing

@testable import Planning

/// Pools of machines that their cloud can take back.
@Suite struct RollSpotTests {
    private func pool(_ workers: Int, spot: Bool, strategy: UpdateStrategy = .replace) throws -> World {
        var cluster = Fixtures.cluster(workers: workers)
        cluster.spec.pools[0].spot = spot
        cluster.spec.pools[0].update.strategy = strategy
        var world = World(cluster)
        try world.converge()
        return world
    }

    private func designs(_ plan: Plan) -> [MachineDesign] {
        plan.steps.compactMap { step in if case .createMachine(let design) = step.action { design } else { nil } }
    }

    @Test func theMachinesOfASpotPoolAreAndTheControlPlaneIsNot() throws {
        let world = try pool(2, spot: true)
        #expect(world.state.machines.values.filter { $0.market == .spot }.map(\.name).sorted() == ["demo-nodes-a-1", "demo-nodes-a-2"])
        #expect(try world.plan().isEmpty)
    }

    @Test(arguments: [true, false], [UpdateStrategy.replace, .inPlace])
    func aPoolThatBecomesSpotOrIsItNoMoreIsReplaced(becomes: Bool, strategy: UpdateStrategy) throws {
        var world = try pool(2, spot: !becomes)
        world.desired.spec.pools[0].spot = becomes
        world.desired.spec.pools[0].update.strategy = strategy
        // Another size alone could be had in place.
        world.desired.spec.pools[0].instanceType = strategy == .inPlace ? "local.medium" : "local.small"
        let update = try world.plan()
        #expect(update.isEmpty && update.warnings.first?.contains("slipway rolling-update cluster demo") == true)
        let plan = try Planner.roll(world.input, .differing)
        #expect(designs(plan).map(\.replaces) == ["demo-nodes-a-1", "demo-nodes-a-2"])
        #expect(designs(plan).allSatisfy { $0.market == (becomes ? .spot : nil) })
        #expect(!plan.steps.contains { $0.action == .stopMachine })
        if strategy == .replace {
            let reason = plan.steps.first { $0.action.name == .cordonNode }?.reason
            #expect(reason == Reason("spot", old: "\(!becomes)", new: "\(becomes)"))
        }
    }

    @Test func oneThatItsCloudTookBackIsReplacedByAnUpdate() throws {
        var world = try pool(2, spot: true)
        let index = try #require(world.observation.cloud.machines.firstIndex { $0.role == .worker })
        world.observation.cloud.machines[index].status = .terminated
        let gone = world.observation.cloud.machines[index].name
        world.observation.hosts[gone] = nil
        let plan = try world.plan()
        #expect(designs(plan).map(\.replaces) == [gone] && designs(plan).map(\.market) == [.spot])
    }

    @Test func aClusterWithSpotInstancesIsNotStopped() throws {
        let world = try pool(2, spot: true)
        let refused = #expect(throws: SlipwayError.self) { try Planner.stop(world.state, observation: world.observation) }
        #expect(refused?.code == .refused)
        #expect(refused?.cause == "demo-nodes-a-1 and 1 more are spot instances, which cannot be stopped")
        let one = try pool(1, spot: true)
        let alone = #expect(throws: SlipwayError.self) { try Planner.stop(one.state, observation: one.observation) }
        #expect(alone?.cause == "demo-nodes-a-1 is a spot instance, which cannot be stopped")
        #expect(try !Planner.stop(pool(1, spot: false).state, observation: pool(1, spot: false).observation).isEmpty)
    }

    @Test func aRebuiltStateKnowsThem() throws {
        var world = try pool(1, spot: true)
        for index in world.observation.cloud.machines.indices {
            let name = world.observation.cloud.machines[index].name
            let entry = try #require(world.state.machines[name])
            world.observation.cloud.machines[index].tags = [Tag.pool: entry.pool, Tag.podCIDR: "\(entry.podCIDR)"]
        }
        let rebuilt = try StateRebuild(
            world.state.identity, lineage: "other", serial: 9, desired: world.desired, cloud: world.observation.cloud)
        #expect(rebuilt.state.machines.mapValues(\.market) == world.state.machines.mapValues(\.market))
    }
}
