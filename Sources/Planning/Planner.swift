public import ClusterModel

/// Pure functions from what is wanted and what is to a plan.
public enum Planner {
    /// The plan that makes the cluster what the spec says; the same for a first create, its continuation and an update.
    /// Empty when there is nothing to do.
    /// - Throws: `SlipwayError`: `.refused` when quorum is lost or a change is not safe, `.invalidSpec`.
    public static func converge(_ input: PlanningInput, intent: Plan.Intent) throws -> Plan {
        try plan(input, intent: intent, scope: .update)
    }

    /// The plan that replaces lost machines and starts stopped ones, and changes nothing in their number.
    public static func repair(_ input: PlanningInput) throws -> Plan { try plan(input, intent: .repair, scope: .repair) }

    /// The plan that replaces machines, with all that an update would do.
    /// - Throws: `.notFound` for a pool or a machine that is not there; what `converge` throws.
    public static func roll(_ input: PlanningInput, _ selection: RollSelection) throws -> Plan {
        try check(selection, input)
        return try plan(input, intent: .roll, scope: .roll(selection))
    }

    private static func plan(_ input: PlanningInput, intent: Plan.Intent, scope: RosterScope) throws -> Plan {
        try refuseDeleting(input.state)
        try checkUnchangeable(input.state, desired: input.desired)
        let fleet = try Fleet(input, scope: scope)
        var converge = try Converge(input, fleet: fleet)
        // A repair changes nothing but what was lost; a start goes by other numbers of machines than the spec's.
        try converge.build(keepsKits: [.create, .update, .roll].contains(intent))
        let forecast = RollForecast(fleet, input: input)
        return Plan(
            intent: intent, cluster: input.state.identity, steps: converge.builder.steps,
            tokens: [
                TokenGrant(.etcdMembership, count: 1), TokenGrant(.unavailable(pool: MachineRole.controlPlanePool), count: 1),
            ] + converge.grants, warnings: converge.warnings + fleet.controlPlaneRoster.warnings + forecast.warnings,
            notes: forecast.notes.isEmpty ? nil : forecast.notes, opensTheWay: fleet.bastions.comesFirst ? true : nil)
    }

    private static func check(_ selection: RollSelection, _ input: PlanningInput) throws {
        let missing: (what: String, known: [String])? =
            switch selection {
            case .pool(let name) where !input.desired.spec.poolNames.contains(name):
                ("pool '\(name)'", input.desired.spec.poolNames)
            case .machine(let name) where input.state.machines[name] == nil:
                ("machine '\(name)'", input.state.machines.keys.sorted())
            default: nil
            }
        guard let missing else { return }
        throw SlipwayError(
            .notFound, at: Address(.cluster, input.state.name), doing: "planning the rolling update", cause: "it has no \(missing.what)",
            hint: "it has: \(missing.known.joined(separator: ", "))")
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
        if let old = old.cloud.aws, let new = new.cloud.aws {
            if old.region != new.region { throw refuse("spec.cloud.aws.region", old.region, new.region) }
            if old.vpcID != new.vpcID {
                throw refuse("spec.cloud.aws.vpcID", old.vpcID ?? "one of its own", new.vpcID ?? "one of its own")
            }
            if old.vpcCIDR != new.vpcCIDR { throw refuse("spec.cloud.aws.vpcCIDR", "\(old.vpcCIDR)", "\(new.vpcCIDR)") }
            for (field, old, new) in [("subnets", old.subnets, new.subnets), ("publicSubnets", old.publicSubnets, new.publicSubnets)] {
                let field = "spec.cloud.aws.\(field)"
                if (old == nil) != (new == nil) { throw refuse(field, old == nil ? "none" : "some", new == nil ? "none" : "some") }
                // One for a new zone may be added.
                for (zone, id) in (old ?? [:]).sorted(by: { $0.key < $1.key }) where new?[zone] != id {
                    throw refuse("\(field)[\(zone)]", id, new?[zone] ?? "none")
                }
            }
            if old.isPrivate != new.isPrivate {
                let text = { (aws: AWSCloudSpec) in (aws.topology ?? .public).rawValue }
                throw refuse("spec.cloud.aws.topology", text(old), text(new))
            }
            if old.isPrivate, (old.natGateways ?? .perZone) != (new.natGateways ?? .perZone) {
                let text = { (aws: AWSCloudSpec) in (aws.natGateways ?? .perZone).rawValue }
                throw refuse("spec.cloud.aws.natGateways", text(old), text(new))
            }
            if old.apiExposure != new.apiExposure {
                throw refuse("spec.cloud.aws.apiExposure", old.apiExposure.rawValue, new.apiExposure.rawValue)
            }
            // Of one name nobody could say in which of two zones it is to be looked for.
            if let name = old.dnsName, name == new.dnsName, old.hostedZone != new.hostedZone {
                throw refuse("spec.cloud.aws.hostedZone", old.hostedZone ?? "none", new.hostedZone ?? "none")
            }
        }
        if let network = state.network, let wanted = new.cloud.local?.cidr, wanted != network.cidr {
            throw refuse("spec.cloud.local.cidr", "\(network.cidr)", "\(wanted)")
        }
    }
}
