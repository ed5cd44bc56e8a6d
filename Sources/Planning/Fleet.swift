import ClusterModel

/// The machines that the cluster should have, but for the replacements of control plane machines, which come one after another.
struct Fleet: Equatable {
    var machines: [MachineDesign]
    /// The worker pools, those that are to go included.
    var rosters: [PoolRoster]
    var controlPlaneRoster: ControlPlaneRoster
    var bastions: BastionRoster

    var controlPlane: [MachineDesign] { machines.filter { $0.role == .controlPlane } }
    var workers: [MachineDesign] { machines.filter { $0.role == .worker } }

    /// - Throws: `.invalidSpec` when the pod range is used up; what a pool's roster throws.
    init(_ input: PlanningInput, scope: RosterScope) throws {
        let desired = input.desired
        let state = input.state
        var ranges = PodRanges(range: desired.spec.network.podCIDR, taken: Set(state.machines.values.map(\.podCIDR)))
        controlPlaneRoster = try ControlPlaneRoster(input, scope: scope, ranges: &ranges)
        bastions = try BastionRoster(input, scope: scope, ranges: &ranges)
        rosters = []
        for pool in desired.spec.pools {
            rosters.append(try PoolRoster(pool.name, spec: pool, input: input, scope: scope, ranges: &ranges))
        }
        let known = Set(desired.spec.pools.map(\.name) + [MachineRole.controlPlanePool, MachineRole.bastionPool])
        for pool in Set(state.machines.values.map(\.pool)).subtracting(known).sorted() {
            rosters.append(try PoolRoster(pool, spec: nil, input: input, scope: scope, ranges: &ranges))
        }
        machines = controlPlaneRoster.kept + controlPlaneRoster.added + rosters.flatMap(\.machines)
    }
}

/// Hands out each machine's share of the pod range, lowest first; a share is free again when its machine is forgotten.
struct PodRanges {
    private let range: IPv4CIDR
    private var taken: Set<IPv4CIDR>
    private var next = 0

    init(range: IPv4CIDR, taken: Set<IPv4CIDR>) {
        self.range = range
        self.taken = taken
    }

    mutating func take() throws -> IPv4CIDR {
        while let share = range.subrange(prefix: NetworkSpec.machinePodPrefix, at: next) {
            next += 1
            if taken.insert(share).inserted { return share }
        }
        throw SlipwayError(
            .invalidSpec, doing: "giving each machine its pod range", cause: "\(range) has no free /\(NetworkSpec.machinePodPrefix) left",
            hint: "a cluster of this size needs a larger spec.network.podCIDR")
    }
}
