public import ClusterModel

/// Small valid values that tests start from.
public enum Fixtures {
    public static let podCIDR = cidr("10.244.0.0/16")
    public static let serviceCIDR = cidr("10.96.0.0/16")

    /// A literal that is known to be well-formed.
    public static func cidr(_ text: String) -> IPv4CIDR {
        guard let cidr = IPv4CIDR(text) else { preconditionFailure("a test's literal is no CIDR: \(text)") }
        return cidr
    }

    /// A literal that is known to be well-formed.
    public static func address(_ text: String) -> IPv4Address {
        guard let address = IPv4Address(text) else { preconditionFailure("a test's literal is no address: \(text)") }
        return address
    }

    /// One master in `local-a` and a pool `nodes` of `workers` machines over `zones`.
    public static func cluster(workers: Int = 1, zones: [String] = ["local-a"]) -> Cluster {
        Cluster(
            name: "demo",
            spec: ClusterSpec(
                kubernetesVersion: KubernetesVersion(major: 1, minor: 20, patch: 2),
                cloud: CloudSpec(provider: .local, local: LocalCloudSpec()),
                access: AccessSpec(), controlPlane: ControlPlaneSpec(count: 1, zones: ["local-a"], instanceType: "local.small"),
                pools: [PoolSpec(name: "nodes", zones: zones, count: workers, instanceType: "local.small")],
                network: NetworkSpec(podCIDR: podCIDR, serviceCIDR: serviceCIDR), assets: AssetsSpec(source: "/mirror"),
                deletionProtection: false))
    }

    public static var state: ClusterState { ClusterState(lineage: "lineage", uid: "0011aabb", desired: cluster()) }
}
