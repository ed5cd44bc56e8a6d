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
        public var boots = 1
        /// Set to make logins fail: a machine that hangs.
        public var hangs = false
        /// When it lets the first one in, if it did not at once.
        public var bootedAt: Date?
        /// When a unit is healthy that was started, if it was not at once.
        public var healthyAt: [NodeService: Date] = [:]
        /// When its node is ready.
        public var joinedAt: Date?
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
            network: network.map { .init(record: $0.record, isUp: $0.isUp, tags: $0.tags) },
            machines: machines.map(\.record).sorted { $0.name < $1.name }, routes: network?.routes ?? [:])
    }
}

extension SimulatedWorld.Machine {
    mutating func halt() {
        record.status = .stopped
        for service in services.keys { services[service] = "inactive" }
    }

    /// What is enabled starts with the machine.
    mutating func boot(_ moment: Moment) {
        record.status = .running
        boots += 1
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
