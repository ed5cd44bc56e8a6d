import Bootstrap
public import ClusterModel
public import Foundation

extension SimulatedWorld {
    public struct Network: Codable, Sendable, Equatable {
        public var cluster: ClusterIdentity
        public var record: NetworkRecord
        public var isUp: Bool
        public var tags: [String: String]
        /// Machine name by pod range.
        public var routes: [String: String] = [:]
        /// The machines that the API's endpoint leads to, sorted; nil for a network without one.
        public var endpointMachines: [String]?
        /// As `CloudObservation.Network.parts`.
        public var parts: [String: String]?
        /// Nodes have no address outside: logins to them lead through a bastion.
        public var isPrivate: Bool?
        public var nodes: [NodeObservation] = []
        public var pods: [PodObservation] = []
        public var budgets: [Budget] = []
        /// How many pods were ever made.
        public var podsMade = 0
        /// By kind and name.
        public var objects: [String: JSONValue] = [:]
        public var etcd = SimulatedEtcd()
    }

    /// A budget and how many of its pods must stay ready.
    public struct Budget: Codable, Sendable, Equatable {
        public var budget: DisruptionBudget
        public var minAvailable: Int
    }

    public struct Machine: Codable, Sendable, Equatable {
        public var cluster: ClusterIdentity
        public var record: MachineRecord
        public var files: [String: SimulatedFile] = [:]
        public var services: [NodeService: String] = [:]
        public var enabled: Set<NodeService> = []
        public var hasEtcdData = false
        /// Its member's number in `Network.etcd`, once it has started.
        public var etcdID: UInt64?
        public var damagedFiles: Set<String> = []
        public var specDigest: String?
        /// In seconds since 1970.
        public var certificatesUntil: Int?
        public var hasPauseImage = false
        /// What it keeps for the day on which the state store is lost, with its digest; in no file.
        public var recoveryKit = InMemory<Secret>()
        public var recoveryDigest: String?
        public var boots = 1
        /// Set to make logins fail: a machine that hangs.
        public var hangs = false
        /// Fingerprint of the host key that it serves; nil for the one in its tag.
        public var servedHostKey: String?
        /// A host key of its own that is not in use yet, as its public half.
        public var stagedHostKey: String?
        /// The one of its own that is.
        public var ownHostKey: String?
        /// When it lets the first one in, if it did not at once.
        public var bootedAt: Date?
        /// When a unit is healthy that was started, if it was not at once.
        public var healthyAt: [NodeService: Date] = [:]
        /// When its node is ready.
        public var joinedAt: Date?
    }

    /// A value that is not written into the world's file: then it is gone with its process.
    public struct InMemory<Value: Sendable & Equatable>: Codable, Sendable, Equatable {
        public var value: Value?

        public init(_ value: Value? = nil) { self.value = value }
        public init(from decoder: any Decoder) throws { value = nil }
        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(value != nil)
        }
    }

    public struct Contents: Codable, Sendable, Equatable {
        /// By the cluster's uid.
        public var networks: [String: Network] = [:]
        /// By name.
        public var machines: [String: Machine] = [:]
        /// Every machine that was ever made, in order.
        public var made: [String] = []
        /// What the cloud looked like before each of the last changes, for readers that are behind.
        var earlier: [Earlier] = []

        public init() {}
    }

    struct Earlier: Codable, Sendable, Equatable {
        /// When it ceased to look so.
        var until: Date
        var networks: [String: Network]
        var machines: [String: Machine]
    }
}

extension SimulatedWorld.Contents {
    /// Looks without copying: of a thousand machines few are masters, and each call of an API asks for them.
    func masters(_ cluster: ClusterIdentity) -> [SimulatedWorld.Machine] {
        machines.values.indices.filter { machines.values[$0].record.role == .controlPlane }.map { machines.values[$0] }
            .filter { $0.cluster == cluster }
    }

    /// Keeps how the cloud looks for those who read it later than now.
    mutating func remember(at now: Date, lag: Double) {
        guard lag > 0 else { return }
        earlier.removeAll { $0.until.addingTimeInterval(lag) <= now }
        earlier.append(SimulatedWorld.Earlier(until: now, networks: networks, machines: machines))
    }

    /// What the cloud says of a cluster: the truth of `lag` seconds ago.
    func observation(of cluster: ClusterIdentity, now: Date, lag: Double) -> CloudObservation {
        let past = lag > 0 ? earlier.first { $0.until.addingTimeInterval(lag) > now } : nil
        let network = (past?.networks ?? networks)[cluster.uid]
        let machines = (past?.machines ?? machines).values.filter { $0.cluster == cluster }
        return CloudObservation(
            network: network.map { .init(record: $0.record, isUp: $0.isUp, tags: $0.tags, parts: $0.parts) },
            machines: machines.map(\.record).sorted { $0.name < $1.name }, routes: network?.routes ?? [:],
            endpointMachines: network?.endpointMachines)
    }
}

extension SimulatedWorld.Machine {
    mutating func halt() {
        record.status = .stopped
        for service in services.keys { services[service] = "inactive" }
    }

    /// Where it is reached from outside since its last boot: another address after each.
    var accessAddress: IPv4Address { IPv4Address(rawValue: 0xC633_0000 + (record.address.rawValue & 0xFF) << 8 + UInt32(boots & 0xFF)) }

    /// What is enabled starts with the machine.
    mutating func boot(_ moment: Moment) {
        record.status = .running
        boots += 1
        if record.accessAddress != nil { record.accessAddress = accessAddress }
        bootedAt = moment.end(of: .boot, record.name)
        for service in services.keys { services[service] = "inactive" }
        for service in NodeService.allCases where enabled.contains(service) && services[service] != nil { activate(service, moment) }
    }

    /// The unit starts, and is healthy after its time.
    mutating func activate(_ service: NodeService, _ moment: Moment) {
        if services[service] != "active" {
            healthyAt[service] = moment.end(
                of: .start(of: service), "\(service.rawValue) on \(record.name)", from: bootedAt.map { max($0, moment.now) })
            if service == .kubelet { joinedAt = moment.end(of: .join, record.name, from: healthyAt[service]) }
        }
        services[service] = "active"
        enabled.insert(service)
        if service == .kubelet {
            // It goes on with what it was given first, and rotates that by itself.
            let own = "\(NodePaths.kubeletPKI)/kubelet-client-current.pem"
            files[own] = files[own] ?? files["\(NodePaths.kubeletPKI)/kubelet-client-initial.pem"]
        }
    }

    func isHealthy(_ service: NodeService, _ moment: Moment) -> Bool {
        services[service] == "active" && moment.isPast(healthyAt[service])
    }

    /// As systemd has it.
    func status(of service: NodeService, _ moment: Moment) -> String? {
        guard services[service] == "active", !moment.isPast(healthyAt[service]) else { return services[service] }
        return "activating"
    }
}
