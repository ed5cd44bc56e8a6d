import ClusterModel
import Engine
import TestSupport
import Testing

@testable import Planning

/// Control planes of several nodes.
@Suite struct ControlPlaneTests {
    private static let masters = ["demo-control-plane-a-1", "demo-control-plane-b-2", "demo-control-plane-c-3"]

    private func cluster(_ count: Int = 3) -> Cluster {
        var cluster = Fixtures.cluster()
        cluster.spec.controlPlane.count = count
        cluster.spec.controlPlane.zones = ["local-a", "local-b", "local-c"]
        return cluster
    }

    private func converged(_ count: Int = 3) throws -> World {
        var world = World(cluster(count))
        try world.converge()
        return world
    }

    private func contentSteps(_ plan: Plan) -> [Step] {
        plan.steps.filter { if case .installContent = $0.action { $0.address.name.contains("control-plane") } else { false } }
    }

    @Test(arguments: [1, 3, 5]) func allFormEtcdTogetherAndNoAPIServerStartsBefore(count: Int) throws {
        let world = World(cluster(count))
        let steps = try world.plan().steps
        let forming = try #require(steps.first { $0.id == "etcd/demo#form-etcd" })
        guard case .formEtcd(_, let members) = forming.action else { return #expect(Bool(false), "\(forming.action)") }
        #expect(members.count == count)
        for member in members {
            #expect(forming.after.contains("host/\(member)#install-content"))
            let api = try #require(steps.first { $0.id == "service/\(member)/api#start-services" })
            #expect(api.after.contains("state/etcd-initialised#mark-etcd"))
        }
        let ready = try #require(steps.first { $0.id == "cluster/demo#wait-for-api" })
        #expect(members.allSatisfy { ready.after.contains("service/\($0)/api#start-services") })
    }

    @Test func onePerZoneAndTheNextRunFindsNothingToDo() throws {
        let world = try converged()
        #expect(world.state.machines.keys.filter { $0.contains("control-plane") }.sorted() == Self.masters)
        #expect(try world.plan().isEmpty)
    }

    @Test func runningMastersAreChangedOneAfterTheOther() throws {
        #expect(contentSteps(try World(cluster()).plan()).allSatisfy(\.tokens.isEmpty), "nothing runs yet")
        var world = try converged()
        for master in Self.masters { world.change(master) { $0.specDigest = "another" } }
        let plan = try world.plan()
        #expect(contentSteps(plan).map(\.tokens) == Array(repeating: [.unavailable(pool: "control-plane")], count: 3))
        var schedule = try Schedule(plan, limits: .standard)
        var delivering = 0
        while !schedule.isFinished {
            let started = schedule.next()
            let running = schedule.steps(.running)
            delivering = max(delivering, contentSteps(Plan(intent: .update, cluster: plan.cluster, steps: running)).count)
            guard let first = started.first ?? running.first else { break }
            schedule.finish(first.id, .done)
        }
        #expect(schedule.isFinished && delivering == 1)
    }

    @Test func aStoppedMasterIsStartedAndTheOthersAreLeftAlone() throws {
        var world = try converged()
        let index = try #require(world.observation.cloud.machines.firstIndex { $0.name == Self.masters[1] })
        world.observation.cloud.machines[index].status = .stopped
        world.observation.hosts[Self.masters[1]] = nil
        let plan = try world.plan()
        #expect(
            plan.steps.allSatisfy { $0.address.name.hasPrefix(Self.masters[1]) || $0.id == "cluster/demo#wait-for-api" },
            "\(plan.steps.map(\.id))")
    }

    @Test func lostDataOfAMajorityIsRefused() throws {
        var world = try converged()
        for master in Self.masters.prefix(2) { world.change(master) { $0.hasEtcdData = false } }
        let error = #expect(throws: SlipwayError.self) { try world.plan() }
        #expect(error?.code == .refused)
        #expect(error?.cause.contains(Self.masters[0]) == true && error?.cause.contains(Self.masters[1]) == true)
    }

    // MARK: Their number

    @Test func oneBecomesThreeOneMemberAfterTheOtherAndTheFirstIsLeftAlone() throws {
        var world = try converged(1)
        world.desired = cluster(3)
        let plan = try world.plan()
        let joins = plan.steps.filter { $0.action == .joinEtcd }
        #expect(joins.map(\.address.name) == ["demo-control-plane-b-2", "demo-control-plane-c-3"])
        #expect(joins[1].after.contains(joins[0].id))
        #expect(joins.allSatisfy { $0.tokens == [.etcdMembership] && $0.guards == [.etcdQuorum] })
        for join in joins {
            let api = try #require(plan.steps.first { $0.id == "service/\(join.address.name)/api#start-services" })
            #expect(api.after.contains(join.id), "no API server on a learner")
        }
        #expect(!plan.steps.contains { $0.address.name.hasPrefix("demo-control-plane-a-1") }, "\(plan.steps.map(\.id))")
        #expect(!plan.steps.contains { if case .formEtcd = $0.action { true } else { false } })
        try world.converge()
        #expect(try world.plan().isEmpty)
        #expect(world.etcdMembers.count == 3)
    }

    @Test func threeBecomeOneOutOfEtcdFirstAndTheMachineLast() throws {
        var world = try converged()
        world.desired.spec.controlPlane.count = 1
        world.desired.spec.controlPlane.zones = ["local-b"]
        let ids = try world.plan().steps.map(\.id)
        #expect(
            ids == [
                "node/demo-control-plane-a-1#cordon-node", "node/demo-control-plane-a-1#drain-node",
                "service/demo-control-plane-a-1/control-plane#stop-services", "etcd/demo-control-plane-a-1#leave-etcd",
                "service/demo-control-plane-a-1/node#stop-services", "node/demo-control-plane-a-1#delete-node",
                "route/demo-control-plane-a-1#delete-route", "machine/demo-control-plane-a-1#delete-machine",
                "node/demo-control-plane-c-3#cordon-node", "node/demo-control-plane-c-3#drain-node",
                "service/demo-control-plane-c-3/control-plane#stop-services", "etcd/demo-control-plane-c-3#leave-etcd",
                "service/demo-control-plane-c-3/node#stop-services", "node/demo-control-plane-c-3#delete-node",
                "route/demo-control-plane-c-3#delete-route", "machine/demo-control-plane-c-3#delete-machine",
            ])
        let second = try #require(try world.plan().steps.first { $0.id == "node/demo-control-plane-c-3#cordon-node" })
        #expect(second.after == ["machine/demo-control-plane-a-1#delete-machine"])
        try world.converge()
        #expect(try world.plan().isEmpty)
        #expect(world.etcdMembers == ["demo-control-plane-b-2"])
    }

    /// Cut anywhere, growing and shrinking end in the same members.
    @Test(arguments: [(1, 3), (3, 5), (3, 1), (5, 3)]) func everyPrefixOfAChangeOfNumberConverges(from: Int, to: Int) throws {
        var grown = try converged(from)
        grown.desired = cluster(to)
        let start = grown
        try grown.converge()
        let count = try start.plan().steps.count
        for cut in 0...count {
            var world = start
            for step in try world.plan().steps.prefix(cut) { world.perform(step) }
            try world.converge()
            #expect(try world.plan().isEmpty, "cut after \(cut) steps")
            #expect(world.etcdMembers.sorted() == grown.etcdMembers.sorted(), "cut after \(cut) steps")
            #expect(world.state.machines.keys.sorted() == grown.state.machines.keys.sorted())
        }
    }

    // MARK: Repair

    @Test func aLostMasterIsTakenOutOfEtcdAndReplacedByOneOfAnotherName() throws {
        var world = try converged()
        world.observation.cloud.machines.removeAll { $0.name == Self.masters[0] }
        world.observation.hosts[Self.masters[0]] = nil
        let plan = try world.plan()
        let leave = try #require(plan.steps.first { $0.action == .leaveEtcd })
        let join = try #require(plan.steps.first { $0.action == .joinEtcd })
        #expect(leave.address.name == Self.masters[0] && join.address.name == "demo-control-plane-a-4")
        #expect(join.after.contains(leave.id))
        #expect(!plan.steps.contains { $0.id.hasSuffix("stop-services") }, "nobody answers there")
        try world.converge()
        #expect(try world.plan().isEmpty)
        #expect(world.etcdMembers.sorted() == ["demo-control-plane-a-4", "demo-control-plane-b-2", "demo-control-plane-c-3"])
    }

    @Test func repairComesBeforeAnyOtherChangeOfMembers() throws {
        var world = try converged()
        world.desired = cluster(1)
        world.observation.cloud.machines.removeAll { $0.name == Self.masters[0] }
        world.observation.hosts[Self.masters[0]] = nil
        #expect(try world.plan().steps.filter { $0.action == .leaveEtcd }.map(\.address.name) == [Self.masters[0]])
    }

    /// Three were to become one, and the run was cut off when the last machine had gone and its end was not written down yet.
    @Test func aMachineThatIsGoneAndNoMemberAnyMoreIsOnlyForgotten() throws {
        var world = try converged()
        world.desired.spec.controlPlane.count = 1
        let all = try world.plan().steps
        for step in all.dropLast() { world.perform(step) }
        guard let last = all.last, last.action == .deleteMachine else { return #expect(Bool(false), "\(all.map(\.id))") }
        world.observation.cloud.machines.removeAll { $0.name == last.address.name }
        world.observation.hosts[last.address.name] = nil
        try world.converge()
        #expect(try world.plan().isEmpty)
        #expect(world.state.machines.values.count { $0.role == .controlPlane } == 1)
    }

    @Test func aMasterThatLostItsDataComesBackAsAnotherMember() throws {
        var world = try converged()
        world.change(Self.masters[1]) { facts in
            facts.hasEtcdData = false
            facts.services[.etcd] = "failed"
            facts.etcd = nil
        }
        let plan = try world.plan()
        let ids = plan.steps.filter { $0.action.kind == .etcd }.map(\.id)
        #expect(ids == ["etcd/\(Self.masters[1])#leave-etcd", "etcd/\(Self.masters[1])#join-etcd"])
        try world.converge()
        #expect(try world.plan().isEmpty)
    }

    @Test func lostMachinesOfAMajorityAreRefused() throws {
        var world = try converged()
        world.observation.cloud.machines.removeAll { Self.masters.prefix(2).contains($0.name) }
        let error = #expect(throws: SlipwayError.self) { try world.plan() }
        #expect(error?.code == .refused)
        #expect(error?.cause.contains("2 of 3 members") == true)
    }
}
