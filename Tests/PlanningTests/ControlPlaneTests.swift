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

    @Test func anotherNumberOfMastersIsRefusedOnceEtcdWasFormed() throws {
        var world = try converged(1)
        world.desired = cluster(3)
        let error = #expect(throws: SlipwayError.self) { try world.plan() }
        #expect(error?.code == .refused)
        #expect(error?.hint?.contains("back to 1") == true)
    }
}
