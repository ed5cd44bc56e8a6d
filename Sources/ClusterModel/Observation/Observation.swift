/// Everything that was read before planning. One value, so that tests feed recorded ones.
public struct Observation: Codable, Sendable, Equatable {
    public var cloud: CloudObservation
    /// By machine name; running machines that could not be read have an entry that says why.
    public var hosts: [String: HostObservation]
    public var cluster: ClusterObservation

    public init(cloud: CloudObservation, hosts: [String: HostObservation] = [:], cluster: ClusterObservation = .unknown) {
        self.cloud = cloud
        self.hosts = hosts
        self.cluster = cluster
    }
}

/// What one machine says of itself.
public enum HostObservation: Codable, Sendable, Equatable {
    case unreachable(reason: String)
    case reached(HostFacts)

    public var facts: HostFacts? { if case .reached(let facts) = self { facts } else { nil } }
}

public struct HostFacts: Codable, Sendable, Equatable {
    /// Digest of the desired content that the machine was last given whole.
    public var specDigest: String?
    /// Delivered files that differ from what was delivered, sorted.
    public var damagedFiles: [String]
    /// Version of the Kubernetes binaries that were installed whole.
    public var binaries: KubernetesVersion?
    /// `active`, `inactive`, `failed`, ... by service; a service whose unit does not exist is absent.
    public var services: [NodeService: String]
    public var hasEtcdData: Bool
    /// The file is there that lets etcd start without data.
    public var isFormingEtcd: Bool
    public var bootID: String
    /// When the first of its certificates that Slipway issued expires, in seconds since 1970.
    public var certificatesUntil: Int?
    /// What its etcd member says; nil where none runs or it does not answer.
    public var etcd: EtcdFacts?
    /// Digest of what it keeps for the day on which the state store is lost; nil where there is nothing or it is damaged.
    public var recoveryKit: String?

    public init(
        specDigest: String?, damagedFiles: [String] = [], binaries: KubernetesVersion? = nil, services: [NodeService: String],
        hasEtcdData: Bool = false, isFormingEtcd: Bool = false, bootID: String = "", certificatesUntil: Int? = nil, etcd: EtcdFacts? = nil,
        recoveryKit: String? = nil
    ) {
        self.specDigest = specDigest
        self.damagedFiles = damagedFiles
        self.binaries = binaries
        self.services = services
        self.hasEtcdData = hasEtcdData
        self.isFormingEtcd = isFormingEtcd
        self.bootID = bootID
        self.certificatesUntil = certificatesUntil
        self.etcd = etcd
        self.recoveryKit = recoveryKit
    }
}

/// One etcd member's own view of its cluster.
public struct EtcdFacts: Codable, Sendable, Equatable {
    public struct Member: Codable, Sendable, Equatable {
        public var id: UInt64
        /// Empty until the member has started for the first time.
        public var name: String
        public var peerURLs: [String]
        public var isLearner: Bool

        public init(id: UInt64, name: String, peerURLs: [String] = [], isLearner: Bool = false) {
            self.id = id
            self.name = name
            self.peerURLs = peerURLs
            self.isLearner = isLearner
        }
    }

    /// The member that answered.
    public var id: UInt64
    /// Nil while there is none.
    public var leader: UInt64?
    /// Sorted by id. Empty when the member could not list them.
    public var members: [Member]
    /// Alarms and other complaints, as etcd words them.
    public var errors: [String]

    /// Its list of members counts: a majority is behind it.
    public var knowsMembers: Bool { leader != nil && !members.isEmpty }

    public init(id: UInt64, leader: UInt64?, members: [Member], errors: [String] = []) {
        self.id = id
        self.leader = leader
        self.members = members
        self.errors = errors
    }
}

public struct ClusterObservation: Codable, Sendable, Equatable {
    public var api: APIHealth
    /// Health of each master's own API server, by machine name; masters that do not run were not asked.
    public var masters: [String: APIHealth]
    public var nodes: [NodeObservation]
    /// Digest of the manifests that were applied last.
    public var manifestsDigest: String?
    /// Nil when nobody asked.
    public var workload: Workload?

    public init(
        api: APIHealth, masters: [String: APIHealth] = [:], nodes: [NodeObservation] = [], manifestsDigest: String? = nil,
        workload: Workload? = nil
    ) {
        self.api = api
        self.masters = masters
        self.nodes = nodes
        self.manifestsDigest = manifestsDigest
        self.workload = workload
    }

    /// What runs on the cluster, as far as a drain has to know.
    public struct Workload: Codable, Sendable, Equatable {
        public var pods: [PodObservation]
        public var budgets: [DisruptionBudget]

        public init(pods: [PodObservation], budgets: [DisruptionBudget]) {
            self.pods = pods
            self.budgets = budgets
        }
    }

    /// Nobody was asked.
    public static let unknown = ClusterObservation(api: APIHealth(status: .unreachable, details: ["not asked"]))
}
