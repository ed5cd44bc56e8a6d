public import ClusterModel

/// What must be refused about etcd and the control plane, whatever else is to be done.
enum ControlPlaneRules {
    /// The mark that counts: the further one of the state's and the network's tag, so that a lost or old state never
    /// makes an initialised cluster look new.
    static func mark(_ input: PlanningInput) -> EtcdMark {
        let tag = taggedMark(input)
        return tag.isAhead(of: input.state.etcd) ? tag : input.state.etcd
    }

    static func taggedMark(_ input: PlanningInput) -> EtcdMark {
        input.observation.cloud.network?.tags[Tag.etcdMark].flatMap(EtcdMark.init(tag:)) ?? .none
    }

    static func isLost(_ entry: MachineEntry, _ input: PlanningInput) -> Bool { entry.isLost(seen: input.seen.machines[entry.name]) }

    /// - Throws: `.refused` when quorum is lost for good, saying what is lost.
    static func check(_ input: PlanningInput, mark: EtcdMark) throws {
        guard case .initialised = mark else { return }
        let cluster = input.state.name
        let members = memberNames(input)
        // One that is no member (any more, or yet) takes nothing with it.
        let masters = input.state.machines.values.filter {
            $0.role == .controlPlane && $0.providerID != nil && members?.contains($0.name) ?? true
        }.sorted { $0.name < $1.name }
        let lost = masters.filter { isLost($0, input) }.map(\.name)
        // A machine that answers and has no data lost it, unless it never was a member (then its etcd was never started); one
        // that does not answer may still have it.
        let empty = masters.filter { master in
            guard let facts = input.observation.hosts[master.name]?.facts, !facts.hasEtcdData else { return false }
            return members != nil || masters.count == 1 || facts.services[.etcd] != "inactive"
        }.map(\.name)
        let gone = Set(lost + empty)
        let count = max(masters.count, 1)
        // A state that knows no master has none that could have the data.
        let left = masters.isEmpty ? 0 : masters.count - gone.count
        guard left < count / 2 + 1 else { return }
        var parts: [String] = []
        if masters.isEmpty { parts.append("no machine of the control plane is known") }
        if !lost.isEmpty { parts.append("the machine \(lost.joined(separator: ", ")) is gone") }
        if !empty.isEmpty { parts.append("etcd's data on \(empty.joined(separator: ", ")) is gone (/var/lib/etcd/member)") }
        throw SlipwayError(
            .refused, at: Address(.etcd, cluster), doing: "checking etcd's quorum",
            cause: parts.joined(separator: " and ")
                + (count > 1
                    ? ", \(gone.count) of \(count) members: their majority is lost"
                    : ", and with it the cluster's only copy of its objects"),
            hint: "bring the data back (move the folder back, then run the same command), or delete the cluster and create it anew; "
                + "Slipway never starts an empty etcd for a cluster that was initialised")
    }

    /// Members as those see them that know a leader; nil when nobody could be asked. One that was added and never started
    /// has no name.
    static func members(_ input: PlanningInput) -> [EtcdFacts.Member]? { members(input.observation) }

    private static func members(_ observation: Observation) -> [EtcdFacts.Member]? { ControlPlaneMembers.known(observation) }

    static func memberNames(_ input: PlanningInput) -> Set<String>? { members(input).map { Set($0.map(\.name)) } }
}

/// Etcd's members by their own word.
public enum ControlPlaneMembers {
    /// As those see them that know a leader; nil when nobody could be asked.
    public static func known(_ observation: Observation) -> [EtcdFacts.Member]? {
        let views = observation.hosts.sorted { $0.key < $1.key }.compactMap(\.value.facts?.etcd)
        return views.first(where: \.knowsMembers)?.members
    }
}

extension EtcdMark {
    func isAhead(of other: EtcdMark) -> Bool {
        switch (self, other) {
        case (.none, _): false
        case (.initialising, .none): true
        case (.initialising, _): false
        case (.initialised, .initialised): false
        case (.initialised, _): true
        }
    }

    var isInitialised: Bool { if case .initialised = self { true } else { false } }
}
