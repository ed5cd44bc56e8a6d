/// What Slipway remembers of one cluster: identity, ownership, high-water marks and the etcd marks.
/// Everything else is read from the cloud and the machines each time. Holds no secret.
public struct ClusterState: Codable, Sendable, Equatable {
    public static let currentFormatVersion = 1

    public var formatVersion = ClusterState.currentFormatVersion
    /// Made once with the cluster's first state; two states with different lineages are of different clusters.
    public var lineage: String
    /// Grows by one with every change applied.
    public var serial: Int
    /// Made once, eight lower-case hexadecimal digits. Names of links, namespaces and cgroups derive from it.
    public var uid: String
    /// The spec as its user last stored it, every default filled in.
    public var desired: Cluster
    public var etcd: EtcdMark
    public var network: NetworkRecord?
    /// By machine name. A machine enters before it is made and leaves when it is gone.
    public var machines: [String: MachineEntry]
    /// The highest ordinal ever given out, by pool. Never shrinks.
    public var highWater: [String: Int]
    /// True from the moment a delete began; nothing but delete works then.
    public var deleting: Bool
    /// The URL of the store that the cluster is being moved to; nothing but the end of that move works then.
    public var movingTo: String?

    public init(lineage: String, uid: String, desired: Cluster) {
        self.lineage = lineage
        serial = 0
        self.uid = uid
        self.desired = desired
        etcd = .none
        network = nil
        machines = [:]
        highWater = [:]
        deleting = false
    }

    public var name: String { desired.name }
    public var identity: ClusterIdentity { ClusterIdentity(name: name, uid: uid) }

    /// The machine that logins to this one lead through; nil where it is reached directly. Of two bastions it is the older one,
    /// which stays until the other is ready.
    public func gate(to machine: MachineEntry) -> MachineEntry? {
        guard machine.isNode, machine.accessAddress == nil, desired.spec.hasBastion else { return nil }
        return machines.values.filter { $0.role == .bastion && $0.loginAddress != nil }.min { $0.ordinal < $1.ordinal }
    }
}

/// How far the cluster's etcd is from its first start. Only ever moves forward.
public enum EtcdMark: Codable, Sendable, Equatable {
    case none
    /// These members, under this token, may start with a new cluster state. Until the next mark their data may be
    /// wiped and formed anew.
    case initialising(token: String, members: [String])
    /// All members were healthy once: no etcd of this cluster ever starts with a new cluster state again.
    case initialised(token: String)
}

public struct ClusterIdentity: Codable, Sendable, Hashable {
    public var name: String
    public var uid: String

    public init(name: String, uid: String) {
        self.name = name
        self.uid = uid
    }
}

/// One machine that the cluster owns or is about to own.
public struct MachineEntry: Codable, Sendable, Equatable {
    public var name: String
    public var pool: String
    public var zone: String
    public var role: MachineRole
    public var ordinal: Int
    public var instanceType: String
    /// Nil: at the cloud's usual price.
    public var market: MachineMarket?
    /// Nil where all machines are made from the same, and where it was not noted.
    public var make: MachineMake?
    /// The part of the pod range that is this machine's.
    public var podCIDR: IPv4CIDR
    /// The intent's token: what is found in the cloud under it was made for this entry.
    public var token: String
    /// `SHA256:...` of the host key that the machine is known by: the one that it was given, or its own once that is proven.
    public var hostKeyFingerprint: String?
    /// The public half of a host key of its own, as `ssh-ed25519 BASE64`; nil while it has none but the one that it was given.
    /// Until it is pinned, which is until `hostKeyFingerprint` is of it, either of the two may be served.
    public var hostKey: String?
    public var providerID: String?
    public var address: IPv4Address?
    /// Where to log in from outside of the network; nil when at `address` as well.
    public var accessAddress: IPv4Address?

    public init(
        name: String, pool: String, zone: String, role: MachineRole, ordinal: Int, instanceType: String, market: MachineMarket? = nil,
        make: MachineMake? = nil, podCIDR: IPv4CIDR, token: String, hostKeyFingerprint: String? = nil, hostKey: String? = nil,
        providerID: String? = nil, address: IPv4Address? = nil, accessAddress: IPv4Address? = nil
    ) {
        self.name = name
        self.pool = pool
        self.zone = zone
        self.role = role
        self.ordinal = ordinal
        self.instanceType = instanceType
        self.market = market
        self.make = make
        self.podCIDR = podCIDR
        self.token = token
        self.hostKeyFingerprint = hostKeyFingerprint
        self.hostKey = hostKey
        self.providerID = providerID
        self.address = address
        self.accessAddress = accessAddress
    }

    /// Where to log in; nil until it was made.
    public var loginAddress: IPv4Address? { accessAddress ?? address }
    public var isNode: Bool { role.isOfNodes }
}

public enum MachineRole: String, Codable, Sendable, CaseIterable {
    case controlPlane = "control-plane"
    case worker
    /// The way in to machines that have no address outside: logins to them lead through it. It is no node of Kubernetes, and leaves
    /// its pod range unused.
    case bastion

    /// The pool name under which control plane machines are counted. No pool of a spec may be called so.
    public static let controlPlanePool = "control-plane"
    /// The same of bastions.
    public static let bastionPool = "bastion"

    /// Roles of machines that are nodes.
    public static let ofNodes: [MachineRole] = [.controlPlane, .worker]
    public var isOfNodes: Bool { self != .bastion }
}

/// A change of the state: what the journal records and replays.
public enum StateChange: Codable, Sendable, Equatable {
    case desired(Cluster)
    case etcd(EtcdMark)
    case network(NetworkRecord?)
    /// The intent to make a machine, written before the cloud is asked.
    case machineIntended(MachineEntry)
    case machineMade(name: String, providerID: String, address: IPv4Address, accessAddress: IPv4Address? = nil)
    /// A host key of its own lies ready on the machine, written before it is activated: `key` is its public half.
    case hostKeyStaged(name: String, key: String)
    /// The machine was seen to serve that key and no other: `fingerprint` is of it.
    case hostKeyPinned(name: String, fingerprint: String)
    case machineResized(name: String, instanceType: String)
    case machineGone(name: String)
    case deleting
    /// Nil takes the announcement back.
    case moving(to: String?)
}

extension StateChange {
    /// What the cloud says of a machine that it has made or started.
    public static func machineMade(_ record: MachineRecord) -> StateChange {
        .machineMade(name: record.name, providerID: record.providerID, address: record.address, accessAddress: record.accessAddress)
    }
}

extension ClusterState {
    /// What the cloud says now of where machines are reached from outside, which may not be noted yet: a machine that was stopped
    /// and started by others has another address. Empty where all is as noted.
    public func moved(in cloud: CloudObservation) -> [StateChange] {
        cloud.machines.compactMap { record in
            guard record.status == .running, let entry = machines[record.name], entry.providerID == record.providerID,
                entry.address == record.address, entry.accessAddress != record.accessAddress
            else { return nil }
            return .machineMade(record)
        }
    }

    /// The same with every machine where the cloud says that it is reached.
    public func located(by cloud: CloudObservation) -> ClusterState {
        var state = self
        for change in moved(in: cloud) { state.apply(change) }
        state.serial = serial
        return state
    }

    /// Applies one change. Applying the same change twice is the same as once, but for the serial.
    public mutating func apply(_ change: StateChange) {
        serial += 1
        switch change {
        case .desired(let cluster): desired = cluster
        case .etcd(let mark): if !mark.isBehind(etcd) { etcd = mark }
        case .network(let record): network = record
        case .machineIntended(let entry):
            machines[entry.name] = entry
            highWater[entry.pool] = max(highWater[entry.pool] ?? 0, entry.ordinal)
        case .machineMade(let name, let providerID, let address, let accessAddress):
            machines[name]?.providerID = providerID
            machines[name]?.address = address
            machines[name]?.accessAddress = accessAddress
        case .hostKeyStaged(let name, let key): machines[name]?.hostKey = key
        case .hostKeyPinned(let name, let fingerprint): machines[name]?.hostKeyFingerprint = fingerprint
        case .machineResized(let name, let instanceType): machines[name]?.instanceType = instanceType
        case .machineGone(let name): machines[name] = nil
        case .deleting: deleting = true
        case .moving(let store): movingTo = store
        }
    }
}

extension EtcdMark {
    private var rank: Int {
        switch self {
        case .none: 0
        case .initialising: 1
        case .initialised: 2
        }
    }

    func isBehind(_ other: EtcdMark) -> Bool { rank < other.rank }
}

extension EtcdMark {
    /// The mark as the tag on the network: `initialising TOKEN MEMBER,...` or `initialised TOKEN`. Nil for no mark.
    public var tag: String? {
        switch self {
        case .none: nil
        case .initialising(let token, let members): "initialising \(token) \(members.joined(separator: ","))"
        case .initialised(let token): "initialised \(token)"
        }
    }

    /// Nil when the text is no mark.
    public init?(tag: String) {
        let parts = tag.split(separator: " ").map(String.init)
        switch (parts.first, parts.count) {
        case ("initialising", 3): self = .initialising(token: parts[1], members: parts[2].split(separator: ",").map(String.init))
        case ("initialised", 2): self = .initialised(token: parts[1])
        default: return nil
        }
    }
}

extension StateChange {
    /// Short, for a log.
    public var label: String {
        switch self {
        case .desired: "desired"
        case .etcd(let mark): "etcd \(mark.tag ?? "none")"
        case .network(let record): "network \(record?.id ?? "none")"
        case .machineIntended(let entry): "machineIntended \(entry.name)"
        case .machineMade(let name, _, _, _): "machineMade \(name)"
        case .hostKeyStaged(let name, _): "hostKeyStaged \(name)"
        case .hostKeyPinned(let name, _): "hostKeyPinned \(name)"
        case .machineResized(let name, let instanceType): "machineResized \(name) \(instanceType)"
        case .machineGone(let name): "machineGone \(name)"
        case .deleting: "deleting"
        case .moving(let store): "moving to \(store ?? "nowhere")"
        }
    }
}
