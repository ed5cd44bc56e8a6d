import ClusterModel
import TestSupport

/// Something that a person asks for, and from where.
struct Scenario: Sendable, CustomStringConvertible {
    enum Wish: Sendable {
        case create, update, delete
    }

    var description: String
    /// The cluster that is there before; nil for none.
    var before: Cluster?
    /// The cluster that is wanted; of a delete, the one that is deleted.
    var wanted: Cluster
    var wish: Wish

    /// A control plane of so many nodes, and two pools.
    private static func cluster(masters: Int, zones: Int, nodes: Int = 2, memory: Int = 1, batch: Int = 0) -> Cluster {
        let zones = Array(["local-a", "local-b", "local-c"].prefix(zones))
        func pool(_ name: String, _ count: Int) -> PoolSpec {
            PoolSpec(name: name, zones: zones, count: count, instanceType: "local.small", labels: ["pool": name])
        }
        var cluster = Fixtures.cluster()
        cluster.spec.cloud.provider = .simulated
        cluster.spec.controlPlane = ControlPlaneSpec(count: masters, zones: zones, instanceType: "local.small")
        cluster.spec.pools = [pool("nodes", nodes), pool("memory", memory)] + (batch > 0 ? [pool("batch", batch)] : [])
        return cluster
    }

    static func all(masters: Int) -> [Scenario] {
        let zones = masters == 1 ? 1 : 3
        let standing = cluster(masters: masters, zones: zones)
        let name = masters == 1 ? "1 master" : "\(masters) masters"
        return [
            Scenario(description: "create, \(name)", before: nil, wanted: standing, wish: .create),
            Scenario(
                description: "scale up, \(name)", before: standing, wanted: cluster(masters: masters, zones: zones, nodes: 4), wish: .update
            ),
            Scenario(
                description: "add a pool, \(name)", before: standing, wanted: cluster(masters: masters, zones: zones, batch: 2),
                wish: .update),
            Scenario(
                description: masters == 1 ? "1 master becomes 3" : "3 masters become 1", before: standing,
                wanted: cluster(masters: masters == 1 ? 3 : 1, zones: zones), wish: .update),
            Scenario(description: "delete, \(name)", before: standing, wanted: standing, wish: .delete),
        ]
    }
}
