import ClusterModel

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

    /// - Throws: `.refused` when quorum is lost for good, saying what is lost.
    static func check(_ masters: [MachineSituation], mark: EtcdMark, cluster: String) throws {
        guard case .initialised = mark else { return }
        let lost = masters.filter { $0.isLost || ($0.needsCreation && masters.count == 1) }.map(\.design.name)
        try refuseOtherCount(masters, cluster: cluster)
        // A machine that answers and has no data lost it; one that does not answer may still have it.
        let empty = masters.filter { $0.facts.map { !$0.hasEtcdData } ?? false }.map(\.design.name)
        let gone = Set(lost + empty)
        let quorum = masters.count / 2 + 1
        guard masters.count - gone.count < quorum else { return }
        var parts: [String] = []
        if !lost.isEmpty { parts.append("the machine \(lost.joined(separator: ", ")) is gone") }
        if !empty.isEmpty { parts.append("etcd's data on \(empty.joined(separator: ", ")) is gone (/var/lib/etcd/member)") }
        throw SlipwayError(
            .refused, at: Address(.etcd, cluster), doing: "checking etcd's quorum",
            cause: parts.joined(separator: " and ") + ", and with it the cluster's only copy of its objects",
            hint: "bring the data back (move the folder back, then run the same command), or delete the cluster and create it anew; "
                + "Slipway never starts an empty etcd for a cluster that was initialised")
    }

    /// The members were fixed when etcd was formed.
    private static func refuseOtherCount(_ masters: [MachineSituation], cluster: String) throws {
        let made = masters.filter { $0.entry?.providerID != nil }
        guard made.count < masters.count, !made.isEmpty else { return }
        throw SlipwayError(
            .refused, at: Address(.etcd, cluster), doing: "planning the control plane",
            cause: "it has \(made.count) nodes and should have \(masters.count): changing their number is not supported yet",
            hint: "set spec.controlPlane.count back to \(made.count)")
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
