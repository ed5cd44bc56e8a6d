/// What gives machines and a network. Every call is safe to repeat: asking for what exists already returns it.
public protocol Cloud: Sendable {
    var provider: CloudProvider { get }

    /// Checks that this cloud can be used from here at all: rights, tools, space, images.
    /// Throws `.refused` or `.unreachable`, naming everything that is missing at once.
    func preflight(_ spec: Cluster) async throws

    /// All that this cloud holds for the cluster, by ownership tag, in a number of calls that does not grow with the
    /// machines. A cluster that has nothing there gives an empty observation.
    func observe(_ cluster: ClusterIdentity) async throws -> CloudObservation

    /// The clusters that own something here, by tag. Serves the delete of a cluster whose state was lost.
    func clusters() async throws -> [ClusterFootprint]

    /// Makes the network, or brings an existing one up again (after a reboot of the host), its routes included.
    func ensureNetwork(_ request: NetworkRequest) async throws -> NetworkRecord
    /// Adds tags to the network; existing keys are overwritten.
    func tagNetwork(_ cluster: ClusterIdentity, tags: [String: String]) async throws
    /// Removes the network. No network is not an error; one that still has machines is (`.refused`).
    func deleteNetwork(_ cluster: ClusterIdentity) async throws

    /// Makes and starts one machine. Finds the one that already exists under the same name and token.
    func createMachine(_ request: MachineRequest) async throws -> MachineRecord
    func startMachine(_ cluster: ClusterIdentity, name: String) async throws -> MachineRecord
    func stopMachine(_ cluster: ClusterIdentity, name: String) async throws
    /// Terminates the machine and removes what it had. No such machine is not an error.
    func deleteMachine(_ cluster: ClusterIdentity, name: String) async throws

    /// Sends the pod range's packets to the machine. Replaces a route of the same range.
    func setRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR, machine: String) async throws
    func deleteRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR) async throws

    /// The last lines that the machine wrote to its console, oldest first. Empty when there are none.
    func consoleTail(_ cluster: ClusterIdentity, name: String, lines: Int) async throws -> [String]
}

/// Keys of the tags that Slipway writes on everything it makes.
public enum Tag {
    public static let cluster = "slipway.dev/cluster"
    public static let clusterUID = "slipway.dev/cluster-uid"
    /// The state store that the cluster is kept in.
    public static let store = "slipway.dev/store"
    public static let pool = "slipway.dev/pool"
    public static let role = "slipway.dev/role"
    public static let token = "slipway.dev/token"
    public static let podCIDR = "slipway.dev/pod-cidr"
    /// Fingerprint of the machine's SSH host key.
    public static let hostKey = "slipway.dev/host-key"
    /// On the network: `highwater/POOL` holds the highest ordinal given out.
    public static let highWaterPrefix = "slipway.dev/highwater."
    /// On the network: `initialising TOKEN MEMBER,...` or `initialised TOKEN`.
    public static let etcdMark = "slipway.dev/etcd"
}

public struct NetworkRequest: Codable, Sendable, Equatable {
    public var cluster: ClusterIdentity
    /// Nil: the cloud chooses a free range.
    public var cidr: IPv4CIDR?
    public var podCIDR: IPv4CIDR
    public var serviceCIDR: IPv4CIDR
    public var tags: [String: String]

    public init(cluster: ClusterIdentity, cidr: IPv4CIDR?, podCIDR: IPv4CIDR, serviceCIDR: IPv4CIDR, tags: [String: String]) {
        self.cluster = cluster
        self.cidr = cidr
        self.podCIDR = podCIDR
        self.serviceCIDR = serviceCIDR
        self.tags = tags
    }
}

public struct NetworkRecord: Codable, Sendable, Equatable {
    /// The cloud's own name for it.
    public var id: String
    /// The range the machines' addresses are from.
    public var cidr: IPv4CIDR
    /// Where the machines send what is not for their own network.
    public var gateway: IPv4Address
    /// The stable address of the cluster's API.
    public var apiAddress: IPv4Address

    public init(id: String, cidr: IPv4CIDR, gateway: IPv4Address, apiAddress: IPv4Address) {
        self.id = id
        self.cidr = cidr
        self.gateway = gateway
        self.apiAddress = apiAddress
    }
}

public struct MachineRequest: Sendable {
    public var cluster: ClusterIdentity
    public var name: String
    public var zone: String
    public var role: MachineRole
    public var instanceType: String
    /// Found again under this token when an earlier request was not answered.
    public var token: String
    public var tags: [String: String]
    /// OpenSSH private key file content that the machine's sshd is to present.
    public var hostKey: Secret
    /// Lines for root's `authorized_keys`.
    public var authorizedKeys: [String]

    public init(
        cluster: ClusterIdentity, name: String, zone: String, role: MachineRole, instanceType: String, token: String,
        tags: [String: String], hostKey: Secret, authorizedKeys: [String]
    ) {
        self.cluster = cluster
        self.name = name
        self.zone = zone
        self.role = role
        self.instanceType = instanceType
        self.token = token
        self.tags = tags
        self.hostKey = hostKey
        self.authorizedKeys = authorizedKeys
    }
}

/// A machine as its cloud knows it.
public struct MachineRecord: Codable, Sendable, Equatable {
    public enum Status: String, Codable, Sendable, CaseIterable {
        case running, stopped, terminated, unknown
    }

    public var name: String
    /// The value of the node's `spec.providerID`, unique over all clouds.
    public var providerID: String
    public var zone: String
    public var role: MachineRole
    public var instanceType: String
    public var address: IPv4Address
    public var status: Status
    public var tags: [String: String]

    public init(
        name: String, providerID: String, zone: String, role: MachineRole, instanceType: String, address: IPv4Address, status: Status,
        tags: [String: String]
    ) {
        self.name = name
        self.providerID = providerID
        self.zone = zone
        self.role = role
        self.instanceType = instanceType
        self.address = address
        self.status = status
        self.tags = tags
    }
}

/// A cluster found by its tags alone.
public struct ClusterFootprint: Codable, Sendable, Equatable {
    public var identity: ClusterIdentity
    /// The state store it was made from.
    public var store: String?
    public var machines: [String]

    public init(identity: ClusterIdentity, store: String?, machines: [String]) {
        self.identity = identity
        self.store = store
        self.machines = machines
    }
}

public struct CloudObservation: Codable, Sendable, Equatable {
    public struct Network: Codable, Sendable, Equatable {
        public var record: NetworkRecord
        /// False when it is known but not up, as after a reboot of the host.
        public var isUp: Bool
        public var tags: [String: String]

        public init(record: NetworkRecord, isUp: Bool, tags: [String: String]) {
            self.record = record
            self.isUp = isUp
            self.tags = tags
        }
    }

    public var network: Network?
    /// Sorted by name. Terminated ones are listed while the cloud still knows them.
    public var machines: [MachineRecord]
    /// Machine name by pod range.
    public var routes: [String: String]

    public init(network: Network? = nil, machines: [MachineRecord] = [], routes: [String: String] = [:]) {
        self.network = network
        self.machines = machines
        self.routes = routes
    }
}
