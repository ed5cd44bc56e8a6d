public import ClusterModel

extension Planner {
    /// The plan that removes everything the cluster owns: what the cloud shows under its tags and what the state knows.
    /// `state` is nil when it was lost; then the tags alone say what is owned.
    /// - Throws: `.refused` while the spec's deletion protection is on.
    public static func delete(_ cluster: ClusterIdentity, state: ClusterState?, observation: CloudObservation) throws -> Plan {
        if let state, state.desired.spec.deletionProtection {
            throw SlipwayError(
                .refused, at: Address(.cluster, cluster.name), doing: "planning the delete", cause: "spec.deletionProtection is true",
                hint: "lift it first: slipway set cluster \(cluster.name) spec.deletionProtection=false")
        }
        var builder = PlanBuilder()
        var marked: String?
        if state?.deleting == false {
            marked = builder.add(
                Address(.state, "deleting"), .markDeleting, reason: Reason("delete", new: "begun; only delete works from here on"))
        }
        let names = Set(observation.machines.map(\.name)).union(state.map { Set($0.machines.keys) } ?? [])
        var deleted: [String?] = [marked]
        let records = Dictionary(observation.machines.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for name in names.sorted() {
            let record = records[name]
            deleted.append(
                builder.add(
                    Address(.machine, name), .deleteMachine, after: [marked], guards: [.ownership],
                    reason: Reason("delete", old: record?.status.rawValue ?? "known to the state only")))
        }
        if let network = observation.network {
            deleted.append(
                builder.add(
                    Address(.network, cluster.name), .deleteNetwork, after: deleted, guards: [.ownership],
                    reason: Reason("delete", old: "\(network.record.cidr)")))
        } else if state?.network != nil {
            deleted.append(
                builder.add(
                    Address(.network, cluster.name), .deleteNetwork, after: deleted, guards: [.ownership],
                    reason: Reason("delete", old: "known to the state only")))
        }
        if state != nil {
            builder.add(
                Address(.state, cluster.name), .forgetCluster, after: deleted,
                reason: Reason("state and secrets", old: "stored"))
        }
        return Plan(intent: .delete, cluster: cluster, steps: builder.steps)
    }
}
