import ClusterModel

extension PlanningInput {
    /// What planning may look at, and nothing else: every other field of what was observed is empty before the planner sees
    /// it. So the fingerprint of a saved plan is over exactly what the plan was made from.
    static func facts(of observation: Observation, state: ClusterState, content: ContentDesign) -> Observation {
        var facts = observation
        facts.cloud.network?.tags = (observation.cloud.network?.tags ?? [:]).filter { key, _ in
            key == Tag.etcdMark || key.hasPrefix(Tag.highWaterPrefix)
        }
        facts.cloud.machines = observation.cloud.machines.map(\.considered).sorted { $0.name < $1.name }
        // What it says of each machine is among the machine's services.
        facts.cloud.endpointMachines = nil
        facts.hosts = observation.hosts.mapValues(\.considered)
        keepOneViewOfMembers(&facts.hosts)
        facts.cluster.api.details = []
        facts.cluster.masters = [:]
        facts.cluster.nodes = observation.cluster.nodes.map { node in
            node.considered(wanted: state.machines[node.name].map { content.node(MachineDesign(of: $0)) })
        }.sorted { $0.name < $1.name }
        return facts
    }

    /// Of all members' views of etcd one counts: the first with a leader.
    private static func keepOneViewOfMembers(_ hosts: inout [String: HostObservation]) {
        let counting = hosts.keys.sorted().first { name in
            hosts[name]?.facts?.etcd?.knowsMembers == true
        }
        for (name, host) in hosts where name != counting {
            guard case .reached(var facts) = host else { continue }
            facts.etcd = nil
            hosts[name] = .reached(facts)
        }
    }
}

extension MachineRecord {
    fileprivate var considered: MachineRecord {
        MachineRecord(
            name: name, providerID: "", zone: "", role: .worker, instanceType: "", address: IPv4Address(rawValue: 0), status: status,
            tags: [:])
    }
}

extension HostObservation {
    fileprivate var considered: HostObservation {
        guard case .reached(var facts) = self else { return self }
        facts.bootID = ""
        facts.etcd = facts.etcd.map { etcd in
            EtcdFacts(
                id: 0, leader: etcd.leader.map { _ in 0 },
                members: etcd.members.map { .init(id: 0, name: $0.name, isLearner: $0.isLearner) }.sorted { $0.name < $1.name })
        }
        return .reached(facts)
    }
}

extension NodeObservation {
    /// - Parameter wanted: how it should be; nil for a node that no machine of the state has.
    fileprivate func considered(wanted: NodeDesign?) -> NodeObservation {
        let noted = [NodeDesign.labelsAnnotation, NodeDesign.taintsAnnotation]
        let keys = Set((wanted?.labels.keys).map(Array.init) ?? []).union(words(NodeDesign.labelsAnnotation))
        let ownTaints = Set(
            ((wanted?.taints ?? []) + [NodeDesign.startupTaint, NodeDesign.leavingTaint]).map(\.description)
                + words(NodeDesign.taintsAnnotation))
        var facts = NodeObservation(
            name: name, providerID: providerID, podCIDR: podCIDR, labels: labels.filter { keys.contains($0.key) },
            annotations: annotations.filter { noted.contains($0.key) }, taints: taints.filter { ownTaints.contains($0.description) },
            unschedulable: unschedulable,
            conditions: conditions.filter { $0.type == "Ready" }.prefix(1).map { .init(type: $0.type, status: $0.status) })
        // Whose it is nobody asks.
        if annotations[NodeDesign.cordonAnnotation] != nil { facts.annotations[NodeDesign.cordonAnnotation] = "" }
        return facts
    }

    private func words(_ annotation: String) -> [String] { (annotations[annotation] ?? "").split(separator: ",").map(String.init) }
}
