import ClusterModel
import Foundation
import Testing

@Suite struct ClusterStateTests {
    private func state() throws -> ClusterState {
        ClusterState(lineage: "lineage", uid: "0123abcd", desired: try Specs.cluster())
    }

    private func entry(_ ordinal: Int, pool: String = "nodes") throws -> MachineEntry {
        MachineEntry(
            name: "demo-\(pool)-a-\(ordinal)", pool: pool, zone: "local-a", role: .worker, ordinal: ordinal, instanceType: "local.small",
            podCIDR: try #require(IPv4CIDR("10.244.\(ordinal).0/24")), token: "token-\(ordinal)")
    }

    private func changes() throws -> [StateChange] {
        let address = try #require(IPv4Address("10.0.0.7"))
        let range = try #require(IPv4CIDR("10.0.0.0/24"))
        return [
            .desired(try Specs.cluster("deletionProtection: true")), .etcd(.initialising(token: "t", members: ["m"])),
            .etcd(.initialised(token: "t")),
            .network(NetworkRecord(id: "n", cidr: range, gateway: address, apiAddress: "\(address)")), .machineIntended(try entry(3)),
            .machineMade(name: "demo-nodes-a-3", providerID: "local://x", address: address), .machineGone(name: "demo-nodes-a-3"),
            .network(nil),
            .deleting,
        ]
    }

    @Test func twiceIsTheSameAsOnce() throws {
        var once = try state()
        var twice = try state()
        for change in try changes() {
            once.apply(change)
            twice.apply(change)
            twice.apply(change)
            #expect(twice.serial == 2 * once.serial)
            var normalised = twice
            normalised.serial = once.serial
            #expect(normalised == once, "\(change)")
        }
    }

    @Test func eachChangeHasItsSerial() throws {
        var state = try state()
        for (index, change) in try changes().enumerated() {
            state.apply(change)
            #expect(state.serial == index + 1)
        }
    }

    @Test func marksOnlyMoveForward() throws {
        let marks: [EtcdMark] = [.none, .initialising(token: "t", members: ["m"]), .initialised(token: "t")]
        for (rank, mark) in marks.enumerated() {
            for (otherRank, other) in marks.enumerated() {
                var state = try state()
                state.etcd = mark
                state.apply(.etcd(other))
                #expect(state.etcd == marks[max(rank, otherRank)])
            }
        }
    }

    @Test func highWaterNeverShrinks() throws {
        var state = try state()
        state.apply(.machineIntended(try entry(3)))
        state.apply(.machineIntended(try entry(1)))
        state.apply(.machineIntended(try entry(2, pool: "gpu")))
        state.apply(.machineGone(name: "demo-nodes-a-3"))
        #expect(state.highWater == ["nodes": 3, "gpu": 2])
        #expect(Set(state.machines.keys) == ["demo-nodes-a-1", "demo-gpu-a-2"])
    }

    @Test func aMachineThatIsNotIntendedIsNotMade() throws {
        var state = try state()
        state.apply(.machineMade(name: "ghost", providerID: "local://x", address: IPv4Address(rawValue: 1)))
        #expect(state.machines.isEmpty)
    }

    @Test func deletingStays() throws {
        var state = try state()
        state.apply(.deleting)
        for change in try changes() { state.apply(change) }
        #expect(state.deleting)
    }

    @Test func survivesJSON() throws {
        var state = try state()
        for change in try changes().dropLast(4) {
            state.apply(change)
            #expect(try JSONDecoder().decode(ClusterState.self, from: JSONEncoder().encode(state)) == state)
            #expect(try JSONDecoder().decode(StateChange.self, from: JSONEncoder().encode(change)) == change)
        }
        #expect(state.formatVersion == ClusterState.currentFormatVersion)
        #expect(state.identity == ClusterIdentity(name: "demo", uid: "0123abcd"))
    }
}
