import ClusterModel

/// The machines that the cluster should have: those it has, and new ones with names that were never used.
struct Fleet: Equatable {
    var machines: [MachineDesign]
    /// The worker pools, those that are to go included.
    var rosters: [PoolRoster]
    /// Masters that are to go: those that their cloud no longer has, and those above the count.
    var leavingMasters: [MachineEntry] = []

    var controlPlane: [MachineDesign] { machines.filter { $0.role == .controlPlane } }
    var workers: [MachineDesign] { machines.filter { $0.role == .worker } }

    /// - Throws: `.refused` when the control plane should shrink, lose a zone with machines or change its instance type,
    ///   `.invalidSpec` when the pod range is used up; what a pool's roster throws.
    init(_ input: PlanningInput, scope: RosterScope) throws {
        let desired = input.desired
        var state = input.state
        let network = input.observation.cloud.network
        var ranges = PodRanges(range: desired.spec.network.podCIDR, taken: Set(state.machines.values.map(\.podCIDR)))
        var machines: [MachineDesign] = []
        let control = desired.spec.controlPlane
        leavingMasters = ControlPlaneRules.leaving(state, wanted: control, observation: input.observation)
        for master in leavingMasters { state.machines[master.name] = nil }
        // While a lost one is taken out, nothing else changes.
        let staying = state.machines.values.count { $0.role == .controlPlane }
        machines += try Fleet.pool(
            MachineRole.controlPlanePool, role: .controlPlane, count: max(control.count, staying), zones: control.zones,
            type: control.instanceType, state: state, network: network, ranges: &ranges)
        var rosters: [PoolRoster] = []
        for pool in desired.spec.pools {
            rosters.append(try PoolRoster(pool.name, spec: pool, input: input, scope: scope, ranges: &ranges))
        }
        let known = Set(desired.spec.pools.map(\.name) + [MachineRole.controlPlanePool])
        for pool in Set(state.machines.values.map(\.pool)).subtracting(known).sorted() {
            rosters.append(try PoolRoster(pool, spec: nil, input: input, scope: scope, ranges: &ranges))
        }
        machines += rosters.flatMap(\.machines)
        self.rosters = rosters
        self.machines = machines
    }

    private static func pool(
        _ name: String, role: MachineRole, count: Int, zones: [String], type: String, state: ClusterState,
        network: CloudObservation.Network?, ranges: inout PodRanges
    ) throws -> [MachineDesign] {
        let existing = state.machines.values.filter { $0.pool == name }.sorted { $0.ordinal < $1.ordinal }
        guard existing.count <= count else {
            throw SlipwayError(
                .refused, at: Address(.cluster, state.name), doing: "planning pool '\(name)'",
                cause: "it has \(existing.count) machines and should have \(count): making a pool smaller is not supported yet",
                hint: "set its count back to \(existing.count)")
        }
        for entry in existing {
            func refuse(_ field: String, _ old: String, _ new: String) -> SlipwayError {
                SlipwayError(
                    .refused, at: Address(.machine, entry.name), doing: "planning pool '\(name)'",
                    cause: "\(field) changes (\(old) -> \(new)), and replacing machines is not supported yet", hint: "set it back to \(old)"
                )
            }
            if entry.instanceType != type { throw refuse("instanceType", entry.instanceType, type) }
            if !zones.contains(entry.zone) { throw refuse("zones", entry.zone, zones.joined(separator: ", ")) }
        }
        var perZone = Dictionary(zones.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
        for entry in existing { perZone[entry.zone]? += 1 }
        var ordinal = max(state.highWater[name] ?? 0, network?.tags[Tag.highWaterPrefix + name].flatMap { Int($0) } ?? 0)
        var machines = existing.map {
            MachineDesign(
                name: $0.name, pool: $0.pool, zone: $0.zone, role: $0.role, ordinal: $0.ordinal, instanceType: $0.instanceType,
                podCIDR: $0.podCIDR)
        }
        while machines.count < count {
            // The emptiest zone, the first of the spec among equals.
            guard let zone = zones.min(by: { perZone[$0, default: 0] < perZone[$1, default: 0] }) else { break }
            perZone[zone, default: 0] += 1
            ordinal += 1
            machines.append(
                MachineDesign(
                    name: MachineName.text(cluster: state.name, pool: name, zone: zone, ordinal: ordinal), pool: name, zone: zone,
                    role: role, ordinal: ordinal, instanceType: type, podCIDR: try ranges.take()))
        }
        return machines
    }
}

/// `CLUSTER-POOL-ZONE-ORDINAL`, the zone without the region it is in: `demo-nodes-a-3` for zone `local-a`.
enum MachineName {
    static func text(cluster: String, pool: String, zone: String, ordinal: Int) -> String {
        let short = zone.split(separator: "-").last.map(String.init) ?? zone
        return "\(cluster)-\(pool)-\(short)-\(ordinal)"
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
