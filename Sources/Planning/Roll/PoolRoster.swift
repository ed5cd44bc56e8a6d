import ClusterModel

/// Which machines a worker pool keeps, gets and loses, and in which order.
struct PoolRoster: Equatable {
    let pool: String
    /// How many machines the pool should have.
    let count: Int
    /// Machines that are there and stay for now.
    private(set) var kept: [MachineDesign] = []
    /// Machines that the pool lacks.
    private(set) var added: [MachineDesign] = []
    /// Machines that go without a replacement of their own: lost, too many, or of a pool that is no more.
    private(set) var leaving: [Retirement] = []
    /// In the order in which they are rolled.
    private(set) var swaps: [Swap] = []
    /// Machines of `kept` that would have to be replaced, and why.
    private(set) var outdated: [(name: String, reason: Reason)] = []
    private(set) var budget: RollBudget?
    /// The first swap goes alone until the cluster validates.
    private(set) var needsCanary = false
    /// How many other machines must be ready in the moment before one is cordoned.
    private(set) var least = 0

    /// Everything that is to be there in the end, and old machines that stay for now.
    var machines: [MachineDesign] { kept + added + swaps.map(\.new) }

    static func == (left: Self, right: Self) -> Bool {
        left.machines == right.machines && left.leaving == right.leaving && left.swaps == right.swaps
    }

    /// - Parameter spec: nil for a pool that is no longer in the spec: all its machines leave.
    /// - Throws: `.unreachable` for machines in an unknown state that would have to go, `.refused` for a budget that allows no
    ///   progress, `.invalidSpec` when the pod range is used up.
    init(_ pool: String, spec: PoolSpec?, input: PlanningInput, scope: RosterScope, ranges: inout PodRanges) throws {
        self.pool = pool
        count = spec?.count ?? 0
        let entries = input.state.machines.values.filter { $0.pool == pool }.sorted { $0.ordinal < $1.ordinal }
        var members = entries.map { Member($0, spec: spec, input: input) }

        if let unknown = members.first(where: { $0.situation.record?.status == .unknown }) {
            throw SlipwayError(
                .unreachable, at: Address(.machine, unknown.entry.name), doing: "observing", cause: "its cloud cannot say whether it runs",
                hint: "nothing is done to a cluster with a machine in an unknown state; try again")
        }

        let lost = members.filter(\.situation.isLost)
        members.removeAll(where: \.situation.isLost)
        leaving = lost.map { $0.retirement(Reason("machine", old: "lost: its cloud no longer has it"), input) }

        if scope != .repair {
            for victim in Self.surplus(of: members, count: count) {
                members.removeAll { $0.entry.name == victim.entry.name }
                let reason =
                    spec == nil
                    ? Reason("spec.pools", old: "the pool is no longer in it")
                    : Reason("spec.pools[\(pool)].count", old: "\(entries.count)", new: "\(count)")
                leaving.append(victim.retirement(victim.outdated ?? reason, input))
            }
        }
        least = max(0, count - members.count { !$0.isHealthy })
        guard let spec else {
            kept = members.map(\.situation.design)
            return
        }

        var names = NameSource(pool, spec: spec, input: input, occupied: members.map(\.entry.zone))
        let lacking = max(0, count - members.count)
        for _ in 0..<(scope == .repair ? min(lost.count, lacking) : lacking) {
            var design = try names.next(zone: nil, ranges: &ranges)
            let zone = design.zone
            let taken = Set(added.compactMap(\.replaces))
            design.replaces = lost.first { $0.entry.zone == zone && !taken.contains($0.entry.name) }?.entry.name
            added.append(design)
        }
        outdated = members.compactMap { member in member.outdated.map { (member.entry.name, $0) } }
        guard case .roll(let selection) = scope else {
            kept = members.map(\.situation.design)
            return
        }
        try roll(&members, selection: selection, spec: spec, input: input, names: &names, ranges: &ranges)
        kept = members.map(\.situation.design)
        let replaced = Set(swaps.map(\.old.entry.name))
        outdated.removeAll { replaced.contains($0.name) }
    }

    /// Takes out of `members` what is replaced.
    private mutating func roll(
        _ members: inout [Member], selection: RollSelection, spec: PoolSpec, input: PlanningInput, names: inout NameSource,
        ranges: inout PodRanges
    ) throws {
        let chosen = members.compactMap { member in member.reason(under: selection, pool: pool).map { (member, $0) } }
        guard !chosen.isEmpty else { return }
        members.removeAll { member in chosen.contains { $0.0.entry.name == member.entry.name } }
        let unhealthy = members.count { !$0.isHealthy }
        let budget = try RollBudget(spec.update, count: count, unhealthy: unhealthy, pool: pool, cluster: input.state.name)
        self.budget = budget
        least = max(0, count - max(budget.allowed, unhealthy))
        // Those that do not serve cost nothing, and go first.
        let ordered = chosen.filter { !$0.0.serves } + Self.zoneByZone(chosen.filter { $0.0.serves })
        for (index, (member, reason)) in ordered.enumerated() {
            let zone = spec.zones.contains(member.entry.zone) ? member.entry.zone : nil
            var design = try names.next(zone: zone, ranges: &ranges)
            design.replaces = member.entry.name
            swaps.append(Swap(old: member.retirement(reason, input), new: design, style: budget.style(index)))
        }
        needsCanary = !members.contains { $0.isHealthy && $0.outdated == nil }
    }

    /// Turn by turn from each zone, so that no zone loses all its old machines at once.
    private static func zoneByZone(_ chosen: [(Member, Reason)]) -> [(Member, Reason)] {
        var zones: [String: [(Member, Reason)]] = [:]
        for item in chosen { zones[item.0.entry.zone, default: []].append(item) }
        let order = zones.keys.sorted()
        let longest = zones.values.map(\.count).max() ?? 0
        return (0..<longest).flatMap { turn in
            order.compactMap { zone in
                zones[zone].flatMap { $0.indices.contains(turn) ? $0[turn] : nil }
            }
        }
    }

    /// Which machines are too many: those that were never made, those that would have to be replaced anyway, those that do not
    /// serve, and then, in the fullest zone, the one with the fewest pods; the youngest among equals.
    private static func surplus(of members: [Member], count: Int) -> [Member] {
        var left = members
        var victims: [Member] = []
        while left.count > count {
            let perZone = Dictionary(grouping: left, by: \.entry.zone).mapValues(\.count)
            func rank(_ member: Member) -> (Int, Int, Int, Int) {
                (
                    member.isMade ? (member.outdated == nil ? 3 : 1) + (member.serves ? 1 : 0) : 0, -(perZone[member.entry.zone] ?? 0),
                    member.pods,
                    -member.entry.ordinal
                )
            }
            guard let victim = left.min(by: { rank($0) < rank($1) }) else { break }
            victims.append(victim)
            left.removeAll { $0.entry.name == victim.entry.name }
        }
        return victims
    }
}

/// One machine of a pool with what decides about its future.
private struct Member {
    var entry: MachineEntry
    var situation: MachineSituation
    /// The field in which it differs from its pool and that cannot be changed in place.
    var outdated: Reason?
    /// False while there is only the intent to make it.
    var isMade: Bool { entry.providerID != nil || situation.record != nil }
    /// New pods come to it. One that does not serve costs nothing when it goes.
    var serves: Bool
    /// It serves when it stays.
    var isHealthy: Bool
    /// Pods that a drain would move.
    var pods: Int

    init(_ entry: MachineEntry, spec: PoolSpec?, input: PlanningInput) {
        self.entry = entry
        situation = MachineSituation(MachineDesign(of: entry), input: input)
        let runs = situation.record?.status == .running
        serves = runs && MachineHealth.takesPods(entry, input: input)
        isHealthy = runs && MachineHealth.willTakePods(entry, input: input)
        pods =
            input.observation.cluster.workload?.pods.count {
                $0.node == entry.name && DrainVerdict($0, options: DrainOptions()) != .leave
            } ?? 0
        if let spec {
            if entry.instanceType != spec.instanceType {
                outdated = Reason("instanceType", old: entry.instanceType, new: spec.instanceType)
            } else if !spec.zones.contains(entry.zone) {
                outdated = Reason("zones", old: entry.zone, new: spec.zones.joined(separator: ", "))
            }
        }
    }

    func retirement(_ reason: Reason, _ input: PlanningInput) -> Retirement {
        Retirement(situation, entry, reason: reason, input: input)
    }

    func reason(under selection: RollSelection, pool: String) -> Reason? {
        switch selection {
        case .differing: outdated
        case .pool(let chosen): chosen == pool ? outdated : nil
        case .machine(let name): name == entry.name ? outdated ?? Reason("asked for", new: "a new machine") : nil
        case .all: outdated ?? Reason("asked for", new: "a new machine")
        }
    }
}

/// Gives new machines of a pool their names, zones and pod ranges.
private struct NameSource {
    private let cluster: String
    private let pool: String
    private let spec: PoolSpec
    private var ordinal: Int
    private var perZone: [String: Int]

    init(_ pool: String, spec: PoolSpec, input: PlanningInput, occupied: [String]) {
        cluster = input.state.name
        self.pool = pool
        self.spec = spec
        let tag = input.observation.cloud.network?.tags[Tag.highWaterPrefix + pool].flatMap { Int($0) }
        ordinal = max(input.state.highWater[pool] ?? 0, tag ?? 0)
        perZone = Dictionary(spec.zones.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
        for zone in occupied { perZone[zone]? += 1 }
    }

    /// - Parameter zone: nil for the emptiest, the first of the spec among equals.
    mutating func next(zone: String?, ranges: inout PodRanges) throws -> MachineDesign {
        let emptiest = spec.zones.min { perZone[$0, default: 0] < perZone[$1, default: 0] }
        guard let chosen = zone ?? emptiest else {
            throw SlipwayError(.bug, doing: "planning pool '\(pool)'", cause: "it has no zones")
        }
        if zone == nil { perZone[chosen, default: 0] += 1 }
        ordinal += 1
        return MachineDesign(
            name: MachineName.text(cluster: cluster, pool: pool, zone: chosen, ordinal: ordinal), pool: pool, zone: chosen, role: .worker,
            ordinal: ordinal, instanceType: spec.instanceType, podCIDR: try ranges.take())
    }
}

extension MachineDesign {
    init(of entry: MachineEntry) {
        self.init(
            name: entry.name, pool: entry.pool, zone: entry.zone, role: entry.role, ordinal: entry.ordinal,
            instanceType: entry.instanceType, podCIDR: entry.podCIDR)
    }
}
