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

    public static let version = KubernetesVersion(major: 1, minor: 20, patch: 2)

    public static let network = NetworkRecord(
        id: "net-1", cidr: cidr("100.96.8.0/24"), gateway: address("100.96.8.1"), apiAddress: "100.96.8.2")

    /// A machine that was made: number `ordinal` of its pool, with the address 100.96.8.(10 + ordinal) for a master and
    /// 100.96.8.(20 + ordinal) for a worker.
    public static func machine(_ role: MachineRole, _ ordinal: Int = 1, hostKey: String = "SHA256:pinned") -> MachineEntry {
        let pool = role == .controlPlane ? MachineRole.controlPlanePool : "nodes"
        let place = (role == .controlPlane ? 10 : 20) + ordinal
        let name = "demo-\(pool)-a-\(ordinal)"
        return MachineEntry(
            name: name, pool: pool, zone: "local-a", role: role, ordinal: ordinal, instanceType: "local.small",
            podCIDR: cidr("10.244.\(place).0/24"), token: "0011aabb-\(name)", hostKeyFingerprint: hostKey,
            providerID: "local:///0011aabb/\(name)", address: address("100.96.8.\(place)"))
    }

    /// A state with a network and these machines, etcd initialised.
    public static func state(_ machines: [MachineEntry], etcd: EtcdMark = .initialised(token: "demo-0011aabb")) -> ClusterState {
        var state = state
        state.network = network
        state.etcd = etcd
        for machine in machines { state.apply(.machineIntended(machine)) }
        return state
    }

    public static var state: ClusterState { ClusterState(lineage: "lineage", uid: "0011aabb", desired: cluster()) }
}
