public import ClusterModel

/// Pure functions from what is wanted and what is to a plan.
public enum Planner {
    /// The plan that makes the cluster what the spec says; the same for a first create, its continuation and an update.
    /// Empty when there is nothing to do.
    /// - Throws: `SlipwayError`: `.refused` when quorum is lost or a change is not safe, `.invalidSpec`.
    public static func converge(_ input: PlanningInput, intent: Plan.Intent) throws -> Plan {
        try refuseDeleting(input.state)
        try checkUnchangeable(input.state, desired: input.desired)
        let fleet = try Fleet(desired: input.desired, state: input.state, cloud: input.observation.cloud)
        var converge = try Converge(input, fleet: fleet)
        try converge.build()
        return Plan(
            intent: intent, cluster: input.state.identity, steps: converge.builder.steps,
            tokens: [
                TokenGrant(.etcdMembership, count: 1), TokenGrant(.unavailable(pool: MachineRole.controlPlanePool), count: 1),
            ], warnings: converge.warnings)
    }

    /// Checks that `desired` changes nothing that cannot change once machines exist.
    /// - Throws: `.refused`, naming the field with its old and its new value.
    public static func checkUnchangeable(_ state: ClusterState, desired: Cluster) throws {
        let old = state.desired.spec
        let new = desired.spec
        guard !state.machines.isEmpty || state.network != nil else { return }
        func refuse(_ field: String, _ old: String, _ new: String) -> SlipwayError {
            SlipwayError(
                .refused, at: Address(.cluster, state.name), doing: "planning",
                cause: "\(field) cannot be changed while the cluster exists (\(old) -> \(new))", hint: "set it back to \(old)")
        }
        if old.network.podCIDR != new.network.podCIDR {
            throw refuse("spec.network.podCIDR", "\(old.network.podCIDR)", "\(new.network.podCIDR)")
        }
        if old.network.serviceCIDR != new.network.serviceCIDR {
            throw refuse("spec.network.serviceCIDR", "\(old.network.serviceCIDR)", "\(new.network.serviceCIDR)")
        }
        if let old = old.kubernetesVersion, let new = new.kubernetesVersion, old != new {
            throw SlipwayError(
                .refused, at: Address(.cluster, state.name), doing: "planning",
                cause: "spec.kubernetesVersion changes (\(old) -> \(new)), and upgrades are not supported yet",
                hint: "set it back to \(old)")
        }
        if old.cloud.provider != new.cloud.provider {
            throw refuse("spec.cloud.provider", old.cloud.provider.rawValue, new.cloud.provider.rawValue)
        }
        if let network = state.network, let wanted = new.cloud.local?.cidr, wanted != network.cidr {
            throw refuse("spec.cloud.local.cidr", "\(network.cidr)", "\(wanted)")
        }
    }
}
