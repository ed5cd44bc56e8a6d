import ClusterModel

extension Converge {
    /// Each control plane machine keeps what a successor needs. Nothing waits for it, and nothing restarts for it.
    mutating func planRecoveryKits() {
        for machine in masters where machine.facts?.recoveryKit != input.content.recoveryDigest {
            let host = Address(.host, machine.design.name)
            // As soon as somebody is logged in and all else is there.
            let last = [Action.Name.installContent, .connect].map { Step.id(host, $0) }.first { builder.contains($0) }
            let after = last.map { [$0] } ?? prepared[machine.design.name] ?? ground
            let unseen = machine.isOpaque && machine.entry?.providerID != nil
            keepRecoveryKit(on: machine.design.name, old: unseen ? "not known" : machine.facts?.recoveryKit.map(short), after: after)
        }
    }

    mutating func keepRecoveryKit(on machine: String, old: String?, after: [String]) {
        builder.add(
            Address(.host, machine), .keepRecoveryKit(digest: input.content.recoveryDigest), after: after,
            reason: Reason("recovery kit", old: old, new: short(input.content.recoveryDigest)))
    }
}
