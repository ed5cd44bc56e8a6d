import Bootstrap
import ClusterModel

/// Which bastions a cluster keeps, gets and loses: one where its spec asks for it, two while that is replaced.
struct BastionRoster: Equatable {
    /// Machines that are there and stay for now, that of a swap included.
    private(set) var kept: [MachineSituation] = []
    /// Machines that it lacks.
    private(set) var added: [MachineDesign] = []
    /// Machines that go, and why: lost ones, and all where the spec asks for none.
    private(set) var leaving: [(entry: MachineEntry, reason: Reason)] = []
    /// One whose successor is made or meant to be: it serves until all else is done, as logins lead through the older one.
    private(set) var replaced: (entry: MachineEntry, reason: Reason)?
    /// One that goes once the other is there.
    private(set) var swap: (old: MachineEntry, reason: Reason, new: MachineDesign)?
    /// Whether machines run that nobody can look at without a bastion, and there is none that runs: it comes first, and the rest
    /// is planned when they can be.
    private(set) var comesFirst = false

    /// - Throws: `.invalidSpec` when the pod range is used up.
    init(_ input: PlanningInput, scope: RosterScope, ranges: inout PodRanges) throws {
        let spec = input.desired.spec
        let type = spec.cloud.aws?.bastionType
        let entries = input.state.machines.values.filter { $0.role == .bastion }.sorted { $0.ordinal < $1.ordinal }
        var situations = entries.map { MachineSituation(MachineDesign(of: $0), input: input) }
        for lost in situations.filter(\.isLost).compactMap(\.entry) {
            leaving.append((lost, Reason("bastion", old: "lost: its cloud no longer has it")))
        }
        situations.removeAll(where: \.isLost)
        guard let type else {
            leaving += situations.compactMap(\.entry).map { ($0, Reason(Self.field, old: "the spec asks for none")) }
            return
        }
        // An earlier run meant to replace the first, and did not come to its end.
        if situations.count > 1, let first = situations.first, let entry = first.entry {
            situations.removeFirst()
            if first.isServing { replaced = (entry, Self.replacement) } else { leaving.append((entry, Self.replacement)) }
        }
        kept = situations
        let zones = spec.controlPlane.zones
        var names = NameSource(
            MachineRole.bastionPool, role: .bastion, zones: zones, instanceType: type, input: input,
            occupied: situations.map(\.design.zone))
        if situations.isEmpty { added.append(try names.next(zone: zones.first, ranges: &ranges)) }
        if case .roll(let selection) = scope, situations.count == 1, replaced == nil, let old = situations.first?.entry {
            let differs = Outdated.reason(old, bastionType: type, zones: zones, spec.cloud)
            if let reason = selection.reason(old, differs: differs) {
                var design = try names.next(zone: zones.contains(old.zone) ? old.zone : zones.first, ranges: &ranges)
                design.replaces = old.name
                swap = (old, reason, design)
            }
        }
        let runs = input.observation.cloud.machines.contains {
            $0.status == .running && input.state.machines[$0.name]?.isNode == true && input.state.machines[$0.name]?.providerID != nil
        }
        let gate = entries.first { $0.loginAddress != nil }.map { MachineSituation(MachineDesign(of: $0), input: input) }
        comesFirst = runs && gate?.isServing != true
    }

    private static let replacement = Reason("bastion", old: "replaced")
    private static let field = "spec.cloud.aws.bastionType"

    static func == (left: Self, right: Self) -> Bool {
        left.kept.map(\.design) == right.kept.map(\.design) && left.added == right.added
            && left.leaving.map(\.entry) == right.leaving.map(\.entry) && left.swap?.old == right.swap?.old
            && left.swap?.new == right.swap?.new && left.replaced?.entry == right.replaced?.entry && left.comesFirst == right.comesFirst
    }
}

extension MachineSituation {
    /// It was made, runs and lets us in.
    fileprivate var isServing: Bool { !needsCreation && record?.status == .running && facts != nil }
}

extension Converge {
    /// Adds what makes, starts and removes bastions. Logins to nodes come after.
    mutating func planBastions() {
        let roster = bastions
        for (entry, reason) in roster.leaving { removeMachine(entry, after: ground, reason: reason) }
        // One that nobody can log in to is not waited for where it is to be replaced anyway.
        if roster.comesFirst, roster.swap != nil { return planBastionSwap() }
        for machine in roster.kept { planBastion(machine) }
        for design in roster.added { wayIn.append(bringUp(design, after: ground)) }
    }

    private mutating func planBastion(_ machine: MachineSituation) {
        let name = machine.design.name
        if machine.needsCreation {
            wayIn.append(bringUp(machine.design, after: ground))
        } else if machine.needsStart {
            let started = builder.add(
                Address(.machine, name), .startMachine, after: ground, reason: Reason("status", old: "stopped", new: "running"))
            wayIn.append(connect(name, after: [started], reason: Reason("login", new: "verified")))
        } else if machine.facts == nil || !isKnownByItsOwnKey(machine) {
            wayIn.append(connect(name, after: ground, reason: Reason("login", old: machine.unreachable, new: "verified")))
        }
    }

    /// The old one serves until all else is done.
    mutating func planBastionSwap() {
        let others = builder.steps.map(\.id)
        if let (entry, reason) = bastions.replaced { removeMachine(entry, after: others, reason: reason) }
        guard let swap = bastions.swap else { return }
        let ready = bringUp(swap.new, after: ground)
        removeMachine(swap.old, after: others + [ready], reason: swap.reason)
    }

    private mutating func bringUp(_ design: MachineDesign, after: [String]) -> String {
        let made = builder.add(
            Address(.machine, design.name), .createMachine(design: design), after: after,
            reason: Reason("bastion", new: design.instanceType))
        return connect(design.name, after: [made], reason: Reason("login", new: "verified"))
    }

    private mutating func connect(_ machine: String, after: [String], reason: Reason) -> String {
        builder.add(Address(.host, machine), .connect, after: after, reason: reason)
    }

    /// A kill may have left it with the key that it was made with. There is nothing else about it that could be unfinished.
    private func isKnownByItsOwnKey(_ machine: MachineSituation) -> Bool {
        guard input.desired.spec.cloud.provider.hostKeysAreSeeds else { return true }
        guard let entry = machine.entry, let key = entry.hostKey else { return false }
        return HostKeyRenewal.fingerprint(of: key) == entry.hostKeyFingerprint
    }
}
