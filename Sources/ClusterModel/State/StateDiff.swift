/// What differs between two states of one cluster, in words.
public enum StateDiff {
    public static func differences(old: ClusterState, new: ClusterState) -> [String] {
        var lines: [String] = []
        for name in new.machines.keys.sorted() where old.machines[name] == nil { lines.append("machine \(name) is new") }
        for name in old.machines.keys.sorted() where new.machines[name] == nil { lines.append("machine \(name) is gone") }
        for (name, entry) in new.machines.sorted(by: { $0.key < $1.key }) {
            guard let before = old.machines[name], before != entry else { continue }
            lines.append(difference(name, before, entry))
        }
        lines += SpecDiff.differences(old: old.desired, new: new.desired).map(\.description)
        if old.network != new.network { lines.append("network: \(old.network?.id ?? "none") -> \(new.network?.id ?? "none")") }
        if old.etcd != new.etcd { lines.append("etcd: \(word(old.etcd)) -> \(word(new.etcd))") }
        if !old.deleting, new.deleting { lines.append("a delete began") }
        if old.movingTo != new.movingTo { lines.append(new.movingTo.map { "a move to \($0) began" } ?? "a move was taken back") }
        return lines
    }

    private static func difference(_ name: String, _ before: MachineEntry, _ entry: MachineEntry) -> String {
        if before.instanceType != entry.instanceType { return "machine \(name): \(before.instanceType) -> \(entry.instanceType)" }
        guard before.providerID == entry.providerID, before.address == entry.address else { return "machine \(name) was made" }
        if before.hostKeyFingerprint != entry.hostKeyFingerprint { return "machine \(name) has a host key of its own" }
        if before.hostKey != entry.hostKey { return "machine \(name) is about to get a host key of its own" }
        func text(_ address: IPv4Address?) -> String { address.map { "\($0)" } ?? "none" }
        return "machine \(name): reached at \(text(before.accessAddress)) -> \(text(entry.accessAddress))"
    }

    private static func word(_ mark: EtcdMark) -> String {
        switch mark {
        case .none: "never started"
        case .initialising: "forming"
        case .initialised: "formed"
        }
    }
}
