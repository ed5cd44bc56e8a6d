/// What gives machines and a network. Every call is safe to repeat: asking for what exists already returns it.
public protocol Cloud: Sendable {
    var provider: CloudProvider { get }
    /// Whether the control plane machines share the API's address among themselves. `provider` says it unless a cloud knows better.
    var sharesAPIAddress: Bool { get }
    /// Whether others can read the host key that a machine is made with: it then serves for the first login alone, which gives
    /// the machine one of its own. `provider` says it unless a cloud knows better.
    var hostKeysAreSeeds: Bool { get }
    /// How often each operation of its API was called from here, as `EC2.RunInstances`; nil where there is none to call.
    var calls: [String: Int]? { get }

    /// Checks that this cloud can be used from here at all: rights, tools, space, images, and machines of the spec's size.
    /// Throws `.refused` or `.unreachable`, naming everything that is missing at once.
    func preflight(_ spec: Cluster) async throws

    /// What the user should know before machines of the spec are made here, though none of it is wrong. Reads only.
    func remarks(on spec: Cluster) async throws -> [String]

    /// The sizes of machines that there are, smallest first.
    func instanceTypes() async throws -> [InstanceOffer]

    /// All that this cloud holds for the cluster, by ownership tag, in a number of calls that does not grow with the
    /// machines. A cluster that has nothing there gives an empty observation.
    func observe(_ cluster: ClusterIdentity) async throws -> CloudObservation

    /// The tags of one machine, or of the network (`machine` is nil), as they are now; nil when there is none.
    func tags(_ cluster: ClusterIdentity, machine: String?) async throws -> [String: String]?

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
    /// Stops the machine; its disk stays. One that can only be ended (`MachineMarket.spot`) is.
    func stopMachine(_ cluster: ClusterIdentity, name: String) async throws
    /// Gives a stopped machine another size, for its next start. Throws `.refused` for one that runs.
    func resizeMachine(_ cluster: ClusterIdentity, name: String, instanceType: String) async throws
    /// Terminates the machine and removes what it had, its place behind the API's endpoint included. No such machine is not an
    /// error.
    func deleteMachine(_ cluster: ClusterIdentity, name: String) async throws
    /// Adds tags to the machine; existing keys are overwritten. Throws `.failed` for a machine that the cloud does not have.
    func tagMachine(_ cluster: ClusterIdentity, name: String, tags: [String: String]) async throws

    /// Adds the control plane machine to those that the API's endpoint leads to. Safe to repeat; returns before the endpoint has
    /// found it healthy. Does nothing where the machines share the address among themselves.
    func joinEndpoint(_ cluster: ClusterIdentity, machine: String) async throws
    /// Takes the machine out of those that the API's endpoint leads to, and returns when no new connection is led to it. One that
    /// is not among them is not an error. Does nothing where the machines share the address among themselves.
    func leaveEndpoint(_ cluster: ClusterIdentity, machine: String) async throws
    /// Whether the API's endpoint leads new connections to the machine; always, where the machines share the address among themselves.
    func endpointLeads(_ cluster: ClusterIdentity, to machine: String) async throws -> Bool

    /// Sends the pod range's packets to the machine. Replaces a route of the same range.
    func setRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR, machine: String) async throws
    func deleteRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR) async throws

    /// The last lines that the machine wrote to its console, oldest first. Empty when there are none.
    func consoleTail(_ cluster: ClusterIdentity, name: String, lines: Int) async throws -> [String]
}

extension Cloud {
    public var sharesAPIAddress: Bool { provider.sharesAPIAddress }
    public var hostKeysAreSeeds: Bool { provider.hostKeysAreSeeds }
    public var calls: [String: Int]? { nil }

    public func tags(_ cluster: ClusterIdentity, machine: String?) async throws -> [String: String]? {
        let observed = try await observe(cluster)
        guard let machine else { return observed.network?.tags }
        return observed.machines.first { $0.name == machine }?.tags
    }

    public func endpointLeads(_ cluster: ClusterIdentity, to machine: String) async throws -> Bool {
        try await observe(cluster).endpointMachines?.contains(machine) ?? true
    }
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
    /// What the machine was made from, see `MachineMake`.
    public static let image = "slipway.dev/image"
    public static let volumeSize = "slipway.dev/volume-size"
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
    /// What the network is made for: zones, and who may reach it. Nil: it exists, and is to be up as it is.
    public var spec: ClusterSpec?
    /// The key that Slipway logs in with, a line in `authorized_keys` form.
    public var sshKey: String?

    public init(
        cluster: ClusterIdentity, cidr: IPv4CIDR?, podCIDR: IPv4CIDR, serviceCIDR: IPv4CIDR, tags: [String: String],
        spec: ClusterSpec? = nil, sshKey: String? = nil
    ) {
        self.cluster = cluster
        self.cidr = cidr
        self.podCIDR = podCIDR
        self.serviceCIDR = serviceCIDR
        self.tags = tags
        self.spec = spec
        self.sshKey = sshKey
    }
}

public struct NetworkRecord: Codable, Sendable, Equatable {
    /// The cloud's own name for it.
    public var id: String
    /// The range the machines' addresses are from.
    public var cidr: IPv4CIDR
    /// Where the machines send what is not for their own network.
    public var gateway: IPv4Address
    /// The IPv4 address or DNS name at which machines of the cluster reach the API. It stays as it is for the network's life.
    public var apiAddress: String
    /// The IPv4 address or DNS name at which those outside of the network reach the API; nil when at `apiAddress` as well. It
    /// stays as it is, too.
    public var accessAddress: String?
    /// What its parts are called by the cloud, by their own names; nil where the network is one thing.
    public var ids: [String: String]?

    public init(
        id: String, cidr: IPv4CIDR, gateway: IPv4Address, apiAddress: String, accessAddress: String? = nil, ids: [String: String]? = nil
    ) {
        self.id = id
        self.cidr = cidr
        self.gateway = gateway
        self.apiAddress = apiAddress
        self.accessAddress = accessAddress
        self.ids = ids
    }

    /// `https://ADDRESS:PORT` of the API for people, and for Slipway.
    public var accessURL: String { "https://\(accessAddress ?? apiAddress):\(NodePorts.api)" }
}

public struct MachineRequest: Sendable {
    public var cluster: ClusterIdentity
    public var name: String
    public var zone: String
    public var role: MachineRole
    public var instanceType: String
    /// Nil: at the cloud's usual price.
    public var market: MachineMarket?
    /// Found again under this token when an earlier request was not answered.
    public var token: String
    public var tags: [String: String]
    /// OpenSSH private key file content that the machine's sshd is to present, at least until its first login (`Cloud.hostKeysAreSeeds`).
    public var hostKey: Secret
    /// Lines for root's `authorized_keys`.
    public var authorizedKeys: [String]
    /// A shell script that ends with 0 when a machine has every program that its system has to bring, and otherwise prints a line
    /// for each that is missing: the program, and the Debian package that brings it. It is what the machine is checked with
    /// later; a cloud whose images may lack some installs by it. Nil for a machine that needs none besides.
    public var programsCheck: String?
    /// Files that the machine is going to need and that this host has, by their path in the machine. A cloud that can puts
    /// them on its disk before the first boot, others leave them out: whoever needs one looks for it, and at its digest.
    public var wantedFiles: [String: AssetFile]
    /// Settings of its cloud: the image, and the size of its disk.
    public var cloud: CloudSpec?

    public init(
        cluster: ClusterIdentity, name: String, zone: String, role: MachineRole, instanceType: String, market: MachineMarket? = nil,
        token: String, tags: [String: String], hostKey: Secret, authorizedKeys: [String], programsCheck: String?,
        wantedFiles: [String: AssetFile] = [:], cloud: CloudSpec? = nil
    ) {
        self.cluster = cluster
        self.name = name
        self.zone = zone
        self.role = role
        self.instanceType = instanceType
        self.market = market
        self.token = token
        self.tags = tags
        self.hostKey = hostKey
        self.authorizedKeys = authorizedKeys
        self.programsCheck = programsCheck
        self.wantedFiles = wantedFiles
        self.cloud = cloud
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
    /// Nil: at the cloud's usual price.
    public var market: MachineMarket?
    /// Its own, by which machines of the cluster reach it. The same for its whole life.
    public var address: IPv4Address
    /// Where to log in from outside of the network; nil when at `address` as well. May be another one after a stop and a start.
    public var accessAddress: IPv4Address?
    public var status: Status
    public var tags: [String: String]

    public init(
        name: String, providerID: String, zone: String, role: MachineRole, instanceType: String, market: MachineMarket? = nil,
        address: IPv4Address, accessAddress: IPv4Address? = nil, status: Status, tags: [String: String]
    ) {
        self.name = name
        self.providerID = providerID
        self.zone = zone
        self.role = role
        self.instanceType = instanceType
        self.market = market
        self.address = address
        self.accessAddress = accessAddress
        self.status = status
        self.tags = tags
    }

    /// Where to log in.
    public var loginAddress: IPv4Address { accessAddress ?? address }
}

/// A cluster found by its tags alone.
public struct ClusterFootprint: Codable, Sendable, Equatable {
    public var identity: ClusterIdentity
    /// The state store that has its state.
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
        /// What it consists of, by name, as `ClusterSpec.networkParts` has it; nil where the network is one thing.
        public var parts: [String: String]?

        public init(record: NetworkRecord, isUp: Bool, tags: [String: String], parts: [String: String]? = nil) {
            self.record = record
            self.isUp = isUp
            self.tags = tags
            self.parts = parts
        }
    }

    public var network: Network?
    /// Sorted by name. Terminated ones are listed while the cloud still knows them.
    public var machines: [MachineRecord]
    /// Machine name by pod range.
    public var routes: [String: String]
    /// The control plane machines that new connections to the API's endpoint are led to, sorted. Nil where the machines share
    /// the address among themselves.
    public var endpointMachines: [String]?

    public init(
        network: Network? = nil, machines: [MachineRecord] = [], routes: [String: String] = [:], endpointMachines: [String]? = nil
    ) {
        self.network = network
        self.machines = machines
        self.routes = routes
        self.endpointMachines = endpointMachines
    }
}
