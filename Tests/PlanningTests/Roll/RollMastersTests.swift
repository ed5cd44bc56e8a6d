import ClusterModel
import TestSupport
import Testing

@testable import Planning

/// Control plane machines that are replaced.
@Suite struct RollMastersTests {
    private static let masters = ["demo-control-plane-a-1", "demo-control-plane-b-2", "demo-control-plane-c-3"]
    private static let replacements = ["demo-control-plane-a-4", "demo-control-plane-b-5", "demo-control-plane-c-6"]

    /// A converged cluster whose control plane then wants another size.
    private func outdated(workers: Int = 1) throws -> World {
        var cluster = Fixtures.cluster(workers: workers)
        cluster.spec.controlPlane.count = 3
        cluster.spec.controlPlane.zones = ["local-a", "local-b", "local-c"]
        var world = World(cluster)
        try world.converge()
        world.desired.spec.controlPlane.instanceType = "local.medium"
        return world
    }

    private func masters(_ world: World) -> [String] {
        world.state.machines.values.filter { $0.role == .controlPlane }.map(\.name).sorted()
    }

    @Test func updateLeavesThemAndSaysWhatHasToBeRolled() throws {
        let plan = try outdated().plan()
        #expect(plan.isEmpty)
        #expect(plan.warnings.count == 1)
        #expect(plan.warnings[0].contains("\(Self.masters.joined(separator: ", ")): instanceType: local.small -> local.medium"))
    }

    @Test func oneAfterTheOtherTheNewOneServingBeforeTheOldOneGoes() throws {
        let plan = try Planner.roll(outdated().input, .differing)
        var chain: [String] = []
        for (old, new) in zip(Self.masters, Self.replacements) {
            chain += [
                "machine/\(new)#create-machine", "host/\(new)#install-content", "etcd/\(new)#join-etcd",
                "service/\(new)/api#start-services",
                "node/\(new)#admit-node", "node/\(new)#validate-node", "node/\(old)#cordon-node", "node/\(old)#drain-node",
                "service/\(old)/control-plane#stop-services", "etcd/\(old)#leave-etcd", "service/\(old)/node#stop-services",
                "node/\(old)#delete-node", "machine/\(old)#delete-machine",
            ]
        }
        let steps = Dictionary(uniqueKeysWithValues: plan.steps.map { ($0.id, $0) })
        func precedes(_ before: String, _ after: String) -> Bool {
            before == after || steps[after]?.after.contains { precedes(before, $0) } == true
        }
        for (before, after) in zip(chain, chain.dropFirst()) { #expect(precedes(before, after), "\(before) before \(after)") }
        #expect(plan.notes?.contains { $0.contains("3 of 3 machines replaced, one after the other") } == true)
        let designs = plan.newMachines
        #expect(designs.map(\.replaces) == Self.masters && designs.allSatisfy { $0.instanceType == "local.medium" })
        #expect(!plan.steps.contains { $0.address.name.contains("nodes") }, "the workers are left alone")
    }

    /// Cut anywhere, the same command ends in the same control plane: never fewer members than there should be, never more than
    /// one beyond them, and no name given twice.
    @Test func everyPrefixConvergesAndEtcdNeverHasFewerMembers() throws {
        let start = try outdated()
        let count = try Planner.roll(start.input, .differing).steps.count
        for cut in 0...count {
            var world = start
            for step in try Planner.roll(world.input, .differing).steps.prefix(cut) { world.perform(step) }
            for step in try Planner.roll(world.input, .differing).steps {
                world.perform(step)
                #expect((3...4).contains(world.etcdMembers.count), "cut after \(cut), at \(step.id): \(world.etcdMembers)")
            }
            #expect(masters(world) == Self.replacements, "cut after \(cut) steps")
            #expect(world.etcdMembers.sorted() == Self.replacements, "cut after \(cut) steps")
            #expect(try Planner.roll(world.input, .differing).isEmpty)
            let update = try world.plan()
            #expect(update.isEmpty && update.warnings.isEmpty)
            #expect(world.observation.cluster.nodes.allSatisfy { !$0.isMarkedByRoll })
        }
    }

    /// A roll was cut off and somebody thinks better of it: an update ends with three masters, whichever.
    @Test func anUpdateAfterARollThatWasCutOffLeavesNoMachineBeyondTheCount() throws {
        let start = try outdated()
        let count = try Planner.roll(start.input, .differing).steps.count
        for cut in 0...count {
            var world = start
            for step in try Planner.roll(world.input, .differing).steps.prefix(cut) { world.perform(step) }
            try world.converge()
            #expect(masters(world).count == 3 && world.etcdMembers.sorted() == masters(world), "cut after \(cut) steps")
            #expect(try world.plan().isEmpty, "cut after \(cut) steps")
            #expect(world.observation.cluster.nodes.allSatisfy { !$0.isMarkedByRoll })
        }
    }

    @Test func oneCanBeChosenWhetherItDiffersOrNot() throws {
        var world = try outdated()
        world.desired.spec.controlPlane.instanceType = "local.small"
        let plan = try Planner.roll(world.input, .machine(Self.masters[1]))
        #expect(plan.newMachines.map(\.name) == ["demo-control-plane-b-4"])
        #expect(plan.steps.filter { $0.action == .deleteMachine }.map(\.address.name) == [Self.masters[1]])
    }

    @Test func poolsAreRolledAfterTheControlPlane() throws {
        var world = try outdated(workers: 2)
        world.desired.spec.pools[0].instanceType = "local.medium"
        let plan = try Planner.roll(world.input, .differing)
        let first = try #require(plan.steps.first { $0.action.name == .createMachine && $0.address.name.contains("nodes") })
        #expect(first.after.contains("machine/\(Self.masters[2])#delete-machine"))
        let onlyMasters = try Planner.roll(world.input, .pool(MachineRole.controlPlanePool))
        #expect(!onlyMasters.steps.contains { $0.address.name.contains("nodes") })
        let onlyWorkers = try Planner.roll(world.input, .pool("nodes"))
        #expect(!onlyWorkers.steps.contains { $0.address.name.contains("control-plane") })
    }

    @Test func aLostMasterIsReplacedBeforeAnyIsRolled() throws {
        var world = try outdated()
        world.observation.cloud.machines.removeAll { $0.name == Self.masters[0] }
        world.observation.hosts[Self.masters[0]] = nil
        let plan = try Planner.roll(world.input, .differing)
        #expect(plan.steps.filter { $0.action == .leaveEtcd }.map(\.address.name) == [Self.masters[0]])
        #expect(plan.newMachines.map(\.name) == [Self.replacements[0]])
    }

    @Test func oneThatDoesNotAnswerIsStoppedFromOutsideAndLeaves() throws {
        var world = try outdated()
        world.observation.hosts[Self.masters[0]] = .unreachable(reason: "no answer")
        world.node(Self.masters[0]) { $0.conditions = [.init(type: "Ready", status: "Unknown")] }
        let ids = try Planner.roll(world.input, .differing).steps.map(\.id)
        #expect(!ids.contains("node/\(Self.masters[0])#drain-node"))
        let leave = try #require(ids.firstIndex(of: "etcd/\(Self.masters[0])#leave-etcd"))
        let stop = try #require(ids.firstIndex(of: "machine/\(Self.masters[0])#stop-machine"))
        #expect(leave < stop, "a member that is only stopped still counts")
    }

    /// As after a run that was cut off between the stop of a machine and its leaving: nobody can leave without a majority.
    @Test func oneThatIsStoppedAndThatTheMajorityLacksIsStartedBeforeItLeaves() throws {
        var world = try outdated()
        world.desired.spec.controlPlane.instanceType = "local.small"
        world.desired.spec.controlPlane.count = 1
        for index in world.observation.cloud.machines.indices
        where Self.masters.dropLast().contains(world.observation.cloud.machines[index].name) {
            world.observation.cloud.machines[index].status = .stopped
            world.observation.hosts[world.observation.cloud.machines[index].name] = nil
        }
        world.change(Self.masters[2]) { $0.etcd = nil }
        let plan = try world.plan()
        #expect(plan.steps.filter { $0.action == .startMachine }.map(\.address.name).sorted() == Self.masters.dropLast())
        #expect(!plan.steps.contains { $0.action == .leaveEtcd })
    }

    /// A new one that never served leaves etcd before it is taken away: stopped, it would count against the majority.
    @Test func whatNeverServedLeavesEtcdFirst() throws {
        var world = try outdated()
        for step in try Planner.roll(world.input, .differing).steps.prefix(6) { world.perform(step) }
        let plan = Planner.giveUp(world.input, made: [Self.replacements[0]])
        #expect(
            plan.steps.map(\.action.name) == [.leaveEtcd, .stopMachine, .deleteNode, .deleteRoute, .deleteMachine],
            "\(plan.steps.map(\.id))")
    }
}
