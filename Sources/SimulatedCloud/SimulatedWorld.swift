public import ClusterModel
import Synchronization

/// A cloud, its machines and the APIs of the clusters on them, in memory, at the level of what Slipway asks of them. No
/// kubelet, no etcd, no packets: a unit that is started is active, a kubelet that is active has registered. It knows the
/// scripts of the drivers, and fails those that it does not know.
///
/// Machines are told apart by name and clusters by uid, as in a cloud.
public final class SimulatedWorld: Sendable {
    public struct Network: Sendable {
        public var cluster: ClusterIdentity
        public var record: NetworkRecord
        public var isUp: Bool
        public var tags: [String: String]
        /// Machine name by pod range.
        public var routes: [String: String] = [:]
        public var nodes: [NodeObservation] = []
        public var pods: [PodObservation] = []
        /// By name; how many of its pods must stay ready.
        public var budgets: [(budget: DisruptionBudget, minAvailable: Int)] = []
        /// How many pods were ever made.
        public var podsMade = 0
        /// By kind and name.
        public var objects: [String: JSONValue] = [:]
    }

    public struct Machine: Sendable {
        public var cluster: ClusterIdentity
        public var record: MachineRecord
        public var files: [String: [UInt8]] = [:]
        /// SHA-256 of the files that were uploaded, as the sender gave it.
        public var digests: [String: String] = [:]
        public var services: [NodeService: String] = [:]
        public var enabled: Set<NodeService> = []
        public var hasEtcdData = false
        /// Names of the members that it formed with.
        public var etcdMembers: [String] = []
        public var damagedFiles: Set<String> = []
        public var specDigest: String?
        /// In seconds since 1970.
        public var certificatesUntil: Int?
        public var hasPauseImage = false
        public var boots = 1
        /// Set to make logins fail: a machine that hangs.
        public var hangs = false
    }

    public struct Contents: Sendable {
        /// By the cluster's uid.
        public var networks: [String: Network] = [:]
        /// By name.
        public var machines: [String: Machine] = [:]
    }

    /// Every call that changes something, in order.
    public let changes = CallHistory()
    /// Every script that was run and every file that was sent, without the bytes of the latter.
    public let scripts = CallHistory()
    public let assets: SimulatedAssets
    public let provider: CloudProvider
    private let contents: Mutex<Contents>
    private let failure = Mutex<(@Sendable (String, Bool) -> (any Error)?)?>(nil)

    /// An empty one.
    /// - Parameters:
    ///   - provider: the cloud that it stands for.
    ///   - versions: the releases that can be had.
    public init(provider: CloudProvider = .local, versions: [KubernetesVersion] = [SupportedVersions.example]) {
        self.provider = provider
        assets = SimulatedAssets(versions: versions)
        contents = Mutex(Contents())
    }

    /// One that looks like another does now, and goes its own way from here.
    public init(copying other: SimulatedWorld) {
        provider = other.provider
        assets = other.assets
        contents = Mutex(other.contents.withLock { $0 })
    }

    /// Looks into the world, or changes it as an accident would.
    @discardableResult
    public func with<Result>(_ body: (inout sending Contents) throws -> sending Result) rethrows -> sending Result {
        try contents.withLock { try body(&$0) }
    }

    /// Damages or mends one machine.
    public func machine(_ name: String, _ change: (inout Machine) -> Void) {
        with { contents in
            guard var machine = contents.machines[name] else { preconditionFailure("the world has no machine \(name)") }
            change(&machine)
            contents.machines[name] = machine
        }
    }

    /// Damages or mends one network with its cluster's API objects.
    public func network(_ uid: String, _ change: (inout Network) -> Void) {
        with { contents in
            guard var network = contents.networks[uid] else { preconditionFailure("the world has no network of \(uid)") }
            change(&network)
            contents.networks[uid] = network
        }
    }

    /// As after a reboot of the host of local machines.
    public func reboot() {
        with { contents in
            for uid in contents.networks.keys { contents.networks[uid]?.isUp = false }
            for name in contents.machines.keys { contents.machines[name]?.halt() }
        }
    }

    public var isEmpty: Bool { with { $0.machines.isEmpty && $0.networks.isEmpty } }

    // MARK: Failing

    /// Is asked around every call that changes something (false: before, true: after it took effect): what it gives, the call
    /// throws. Nil: nothing fails.
    public func fail(_ decide: (@Sendable (String, Bool) -> (any Error)?)?) { failure.withLock { $0 = decide } }

    /// Notes a change, and carries it out unless its test wants it to fail.
    func change<Result>(_ what: String, _ act: (inout sending Contents) throws -> sending Result) throws -> sending Result {
        let decide = failure.withLock { $0 }
        if let error = decide?(what, false) { throw error }
        changes.add(what)
        let result = try contents.withLock { try act(&$0) }
        if let error = decide?(what, true) { throw error }
        return result
    }
}

extension SimulatedWorld.Machine {
    mutating func halt() {
        record.status = .stopped
        for service in services.keys { services[service] = "inactive" }
    }

    /// What is enabled starts with the machine.
    mutating func boot() {
        record.status = .running
        boots += 1
        for service in services.keys { services[service] = enabled.contains(service) ? "active" : "inactive" }
    }
}
