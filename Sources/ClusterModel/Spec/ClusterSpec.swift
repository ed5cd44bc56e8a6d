/// One YAML document: a cluster as its user wants it.
public struct Cluster: Codable, Sendable, Equatable {
    public static let apiVersion = "slipway.dev/v1alpha1"
    public static let kind = "Cluster"

    public var apiVersion = Cluster.apiVersion
    public var kind = Cluster.kind
    public var metadata: Metadata
    public var spec: ClusterSpec

    public init(name: String, spec: ClusterSpec) {
        metadata = Metadata(name: name)
        self.spec = spec
    }

    public struct Metadata: Codable, Sendable, Equatable {
        public var name: String
    }

    public var name: String { metadata.name }
}

public struct ClusterSpec: Codable, Sendable, Equatable {
    /// Nil until `create` has resolved it to the newest release of the asset source.
    public var kubernetesVersion: KubernetesVersion?
    public var cloud: CloudSpec
    public var access: AccessSpec
    public var controlPlane: ControlPlaneSpec
    public var pools: [PoolSpec]
    public var network: NetworkSpec
    public var assets: AssetsSpec
    /// While true, `delete` refuses.
    public var deletionProtection: Bool

    public init(
        kubernetesVersion: KubernetesVersion?, cloud: CloudSpec, access: AccessSpec, controlPlane: ControlPlaneSpec, pools: [PoolSpec],
        network: NetworkSpec, assets: AssetsSpec, deletionProtection: Bool
    ) {
        self.kubernetesVersion = kubernetesVersion
        self.cloud = cloud
        self.access = access
        self.controlPlane = controlPlane
        self.pools = pools
        self.network = network
        self.assets = assets
        self.deletionProtection = deletionProtection
    }
}

public enum CloudProvider: String, Codable, Sendable, CaseIterable {
    case local
    case aws
    /// A world in memory or in a file, for tests and rehearsals. Works, but is not offered.
    case simulated

    /// Those that a person may choose from.
    public static let offered: [CloudProvider] = [.local, .aws]

    /// Whether the control plane machines share the API's address among themselves (by VRRP). Where they do not, the cloud has an
    /// endpoint that leads to those it is told of.
    public var sharesAPIAddress: Bool {
        switch self {
        case .local, .simulated: true
        case .aws: false
        }
    }

    /// Whether others can read the host key that a machine is made with (see `Cloud.hostKeysAreSeeds`).
    public var hostKeysAreSeeds: Bool {
        switch self {
        case .local, .simulated: false
        // User data can be read by whoever may describe instances, and by whatever runs on them.
        case .aws: true
        }
    }
}

public struct CloudSpec: Codable, Sendable, Equatable {
    public var provider: CloudProvider
    /// Settings of the local cloud, and of the simulated one, which takes its place.
    public var local: LocalCloudSpec?
    /// Settings of AWS; nil on other clouds.
    public var aws: AWSCloudSpec?

    public init(provider: CloudProvider, local: LocalCloudSpec? = nil, aws: AWSCloudSpec? = nil) {
        self.provider = provider
        self.local = local
        self.aws = aws
    }
}

extension CloudSpec {
    public var place: CloudPlace { CloudPlace(provider, region: aws?.region) }
}

/// Where a cloud is to be asked.
public struct CloudPlace: Sendable, Hashable {
    public var provider: CloudProvider
    /// Nil on clouds without regions, and for the one that the surroundings name.
    public var region: String?

    public init(_ provider: CloudProvider, region: String? = nil) {
        self.provider = provider
        self.region = region
    }
}

public struct LocalCloudSpec: Codable, Sendable, Equatable {
    /// The machines' range. Nil: a free one is chosen at create and kept in the state.
    public var cidr: IPv4CIDR?

    public init(cidr: IPv4CIDR? = nil) { self.cidr = cidr }
}

public struct AccessSpec: Codable, Sendable, Equatable {
    /// Who may reach the Kubernetes API.
    public var api: [IPv4CIDR]
    /// Who may reach the machines' SSH port.
    public var ssh: [IPv4CIDR]
    /// More keys, in `authorized_keys` form, that may log in to the machines.
    public var sshPublicKeys: [String]

    public init(api: [IPv4CIDR] = [], ssh: [IPv4CIDR] = [], sshPublicKeys: [String] = []) {
        self.api = api
        self.ssh = ssh
        self.sshPublicKeys = sshPublicKeys
    }
}

public struct ControlPlaneSpec: Codable, Sendable, Equatable {
    /// Odd, so that a majority always exists.
    public var count: Int
    public var zones: [String]
    public var instanceType: String
    /// Nil: in place while there is one machine, which nothing could stand in for; by replacement otherwise.
    public var update: ControlPlaneUpdateSpec?

    public init(count: Int, zones: [String], instanceType: String, update: ControlPlaneUpdateSpec? = nil) {
        self.count = count
        self.zones = zones
        self.instanceType = instanceType
        self.update = update
    }

    public var strategy: UpdateStrategy { update?.strategy ?? (count > 1 ? .replace : .inPlace) }
}

/// How the control plane is rolled.
public struct ControlPlaneUpdateSpec: Codable, Sendable, Equatable {
    public var strategy: UpdateStrategy

    public init(strategy: UpdateStrategy) { self.strategy = strategy }
}

/// What becomes of a machine that differs from its pool.
public enum UpdateStrategy: String, Codable, Sendable, CaseIterable {
    /// A new machine takes its place.
    case replace
    /// It is drained, stopped, changed and started again.
    case inPlace
}

public struct PoolSpec: Codable, Sendable, Equatable {
    public var name: String
    public var zones: [String]
    /// Machines in all, spread over the zones.
    public var count: Int
    public var instanceType: String
    public var labels: [String: String]
    public var taints: [Taint]
    /// Whether its machines are of capacity that the cloud can take back (`MachineMarket.spot`).
    public var spot: Bool
    public var update: UpdateSpec

    public init(
        name: String, zones: [String], count: Int, instanceType: String, labels: [String: String] = [:], taints: [Taint] = [],
        spot: Bool = false, update: UpdateSpec = UpdateSpec()
    ) {
        self.name = name
        self.zones = zones
        self.count = count
        self.instanceType = instanceType
        self.labels = labels
        self.taints = taints
        self.spot = spot
        self.update = update
    }

    /// Nil: at the cloud's usual price.
    public var market: MachineMarket? { spot ? .spot : nil }
}

/// A node taint, as Kubernetes writes it.
public struct Taint: Codable, Sendable, Hashable {
    public enum Effect: String, Codable, Sendable, CaseIterable {
        case noSchedule = "NoSchedule"
        case preferNoSchedule = "PreferNoSchedule"
        case noExecute = "NoExecute"
    }

    public var key: String
    public var value: String?
    public var effect: Effect

    public init(key: String, value: String? = nil, effect: Effect) {
        self.key = key
        self.value = value
        self.effect = effect
    }
}

/// How a pool is rolled.
public struct UpdateSpec: Codable, Sendable, Equatable {
    /// Machines made beyond the count while rolling: a count or a percentage.
    public var maxSurge: CountOrPercent
    /// Machines that may be missing while rolling: a count or a percentage.
    public var maxUnavailable: CountOrPercent
    /// How long a drain may take.
    public var drainTimeout: Seconds
    public var strategy: UpdateStrategy

    public init(
        maxSurge: CountOrPercent = .count(1), maxUnavailable: CountOrPercent = .count(0), drainTimeout: Seconds = Seconds(900),
        strategy: UpdateStrategy = .replace
    ) {
        self.maxSurge = maxSurge
        self.maxUnavailable = maxUnavailable
        self.drainTimeout = drainTimeout
        self.strategy = strategy
    }

    /// States that were stored before there was a choice have no strategy, and the default is still not written.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        maxSurge = try fields.decode(CountOrPercent.self, forKey: .maxSurge)
        maxUnavailable = try fields.decode(CountOrPercent.self, forKey: .maxUnavailable)
        drainTimeout = try fields.decode(Seconds.self, forKey: .drainTimeout)
        strategy = try fields.decodeIfPresent(UpdateStrategy.self, forKey: .strategy) ?? .replace
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(maxSurge, forKey: .maxSurge)
        try fields.encode(maxUnavailable, forKey: .maxUnavailable)
        try fields.encode(drainTimeout, forKey: .drainTimeout)
        if strategy != .replace { try fields.encode(strategy, forKey: .strategy) }
    }

    private enum CodingKeys: CodingKey { case maxSurge, maxUnavailable, drainTimeout, strategy }
}

public struct NetworkSpec: Codable, Sendable, Hashable {
    public static let defaultPodCIDR = "10.244.0.0/16"
    public static let defaultServiceCIDR = "10.96.0.0/16"
    /// Each machine's share of the pod range has this many leading bits.
    public static let machinePodPrefix = 24

    public var podCIDR: IPv4CIDR
    public var serviceCIDR: IPv4CIDR

    public init(podCIDR: IPv4CIDR, serviceCIDR: IPv4CIDR) {
        self.podCIDR = podCIDR
        self.serviceCIDR = serviceCIDR
    }
}

public struct AssetsSpec: Codable, Sendable, Equatable {
    public static let official = "official"

    /// `official`, or a mirror of the same layout: a directory or a URL.
    public var source: String

    public init(source: String = AssetsSpec.official) { self.source = source }
}
