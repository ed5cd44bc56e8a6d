import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import Planning

/// A lost state, from what is left.
@Suite struct StateRebuildTests {
    private static let cluster = ClusterIdentity(name: "demo", uid: "0011aabb")

    private func record(_ entry: MachineEntry, without missing: String? = nil) -> MachineRecord {
        var tags = [
            Tag.pool: entry.pool, Tag.role: entry.role.rawValue, Tag.token: entry.token, Tag.podCIDR: "\(entry.podCIDR)",
            Tag.hostKey: entry.hostKeyFingerprint ?? "",
        ]
        if let missing { tags[missing] = nil }
        return MachineRecord(
            name: entry.name, providerID: entry.providerID ?? "", zone: entry.zone, role: entry.role, instanceType: entry.instanceType,
            address: entry.address ?? Fixtures.address("0.0.0.0"), status: .running, tags: tags)
    }

    private func cloud(_ entries: [MachineEntry], highWater: [String: Int] = [:]) -> CloudObservation {
        var tags = [Tag.etcdMark: "initialised demo-0011aabb"]
        for (pool, ordinal) in highWater { tags[Tag.highWaterPrefix + pool] = "\(ordinal)" }
        return CloudObservation(
            network: .init(record: Fixtures.network, isUp: true, tags: tags), machines: entries.map { record($0) })
    }

    private func rebuild(_ cloud: CloudObservation) throws -> StateRebuild {
        try StateRebuild(Self.cluster, lineage: "lineage", serial: 9, desired: Fixtures.cluster(), cloud: cloud)
    }

    private let entries = [
        Fixtures.machine(.controlPlane, 1), Fixtures.machine(.controlPlane, 2), Fixtures.machine(.controlPlane, 3),
        Fixtures.machine(.worker, 4), Fixtures.machine(.worker, 7),
    ]

    @Test func tagsGiveTheSameState() throws {
        var expected = Fixtures.state(entries)
        expected.serial = 9
        expected.highWater["nodes"] = 12
        let rebuilt = try rebuild(cloud(entries, highWater: ["nodes": 12, "control-plane": 2]))
        #expect(rebuilt.state == expected)
        #expect(rebuilt.lost == [] && rebuilt.remarks == [])
    }

    @Test func aCutCreateKeepsItsMark() throws {
        var seen = cloud([])
        seen.network?.tags = [Tag.etcdMark: "initialising t demo-control-plane-a-1"]
        #expect(try rebuild(seen).state.etcd == .initialising(token: "t", members: ["demo-control-plane-a-1"]))
        seen.network?.tags = [:]
        #expect(try rebuild(seen).state.etcd == .none)
    }

    @Test(arguments: [Tag.pool, Tag.podCIDR]) func nothingIsGuessed(_ tag: String) throws {
        var seen = cloud(entries)
        seen.machines[3] = record(entries[3], without: tag)
        do {
            _ = try rebuild(seen)
            Issue.record("it was guessed")
        } catch let error as SlipwayError {
            #expect(error.code == .refused && error.address == Address(.machine, entries[3].name))
        }
    }

    @Test func aNodeWithoutMachineIsALostMachine() throws {
        var rebuilt = try rebuild(cloud(Array(entries.dropLast())))
        let gone = entries[4]
        let labels = [
            "slipway.dev/pool": "nodes", "topology.kubernetes.io/zone": "local-a", "node.kubernetes.io/instance-type": "local.small",
        ]
        rebuilt.add([
            NodeObservation(
                name: gone.name, providerID: gone.providerID, podCIDR: "\(gone.podCIDR)", labels: labels,
                addresses: [gone.address.map { "\($0)" } ?? "", gone.name]),
            NodeObservation(name: entries[0].name, providerID: entries[0].providerID, labels: ["slipway.dev/pool": "control-plane"]),
            NodeObservation(name: "somebody-elses-7"),
            NodeObservation(name: "demo-nodes-a-9", labels: ["slipway.dev/pool": "nodes"]),
        ])
        #expect(rebuilt.lost == [gone.name])
        var expected = gone
        expected.hostKeyFingerprint = nil
        #expect(rebuilt.state.machines[gone.name] == expected)
        #expect(rebuilt.state.machines.count == 5 && rebuilt.state.highWater["nodes"] == 7)
        #expect(rebuilt.remarks.count == 1 && rebuilt.remarks[0].contains("demo-nodes-a-9"))
    }

    /// The plan after it makes the lost member leave before anybody joins.
    @Test func aMemberWithoutMachineIsALostMaster() throws {
        var cluster = Fixtures.cluster()
        cluster.spec.controlPlane.count = 3
        var world = World(cluster)
        try world.converge()
        world.observation.cloud.machines.removeAll { $0.name == "demo-control-plane-a-2" }
        world.observation.hosts["demo-control-plane-a-2"] = nil
        for index in world.observation.cloud.machines.indices {
            let name = world.observation.cloud.machines[index].name
            let entry = try #require(world.state.machines[name])
            world.observation.cloud.machines[index].tags = [Tag.pool: entry.pool, Tag.podCIDR: "\(entry.podCIDR)", Tag.token: entry.token]
        }
        var rebuilt = try StateRebuild(
            world.state.identity, lineage: "lineage", serial: 1, desired: cluster, cloud: world.observation.cloud)
        rebuilt.add(try #require(ControlPlaneMembers.known(world.observation)))
        #expect(rebuilt.lost == ["demo-control-plane-a-2"])
        let podCIDRs = rebuilt.state.machines.values.map(\.podCIDR)
        #expect(Set(podCIDRs).count == podCIDRs.count)
        rebuilt.add([EtcdFacts.Member(id: 9, name: "stranger"), EtcdFacts.Member(id: 10, name: "")])
        #expect(rebuilt.lost.count == 1 && rebuilt.remarks.count == 1)

        world.state = rebuilt.state
        let ids = try world.plan().steps.map(\.id)
        let left = try #require(ids.firstIndex(of: "etcd/demo-control-plane-a-2#leave-etcd"))
        let joined = try #require(ids.firstIndex(of: "etcd/demo-control-plane-a-4#join-etcd"))
        #expect(left < joined)
    }

    // MARK: What masters keep

    @Test func everyMasterGetsItsKitAndNoWorkerDoes() throws {
        var cluster = Fixtures.cluster(workers: 2)
        cluster.spec.controlPlane.count = 3
        let steps = try World(cluster).plan().steps
        let kits = steps.filter { $0.action.name == .keepRecoveryKit }
        #expect(kits.map(\.address.name).sorted() == (1...3).map { "demo-control-plane-a-\($0)" })
        for kit in kits { #expect(kit.after == ["\(kit.address)#install-content"]) }
        let waitedFor = Set(steps.flatMap(\.after))
        #expect(kits.allSatisfy { !waitedFor.contains($0.id) }, "nothing waits for it")
    }

    @Test func anotherSpecBringsAnotherKitAndTouchesNothingElse() throws {
        var world = World()
        try world.converge()
        world.change("demo-control-plane-a-1") { $0.recoveryKit = "old" }
        let steps = try world.plan().steps
        #expect(steps.map(\.id) == ["host/demo-control-plane-a-1#keep-recovery-kit"])
        #expect(steps[0].reason == Reason("recovery kit", old: "old", new: "kit"))
        #expect(try Planner.repair(world.input).isEmpty && Planner.converge(world.input, intent: .start).isEmpty)
    }

    @Test func aMasterThatTakesAnothersPlaceHasItsKitBeforeThatOneGoes() throws {
        var cluster = Fixtures.cluster()
        cluster.spec.controlPlane.count = 3
        var world = World(cluster)
        try world.converge()
        world.desired.spec.controlPlane.instanceType = "local.medium"
        let plan = try Planner.roll(world.input, .differing)
        let new = plan.newMachines.map(\.name)
        #expect(new.count == 3)
        let kits = plan.steps.filter { $0.action.name == .keepRecoveryKit }.map(\.address.name)
        #expect(Set(kits).isSuperset(of: new))
    }
}
