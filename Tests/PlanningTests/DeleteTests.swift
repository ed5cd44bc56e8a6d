import ClusterModel
import TestSupport
import Testing

@testable import Planning

@Suite struct DeleteTests {
    @Test func removesMachinesThenTheNetworkThenTheState() throws {
        var world = World()
        try world.converge()
        let plan = try Planner.delete(world.state.identity, state: world.state, observation: world.observation.cloud)
        #expect(
            plan.steps.map(\.id) == [
                "state/deleting#mark-deleting", "machine/demo-control-plane-a-1#delete-machine", "machine/demo-nodes-a-1#delete-machine",
                "network/demo#delete-network", "state/demo#forget-cluster",
            ])
        let network = try #require(plan.steps.first { $0.action == .deleteNetwork })
        #expect(Set(network.after).isSuperset(of: plan.steps[1...2].map(\.id)))
        #expect(plan.steps.filter { $0.action.isIrreversible && $0.address.kind != .state }.allSatisfy { $0.guards == [.ownership] })
    }

    @Test func tagsAloneSufficeWhenTheStateWasLost() throws {
        var world = World()
        try world.converge()
        let plan = try Planner.delete(world.state.identity, state: nil, observation: world.observation.cloud)
        #expect(plan.steps.filter { $0.action == .deleteMachine }.count == 2)
        #expect(!plan.steps.contains { $0.action == .forgetCluster })
    }

    @Test func machinesKnownToTheStateOnlyAreDeletedToo() throws {
        var world = World()
        try world.converge()
        world.observation.cloud.machines = []
        let plan = try Planner.delete(world.state.identity, state: world.state, observation: world.observation.cloud)
        #expect(plan.steps.filter { $0.action == .deleteMachine }.count == 2)
    }

    @Test func protectionIsRefused() throws {
        var world = World()
        world.state.desired.spec.deletionProtection = true
        let error = #expect(throws: SlipwayError.self) {
            try Planner.delete(world.state.identity, state: world.state, observation: CloudObservation())
        }
        #expect(error?.code == .refused)
    }

    @Test func aSecondDeleteOfNothingIsEmpty() throws {
        let plan = try Planner.delete(ClusterIdentity(name: "demo", uid: "0011aabb"), state: nil, observation: CloudObservation())
        #expect(plan.isEmpty)
    }
}
