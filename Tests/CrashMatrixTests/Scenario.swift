import ClusterModel
import Foundation
import TestSupport

/// Something that a person asks for, and from where.
struct Scenario: Sendable, CustomStringConvertible {
    enum Wish: Sendable {
        case create, update, roll, delete
    }

    var description: String
    /// The cluster that is there before; nil for none.
    var before: Cluster?
    /// The cluster that is wanted; of a delete, the one that is deleted.
    var wanted: Cluster
    var wish: Wish

    /// With one master before and after.
    var isSmall: Bool { wanted.spec.controlPlane.count == 1 && before?.spec.controlPlane.count ?? 1 == 1 }

    /// Set by `make test-long`.
    static let isLong = ProcessInfo.processInfo.environment["SLIPWAY_TEST_LONG"] == "1"

    /// Rolls are long, and with several masters nearly the same as with one but for the roll of the masters themselves.
    static let tried = all(masters: 1) + all(masters: 3).filter { isLong || $0.wish != .roll || $0.rollsMasters }

    /// On a cloud with an endpoint of its own, where machines get host keys of their own.
    static let onCloud: [Scenario] = [
        all(masters: 1).first { $0.wish == .create }, all(masters: 1).first { $0.wish == .delete },
        all(masters: 3).first { $0.wish == .update && $0.wanted.spec.controlPlane.count == 1 },
        all(masters: 3).first { $0.rollsMasters && $0.wish == .roll },
    ].compactMap { $0?.onAWS }

    /// There, with machines that nobody reaches but through a bastion, which is rolled with its cluster's pools.
    static let hidden: [Scenario] = all(masters: 1).filter { [.create, .delete].contains($0.wish) || $0.rollsPools }.map { scenario in
        var copy = scenario.onAWS
        copy.description += ", behind a bastion"
        for (path, type) in [(\Scenario.before, "t3.micro"), (\Scenario.wantedOrNone, scenario.wish == .roll ? "t3.small" : "t3.micro")] {
            copy[keyPath: path]?.spec.cloud.aws?.topology = .private
            copy[keyPath: path]?.spec.cloud.aws?.bastionType = type
        }
        return copy
    }

    private var wantedOrNone: Cluster? {
        get { wanted }
        set { if let newValue { wanted = newValue } }
    }

    private var onAWS: Scenario {
        var copy = self
        let cloud = CloudSpec(provider: .aws, aws: AWSCloudSpec(region: "eu-central-1"))
        copy.description += ", on AWS"
        copy.before?.spec.cloud = cloud
        copy.wanted.spec.cloud = cloud
        return copy
    }

    private var rollsPools: Bool { wish == .roll && wanted.spec.pools.first?.update.strategy == .replace && !rollsMasters }

    private var rollsMasters: Bool { wanted.spec.controlPlane.instanceType != before?.spec.controlPlane.instanceType }

    /// How often something is tried: less often each day than at length, and rolls still less.
    func times(_ number: Int, daily: Int? = nil, roll: Int) -> Int { Self.isLong ? number : wish == .roll ? roll : daily ?? number }

    /// A control plane of so many nodes, and two pools.
    private static func cluster(
        masters: Int, zones: Int, nodes: Int = 2, memory: Int = 1, batch: Int = 0, type: String = "local.small",
        masterType: String = "local.small",
        strategy: UpdateStrategy = .replace
    ) -> Cluster {
        let zones = Array(["local-a", "local-b", "local-c"].prefix(zones))
        func pool(_ name: String, _ count: Int) -> PoolSpec {
            PoolSpec(
                name: name, zones: zones, count: count, instanceType: type, labels: ["pool": name],
                update: UpdateSpec(strategy: strategy))
        }
        var cluster = Fixtures.cluster()
        cluster.spec.cloud.provider = .simulated
        cluster.spec.controlPlane = ControlPlaneSpec(count: masters, zones: zones, instanceType: masterType)
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
            Scenario(
                description: "roll the pools, \(name)", before: standing,
                wanted: cluster(masters: masters, zones: zones, type: "local.medium"), wish: .roll),
            Scenario(
                description: "roll the control plane, \(name)", before: standing,
                wanted: cluster(masters: masters, zones: zones, masterType: "local.medium"), wish: .roll),
            Scenario(
                description: "change the pools in place, \(name)", before: standing,
                wanted: cluster(masters: masters, zones: zones, type: "local.medium", strategy: .inPlace), wish: .roll),
            Scenario(description: "delete, \(name)", before: standing, wanted: standing, wish: .delete),
        ]
    }
}
