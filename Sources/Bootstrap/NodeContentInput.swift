public import ClusterModel

/// All that decides what is on a node's disk. Nothing in it speaks of other machines: changing how many there are
/// changes no node's content.
public struct NodeContentInput: Sendable, Hashable {
    public var cluster: ClusterIdentity
    public var provider: CloudProvider
    /// Whether this machine shares the API's address with the others of the control plane; otherwise its cloud leads to them.
    public var sharesAPIAddress: Bool
    public var version: KubernetesVersion
    /// The machine's name; the node, its etcd member and its certificates carry it.
    public var machine: String
    public var pool: String
    public var zone: String
    public var role: MachineRole
    /// The part of the pod range that is this machine's.
    public var podCIDR: IPv4CIDR
    /// Taints that the node registers with besides the startup taint (`NodeDesign.taints`).
    public var taints: [Taint]
    public var network: NetworkSpec
    /// Who else may log in as root, in `authorized_keys` form.
    public var sshPublicKeys: [String]
    /// A name of the API that the spec chose, besides those that its network has.
    public var apiName: String?
    /// Changes when the cluster's secrets do.
    public var secretsVersion: String
    public var late: LateValues

    public init(
        cluster: ClusterIdentity, provider: CloudProvider, version: KubernetesVersion, machine: String, pool: String, zone: String,
        role: MachineRole,
        podCIDR: IPv4CIDR, taints: [Taint], network: NetworkSpec, sshPublicKeys: [String] = [], secretsVersion: String, late: LateValues
    ) {
        self.cluster = cluster
        self.provider = provider
        sharesAPIAddress = provider.sharesAPIAddress
        self.version = version
        self.machine = machine
        self.pool = pool
        self.zone = zone
        self.role = role
        self.podCIDR = podCIDR
        self.taints = taints
        self.network = network
        self.sshPublicKeys = sshPublicKeys
        self.secretsVersion = secretsVersion
        self.late = late
    }

    /// The input for a machine of a spec whose Kubernetes version is resolved.
    /// - Throws: `SlipwayError` (`bug`) when the spec has no version.
    public init(
        cluster: ClusterIdentity, spec: ClusterSpec, machine: MachineDesign, secretsVersion: String, late: LateValues = .symbolic
    ) throws {
        guard let version = spec.kubernetesVersion else {
            throw SlipwayError(
                .bug, at: Address(.host, machine.name), doing: "rendering node content",
                cause: "the spec's Kubernetes version is not resolved")
        }
        self.init(
            cluster: cluster, provider: spec.cloud.provider, version: version, machine: machine.name, pool: machine.pool,
            zone: machine.zone, role: machine.role,
            podCIDR: machine.podCIDR, taints: NodeDesigns.node(for: machine, of: spec, version: version).taints, network: spec.network,
            sshPublicKeys: spec.access.sshPublicKeys, secretsVersion: secretsVersion, late: late)
        apiName = spec.cloud.aws?.dnsName
    }

    /// The same with symbolic late values, for digests.
    public var symbolic: NodeContentInput {
        var copy = self
        copy.late = .symbolic
        return copy
    }

    /// The first address of the service range: the `kubernetes` Service.
    var kubernetesServiceAddress: IPv4Address { IPv4Address(rawValue: network.serviceCIDR.base.rawValue + 1) }
    /// The first address of the machine's pod range: the pod bridge.
    var bridgeAddress: IPv4Address { IPv4Address(rawValue: podCIDR.base.rawValue + 1) }
    /// The address at which the components of this machine find the API: a master's own, or the cluster's.
    var apiHost: String { role == .controlPlane ? "127.0.0.1" : late.apiAddress }
}
