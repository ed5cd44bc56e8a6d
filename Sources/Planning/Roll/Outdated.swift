import ClusterModel

/// A machine that differs from what its pool should be made of.
struct Outdated: Equatable {
    var name: String
    var reason: Reason

    static func reason(_ entry: MachineEntry, _ spec: PoolSpec) -> Reason? {
        reason(entry, zones: spec.zones, instanceType: spec.instanceType, market: spec.market)
    }

    static func reason(_ entry: MachineEntry, _ spec: ControlPlaneSpec) -> Reason? {
        reason(entry, zones: spec.zones, instanceType: spec.instanceType, market: nil)
    }

    private static func reason(_ entry: MachineEntry, zones: [String], instanceType: String, market: MachineMarket?) -> Reason? {
        if entry.instanceType != instanceType { return Reason("instanceType", old: entry.instanceType, new: instanceType) }
        if entry.market != market { return Reason("spot", old: String(entry.market == .spot), new: String(market == .spot)) }
        if !zones.contains(entry.zone) { return Reason("zones", old: entry.zone, new: zones.joined(separator: ", ")) }
        return nil
    }

    /// A machine can be given another size where it is, but no other zone and no other price.
    static func isOnlySize(_ entry: MachineEntry, _ spec: PoolSpec) -> Bool {
        entry.instanceType != spec.instanceType && entry.market == spec.market && spec.zones.contains(entry.zone)
    }

    static func isOnlySize(_ entry: MachineEntry, _ spec: ControlPlaneSpec) -> Bool {
        entry.instanceType != spec.instanceType && spec.zones.contains(entry.zone)
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
