import ClusterModel

/// One machine of the fleet beside what was observed of it.
struct MachineSituation {
    var design: MachineDesign
    var entry: MachineEntry?
    var record: MachineRecord?
    var facts: HostFacts?
    var unreachable: String?

    init(_ design: MachineDesign, input: PlanningInput) {
        self.design = design
        entry = input.state.machines[design.name]
        record = input.seen.machines[design.name]
        switch input.observation.hosts[design.name] {
        case .reached(let facts): self.facts = facts
        case .unreachable(let reason): unreachable = reason
        case nil: break
        }
    }

    /// It was made once, and its cloud no longer has it.
    var isLost: Bool { entry?.isLost(seen: record) ?? false }
    var needsCreation: Bool { !isLost && (record == nil || record?.status == .terminated || entry?.providerID == nil) }
    var needsStart: Bool { record?.status == .stopped && !needsCreation }
    /// Nothing about its inside is known: it is not running, or does not answer.
    var isOpaque: Bool { facts == nil }

    func isActive(_ service: NodeService) -> Bool { facts?.services[service] == "active" }
}

extension MachineEntry {
    /// It was made once, and its cloud no longer has it.
    /// - Parameter record: what the cloud has under its name; nil for nothing.
    func isLost(seen record: MachineRecord?) -> Bool { providerID != nil && (record == nil || record?.status == .terminated) }
}
