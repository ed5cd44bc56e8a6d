import ClusterModel

/// Gives new machines of a pool, or of the control plane, their names, zones and pod ranges.
struct NameSource {
    private let cluster: String
    private let pool: String
    private let role: MachineRole
    private let zones: [String]
    private let instanceType: String
    private let market: MachineMarket?
    private var ordinal: Int
    private var perZone: [String: Int]

    /// - Parameter occupied: the zones of the machines that stay.
    init(
        _ pool: String, role: MachineRole, zones: [String], instanceType: String, market: MachineMarket? = nil, input: PlanningInput,
        occupied: [String]
    ) {
        cluster = input.state.name
        self.pool = pool
        self.role = role
        self.zones = zones
        self.instanceType = instanceType
        self.market = market
        let tag = input.observation.cloud.network?.tags[Tag.highWaterPrefix + pool].flatMap { Int($0) }
        ordinal = max(input.state.highWater[pool] ?? 0, tag ?? 0)
        perZone = Dictionary(zones.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
        for zone in occupied { perZone[zone]? += 1 }
    }

    /// - Parameter zone: nil for the emptiest, the first of the spec among equals.
    mutating func next(zone: String? = nil, ranges: inout PodRanges) throws -> MachineDesign {
        let emptiest = zones.min { perZone[$0, default: 0] < perZone[$1, default: 0] }
        guard let chosen = zone ?? emptiest else {
            throw SlipwayError(.bug, doing: "planning pool '\(pool)'", cause: "it has no zones")
        }
        if zone == nil { perZone[chosen, default: 0] += 1 }
        ordinal += 1
        return MachineDesign(
            name: MachineName.text(cluster: cluster, pool: pool, zone: chosen, ordinal: ordinal), pool: pool, zone: chosen, role: role,
            ordinal: ordinal, instanceType: instanceType, market: market, podCIDR: try ranges.take())
    }
}

/// `CLUSTER-POOL-ZONE-ORDINAL`, the zone without the region it is in: `demo-nodes-a-3` for zone `local-a`.
enum MachineName {
    static func text(cluster: String, pool: String, zone: String, ordinal: Int) -> String {
        let short = zone.split(separator: "-").last.map(String.init) ?? zone
        return "\(cluster)-\(pool)-\(short)-\(ordinal)"
    }
}
