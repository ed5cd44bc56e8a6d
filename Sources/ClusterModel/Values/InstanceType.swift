/// A size of machines. The one list of them serves the rules of the spec and the cloud that enforces them.
public struct InstanceType: Sendable, Hashable {
    public var name: String
    /// Virtual processors.
    public var cpus: Int
    public var memoryMiB: Int

    public init(name: String, cpus: Int, memoryMiB: Int) {
        self.name = name
        self.cpus = cpus
        self.memoryMiB = memoryMiB
    }

    public var resources: ComputeResources { ComputeResources(milliCPUs: cpus * 1000, memoryMiB: memoryMiB) }

    /// What a node of this type offers to pods, as its `status.allocatable` has it.
    public func allocatable(_ role: MachineRole) -> ComputeResources { resources - NodeReservation.total(role) }

    /// The local cloud's, smallest first: the first is the default.
    public static let local = [
        InstanceType(name: "local.small", cpus: 2, memoryMiB: 2048), InstanceType(name: "local.medium", cpus: 2, memoryMiB: 4096),
        InstanceType(name: "local.large", cpus: 2, memoryMiB: 8192),
    ]

    /// Those that Slipway knows without asking the cloud; none where only the cloud knows.
    public static func known(_ provider: CloudProvider) -> [InstanceType] {
        switch provider {
        case .local, .simulated: local
        case .aws: []
        }
    }
}

/// What a node keeps from pods, for its system and for Kubernetes' own programs.
public enum NodeReservation {
    /// All of it. Tried on real machines: control plane nodes live in 2 GiB, and nothing of a worker's system is killed beside
    /// pods that use all they may.
    public static func total(_ role: MachineRole) -> ComputeResources {
        switch role {
        case .controlPlane: ComputeResources(milliCPUs: 500, memoryMiB: 1024)
        case .worker: ComputeResources(milliCPUs: 100, memoryMiB: 384)
        case .bastion: ComputeResources(milliCPUs: 0, memoryMiB: 0)
        }
    }

    /// Free memory below which kubelet evicts pods. Part of the total, and kubelet leaves it out by itself.
    public static let evictionThreshold = ComputeResources(milliCPUs: 0, memoryMiB: 100)

    /// What kubelet is told to reserve.
    public static func told(_ role: MachineRole) -> ComputeResources { total(role) - evictionThreshold }
}

/// An instance type as a cloud offers it.
public struct InstanceOffer: Sendable, Equatable {
    public var type: InstanceType
    /// Why it cannot be had here, nil when it can.
    public var obstacle: String?

    public init(_ type: InstanceType, obstacle: String? = nil) {
        self.type = type
        self.obstacle = obstacle
    }
}
