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
    /// Machines of `kept` that are changed in place, in this order.
    private(set) var resizes: [Resize] = []
    /// Stopped machines that are another size when they are started.
    private var changed: [MachineDesign] = []
    /// Machines of `kept` that would have to be replaced or changed, and why.
    private(set) var outdated: [Outdated] = []
    private(set) var budget: RollBudget?
    /// The first swap goes alone until the cluster validates.
    private(set) var needsCanary = false
    /// How many other machines must be ready in the moment before one is cordoned.
    private(set) var least = 0

    /// Everything that is to be there in the end, and old machines that stay for now.
    var machines: [MachineDesign] { kept + added + swaps.map(\.new) }

    static func == (left: Self, right: Self) -> Bool {
        left.machines == right.machines && left.leaving == right.leaving && left.swaps == right.swaps && left.resizes == right.resizes
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
            let victims = Self.surplus(of: members, count: count, scope: scope)
            let going = Set(victims.map(\.entry.name))
            members.removeAll { going.contains($0.entry.name) }
            for victim in victims {
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

        var names = NameSource(
            pool, role: .worker, zones: spec.zones, instanceType: spec.instanceType, market: spec.market, input: input,
            occupied: members.map(\.entry.zone))
        let lacking = max(0, count - members.count)
        var replaceable = Dictionary(grouping: lost.reversed(), by: \.entry.zone)
        for _ in 0..<(scope == .repair ? min(lost.count, lacking) : lacking) {
            var design = try names.next(ranges: &ranges)
            design.replaces = replaceable[design.zone]?.popLast()?.entry.name
            added.append(design)
        }
        outdated = members.compactMap { member in member.outdated.map { Outdated(name: member.entry.name, reason: $0) } }
        guard case .roll(let selection) = scope else {
            kept = members.map(\.situation.design)
            return
        }
        try roll(&members, selection: selection, spec: spec, input: input, names: &names, ranges: &ranges)
        kept = members.map(\.situation.design) + resizes.map(\.design) + changed
        let done = Set(swaps.map(\.old.entry.name) + resizes.map(\.machine.entry.name) + changed.map(\.name))
        outdated.removeAll { done.contains($0.name) }
    }

    /// Takes out of `members` what is replaced.
    private mutating func roll(
        _ members: inout [Member], selection: RollSelection, spec: PoolSpec, input: PlanningInput, names: inout NameSource,
        ranges: inout PodRanges
    ) throws {
        let chosen = members.compactMap { member in selection.reason(member.entry, differs: member.outdated).map { (member, $0) } }
        guard !chosen.isEmpty else { return }
        let rolled = Set(chosen.map(\.0.entry.name))
        members.removeAll { rolled.contains($0.entry.name) }
        // Those that are only stopped are started before any other goes.
        let unhealthy = members.count { !$0.isHealthy && $0.situation.record?.status != .stopped }
        let budget = try RollBudget(spec.update, count: count, unhealthy: unhealthy, pool: pool, cluster: input.state.name)
        self.budget = budget
        least = max(0, count - max(budget.allowed, unhealthy))
        // Those that do not serve cost nothing, and go first.
        let ordered = chosen.filter { !$0.0.serves } + Self.zoneByZone(chosen.filter { $0.0.serves })
        for (index, (member, reason)) in ordered.enumerated() {
            if spec.update.strategy == .inPlace, Outdated.isOnlySize(member.entry, spec, input.desired.spec.cloud) {
                let resize = Resize(machine: member.retirement(reason, input), instanceType: spec.instanceType)
                // One that does not run is started anyway, and is another size by then.
                if resize.machine.condition == .dead { changed.append(resize.design) } else { resizes.append(resize) }
                continue
            }
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

    /// Which machines are too many: those that were never made and those that would have to be replaced anyway
    /// (`Outdated.surplusRank`), those that do not serve, and then, in the fullest zone, the one with the fewest pods; the
    /// youngest among equals.
    private static func surplus(of members: [Member], count: Int, scope: RosterScope) -> [Member] {
        func rank(_ member: Member, inZoneOf size: Int) -> (Int, Int, Int, Int, Int) {
            (
                Outdated.surplusRank(isMade: member.isMade, differs: member.outdated != nil, scope: scope), member.serves ? 1 : 0,
                -size, member.pods, -member.entry.ordinal
            )
        }
        // Within a zone the order never changes: only the zones' next ones have to be compared, however many machines there are.
        var zones = Dictionary(grouping: members, by: \.entry.zone).mapValues { zone in
            zone.sorted { rank($0, inZoneOf: 0) > rank($1, inZoneOf: 0) }
        }
        var victims: [Member] = []
        while members.count - victims.count > count {
            let next = zones.compactMap { zone, left in left.last.map { (zone: zone, rank: rank($0, inZoneOf: left.count)) } }
            guard let zone = next.min(by: { $0.rank < $1.rank })?.zone, let victim = zones[zone]?.popLast() else { break }
            victims.append(victim)
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
        pods = input.seen.pods[entry.name]?.count { DrainVerdict($0, options: DrainOptions()) != .leave } ?? 0
        outdated = spec.flatMap { Outdated.reason(entry, $0, input.desired.spec.cloud) }
    }

    func retirement(_ reason: Reason, _ input: PlanningInput) -> Retirement {
        Retirement(situation, entry, reason: reason, input: input)
    }
}

extension MachineDesign {
    init(of entry: MachineEntry) {
        self.init(
            name: entry.name, pool: entry.pool, zone: entry.zone, role: entry.role, ordinal: entry.ordinal,
            instanceType: entry.instanceType, market: entry.market, podCIDR: entry.podCIDR)
    }
}
