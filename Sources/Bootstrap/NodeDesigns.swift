public import ClusterModel

/// What a machine's node is to look like in the API.
public enum NodeDesigns {
    public static let poolLabel = "slipway.dev/pool"
    public static let zoneLabel = "topology.kubernetes.io/zone"
    public static let regionLabel = "topology.kubernetes.io/region"
    public static let instanceTypeLabel = "node.kubernetes.io/instance-type"

    /// Labels and taints that do not depend on the user come last and win.
    /// - Parameters:
    ///   - pool: the spec's pool of this machine; nil for the control plane.
    ///   - region: nil where the cloud has none.
    public static func node(
        for machine: MachineDesign, pool: PoolSpec?, version: KubernetesVersion, region: String? = nil
    ) -> NodeDesign {
        let gates = VersionGates(version)
        var labels = pool?.labels ?? [:]
        labels[poolLabel] = machine.pool
        labels[zoneLabel] = machine.zone
        labels[instanceTypeLabel] = machine.instanceType
        if let region { labels[regionLabel] = region }
        var taints = pool?.taints ?? []
        if machine.role == .controlPlane {
            for key in gates.controlPlaneLabelKeys { labels[key] = "" }
            for key in gates.controlPlaneTaintKeys {
                let taint = Taint(key: key, effect: .noSchedule)
                if !taints.contains(taint) { taints.append(taint) }
            }
        }
        return NodeDesign(podCIDR: machine.podCIDR, labels: labels, taints: taints)
    }

    /// The same with the pool looked up in the spec.
    public static func node(
        for machine: MachineDesign, of spec: ClusterSpec, version: KubernetesVersion, region: String? = nil
    ) -> NodeDesign {
        let pool = machine.role == .worker ? spec.pools.first { $0.name == machine.pool } : nil
        return node(for: machine, pool: pool, version: version, region: region)
    }
}
