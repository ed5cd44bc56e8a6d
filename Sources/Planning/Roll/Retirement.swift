import ClusterModel

/// A machine that leaves.
struct Retirement: Equatable {
    enum Condition: Equatable {
        /// Its pods can be asked to go.
        case alive
        /// It runs, but neither its kubelet nor a login answers: it is stopped from outside first.
        case hung
        /// It does not run: nothing is left on it that could be drained.
        case dead
    }

    var entry: MachineEntry
    var reason: Reason
    var condition: Condition

    init(_ situation: MachineSituation, _ entry: MachineEntry, reason: Reason, input: PlanningInput) {
        self.entry = entry
        self.reason = reason
        condition =
            if entry.providerID == nil || situation.record?.status != .running {
                .dead
            } else if situation.unreachable != nil, !MachineHealth.isReady(entry, input: input) {
                .hung
            } else {
                .alive
            }
    }
}

/// A machine and the one that takes its place.
struct Swap: Equatable {
    enum Style: Equatable {
        /// The new machine is admitted before the old one goes.
        case surge
        /// The old machine goes first.
        case unavailable
    }

    var old: Retirement
    var new: MachineDesign
    var style: Style
}

/// A machine that is stopped, given another size, and started again.
struct Resize: Equatable {
    var machine: Retirement
    var instanceType: String

    /// What it is to be.
    var design: MachineDesign {
        var design = MachineDesign(of: machine.entry)
        design.instanceType = instanceType
        return design
    }
}

enum MachineHealth {
    /// Whether its node is there, ready and admitted.
    static func isReady(_ entry: MachineEntry, input: PlanningInput) -> Bool {
        guard let node = input.seen.nodes[entry.name] else { return false }
        return node.isReady && !node.taints.contains(NodeDesign.startupTaint)
    }

    /// Whether new pods come to it now.
    static func takesPods(_ entry: MachineEntry, input: PlanningInput) -> Bool {
        isReady(entry, input: input) && input.seen.nodes[entry.name]?.unschedulable == false
    }

    /// Whether it takes pods, or will when what an earlier run left is taken back.
    static func willTakePods(_ entry: MachineEntry, input: PlanningInput) -> Bool {
        let node = input.seen.nodes[entry.name]
        return isReady(entry, input: input) && node.map { !$0.unschedulable || $0.isMarkedByRoll } == true
    }
}
