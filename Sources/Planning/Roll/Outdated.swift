import ClusterModel

/// A machine that differs from what its pool should be made of.
struct Outdated: Equatable {
    var name: String
    var reason: Reason

    /// - Parameter cloud: says what machines are made from.
    static func reason(_ entry: MachineEntry, _ spec: PoolSpec, _ cloud: CloudSpec) -> Reason? {
        reason(entry, zones: spec.zones, instanceType: spec.instanceType, market: spec.market, cloud)
    }

    static func reason(_ entry: MachineEntry, _ spec: ControlPlaneSpec, _ cloud: CloudSpec) -> Reason? {
        reason(entry, zones: spec.zones, instanceType: spec.instanceType, market: nil, cloud)
    }

    static func reason(_ entry: MachineEntry, bastionType: String, zones: [String], _ cloud: CloudSpec) -> Reason? {
        reason(entry, zones: zones, instanceType: bastionType, market: nil, cloud)
    }

    private static func reason(
        _ entry: MachineEntry, zones: [String], instanceType: String, market: MachineMarket?, _ cloud: CloudSpec
    ) -> Reason? {
        if entry.instanceType != instanceType { return Reason("instanceType", old: entry.instanceType, new: instanceType) }
        return lasting(entry, zones: zones, market: market, cloud)
    }

    /// What cannot be changed where the machine is.
    private static func lasting(_ entry: MachineEntry, zones: [String], market: MachineMarket?, _ cloud: CloudSpec) -> Reason? {
        if entry.market != market { return Reason("spot", old: String(entry.market == .spot), new: String(market == .spot)) }
        if !zones.contains(entry.zone) { return Reason("zones", old: entry.zone, new: zones.joined(separator: ", ")) }
        guard let make = entry.make, let wanted = MachineMake(cloud) else { return nil }
        return make.difference(from: wanted)
    }

    /// A machine can be given another size where it is, but no other zone or price, and nothing else that it is made from.
    static func isOnlySize(_ entry: MachineEntry, _ spec: PoolSpec, _ cloud: CloudSpec) -> Bool {
        entry.instanceType != spec.instanceType && lasting(entry, zones: spec.zones, market: spec.market, cloud) == nil
    }

    static func isOnlySize(_ entry: MachineEntry, _ spec: ControlPlaneSpec, _ cloud: CloudSpec) -> Bool {
        entry.instanceType != spec.instanceType && lasting(entry, zones: spec.zones, market: nil, cloud) == nil
    }

    /// Those with the lowest go first when machines are too many. A roll goes on with what it meant to make; anything else
    /// rather leaves running machines alone.
    static func surplusRank(isMade: Bool, differs: Bool, scope: RosterScope) -> Int {
        if case .roll = scope { return differs ? (isMade ? 1 : 0) : 2 }
        return isMade ? (differs ? 1 : 2) : 0
    }
}

extension RollSelection {
    /// Why a machine is rolled; nil when it is not.
    /// - Parameter differs: in what it differs from the spec.
    func reason(_ entry: MachineEntry, differs: Reason?) -> Reason? {
        switch self {
        case .differing: differs
        case .pool(let chosen): chosen == entry.pool ? differs : nil
        case .machine(let name): name == entry.name ? differs ?? Reason("asked for", new: "a new machine") : nil
        case .all: differs ?? Reason("asked for", new: "a new machine")
        }
    }
}
