import ClusterModel

/// Which control plane machines a cluster keeps, gets and loses, and in which order.
struct ControlPlaneRoster: Equatable {
    /// Machines that are there and stay for now, those of `swaps` that are to go included: until then they serve.
    private(set) var kept: [MachineDesign] = []
    /// Machines that it lacks.
    private(set) var added: [MachineDesign] = []
    /// Machines that their cloud no longer has. They leave before any other comes.
    private(set) var lost: [MachineEntry] = []
    /// Machines that are too many. They leave once the others serve.
    private(set) var leaving: [Retirement] = []
    /// One after the other, in this order.
    private(set) var swaps: [Swap] = []
    /// Machines of `kept` that are changed in place, one after the other.
    private(set) var resizes: [Resize] = []
    /// Machines of `kept` that would have to be replaced or changed, and why.
    private(set) var outdated: [Outdated] = []

    /// What is left as it is although it was asked for, and why.
    private(set) var warnings: [String] = []

    /// - Throws: `.invalidSpec` when the pod range is used up, `.refused` for the replacement of the only machine where it is to
    ///   be changed in place, `.unreachable` when one to be changed in place does not answer.
    init(_ input: PlanningInput, scope: RosterScope, ranges: inout PodRanges) throws {
        let spec = input.desired.spec.controlPlane
        let made = input.state.machines.values.filter { $0.role == .controlPlane }.sorted { $0.ordinal < $1.ordinal }
        lost = made.filter { ControlPlaneRules.isLost($0, input) }
        var left = made.filter { !ControlPlaneRules.isLost($0, input) }

        // Repair comes first, and never together with another change of etcd's members. One that is no member any more is
        // only to be forgotten: its removal was cut short.
        let members = ControlPlaneRules.memberNames(input)
        let isRepaired = !lost.allSatisfy { entry in members.map { !$0.contains(entry.name) } ?? false }
        if scope != .repair, !isRepaired {
            for victim in Self.surplus(of: left, spec: spec, scope: scope, input: input) {
                // Without a majority nobody can leave: one that is only stopped may be what it lacks, and is started first.
                let isStopped = input.seen.machines[victim.name]?.status == .stopped
                guard !isStopped || members != nil else { continue }
                left.removeAll { $0.name == victim.name }
                let reason = Outdated.reason(victim, spec, input.desired.spec.cloud) ?? Reason("control plane", old: "above the count")
                leaving.append(Retirement(MachineSituation(MachineDesign(of: victim), input: input), victim, reason: reason, input: input))
            }
        }
        kept = left.map(MachineDesign.init(of:))

        var names = NameSource(
            MachineRole.controlPlanePool, role: .controlPlane, zones: spec.zones, instanceType: spec.instanceType, input: input,
            occupied: left.map(\.zone))
        let lacking = max(0, spec.count - left.count)
        for _ in 0..<(scope == .repair ? min(lost.count, lacking) : lacking) { added.append(try names.next(ranges: &ranges)) }

        outdated = left.compactMap { entry in
            Outdated.reason(entry, spec, input.desired.spec.cloud).map { Outdated(name: entry.name, reason: $0) }
        }
        guard case .roll(let selection) = scope, !isRepaired else { return }
        for entry in left {
            let differs = Outdated.reason(entry, spec, input.desired.spec.cloud)
            guard let reason = selection.reason(entry, differs: differs) else { continue }
            let old = Retirement(MachineSituation(MachineDesign(of: entry), input: input), entry, reason: reason, input: input)
            if spec.strategy == .inPlace {
                if Outdated.isOnlySize(entry, spec, input.desired.spec.cloud) {
                    try changeInPlace(Resize(machine: old, instanceType: spec.instanceType))
                    continue
                }
                if left.count == 1, added.isEmpty {
                    try refuseReplacingTheOnly(entry, selection, differs: differs)
                    continue
                }
            }
            var design = try names.next(zone: spec.zones.contains(entry.zone) ? entry.zone : nil, ranges: &ranges)
            design.replaces = entry.name
            swaps.append(Swap(old: old, new: design, style: .surge))
        }
        let changed = Set(swaps.map(\.old.entry.name) + resizes.map(\.machine.entry.name))
        outdated.removeAll { changed.contains($0.name) }
    }

    private mutating func changeInPlace(_ resize: Resize) throws {
        let name = resize.machine.entry.name
        switch resize.machine.condition {
        case .alive: resizes.append(resize)
        case .hung:
            throw SlipwayError(
                .unreachable, at: Address(.machine, name), doing: "planning to change it in place", cause: "it does not answer",
                hint: "bring it back first: update starts what is stopped, and validate says what it lacks")
        // It is started anyway, and is another size by then.
        case .dead:
            kept = kept.map { $0.name == name ? resize.design : $0 }
            outdated.removeAll { $0.name == name }
        }
    }

    private mutating func refuseReplacingTheOnly(_ entry: MachineEntry, _ selection: RollSelection, differs: Reason?) throws {
        let hint = "spec.controlPlane.update.strategy: replace has a second one made beside it for a while; three are better"
        guard selection == .machine(entry.name) || differs != nil else {
            warnings.append("\(entry.name) is the only control plane node, and is left as it is: \(hint)")
            return
        }
        throw SlipwayError(
            .refused, at: Address(.machine, entry.name), doing: "planning the rolling update",
            cause: "it is the only control plane node, and "
                + (differs.map { "\($0) cannot be changed in place" } ?? "a new machine for it was asked for"), hint: hint)
    }

    /// Which machines are too many: of those that differ from the spec and those that were never made the former go first when
    /// the cluster is rolled, as the latter were to replace them, and otherwise the latter; then those of the fullest zone; the
    /// oldest among equals.
    private static func surplus(
        of machines: [MachineEntry], spec: ControlPlaneSpec, scope: RosterScope, input: PlanningInput
    ) -> [MachineEntry] {
        var left = machines
        var victims: [MachineEntry] = []
        while left.count > max(1, spec.count) {
            let perZone = Dictionary(grouping: left, by: \.zone).mapValues(\.count)
            func rank(_ entry: MachineEntry) -> (Int, Int, Int, Int) {
                let isMade = entry.providerID != nil || input.seen.machines[entry.name] != nil
                let differs = Outdated.reason(entry, spec, input.desired.spec.cloud) != nil
                return (
                    Outdated.surplusRank(isMade: isMade, differs: differs, scope: scope), spec.zones.contains(entry.zone) ? 1 : 0,
                    -(perZone[entry.zone] ?? 0), entry.ordinal
                )
            }
            guard let victim = left.min(by: { rank($0) < rank($1) }) else { break }
            victims.append(victim)
            left.removeAll { $0.name == victim.name }
        }
        return victims
    }
}
