import Bootstrap
public import ClusterModel

/// Rebuilds a lost state from what the cluster says of itself: the cloud's tags first, then its nodes and etcd's members.
/// Pure, like all of planning.
public struct StateRebuild: Sendable {
    public private(set) var state: ClusterState
    /// Machines that nobody has any more, though their nodes or members are still there: the next update replaces them.
    public private(set) var lost: [String] = []
    /// What could not be read from anything.
    public private(set) var remarks: [String] = []

    /// From tags alone.
    /// - Parameters:
    ///   - serial: higher than that of any state before.
    /// - Throws: `.refused` for a machine whose tags do not say what it is.
    public init(_ cluster: ClusterIdentity, lineage: String, serial: Int, desired: Cluster, cloud: CloudObservation) throws {
        state = ClusterState(lineage: lineage, uid: cluster.uid, desired: desired)
        state.serial = serial
        state.network = cloud.network?.record
        let tags = cloud.network?.tags ?? [:]
        state.etcd = tags[Tag.etcdMark].flatMap(EtcdMark.init(tag:)) ?? .none
        for (key, value) in tags where key.hasPrefix(Tag.highWaterPrefix) {
            if let ordinal = Int(value) { state.highWater[String(key.dropFirst(Tag.highWaterPrefix.count))] = ordinal }
        }
        for record in cloud.machines { enter(try Self.entry(record, of: cluster)) }
    }

    private static func entry(_ record: MachineRecord, of cluster: ClusterIdentity) throws -> MachineEntry {
        guard let pool = record.tags[Tag.pool], let podCIDR = record.tags[Tag.podCIDR].flatMap({ IPv4CIDR($0) }),
            let ordinal = Self.ordinal(record.name)
        else {
            throw SlipwayError(
                .refused, at: Address(.machine, record.name), doing: "rebuilding the state from tags",
                cause: "its tags do not say its pool and its pod range, or its name ends with no number",
                hint: "nothing is guessed: remove the machine in its cloud if it is none of the cluster's")
        }
        return MachineEntry(
            name: record.name, pool: pool, zone: record.zone, role: record.role, ordinal: ordinal, instanceType: record.instanceType,
            market: record.market, make: MachineMake(tags: record.tags), podCIDR: podCIDR,
            token: record.tags[Tag.token] ?? "\(cluster.uid)-\(record.name)",
            hostKeyFingerprint: record.tags[Tag.hostKey], providerID: record.providerID, address: record.address,
            accessAddress: record.accessAddress)
    }

    private static func ordinal(_ name: String) -> Int? { name.split(separator: "-").last.flatMap { Int($0) } }

    private mutating func enter(_ entry: MachineEntry) {
        state.machines[entry.name] = entry
        state.highWater[entry.pool] = max(state.highWater[entry.pool] ?? 0, entry.ordinal)
    }

    // MARK: What is left of machines that are gone

    /// Nodes whose machines their cloud no longer has.
    public mutating func add(_ nodes: [NodeObservation]) {
        let taken = Set(state.machines.values.compactMap(\.providerID))
        for node in nodes.sorted(by: { $0.name < $1.name }) where state.machines[node.name] == nil {
            // Of somebody else, who joined it by hand.
            guard let pool = node.labels[NodeDesigns.poolLabel] else { continue }
            guard let ordinal = Self.ordinal(node.name), let zone = node.labels[NodeDesigns.zoneLabel],
                let podCIDR = node.podCIDR.flatMap({ IPv4CIDR($0) }), let providerID = node.providerID, !taken.contains(providerID)
            else {
                remarks.append("node \(node.name) has no machine, and does not say enough of itself to be replaced; remove it by hand")
                continue
            }
            enter(
                MachineEntry(
                    name: node.name, pool: pool, zone: zone, role: pool == MachineRole.controlPlanePool ? .controlPlane : .worker,
                    ordinal: ordinal, instanceType: node.labels[NodeDesigns.instanceTypeLabel] ?? "", podCIDR: podCIDR,
                    token: "\(state.uid)-\(node.name)", providerID: providerID,
                    address: node.addresses.lazy.compactMap { IPv4Address($0) }.first))
            lost.append(node.name)
        }
    }

    /// Members of etcd whose machines, and nodes, are gone: they count against the majority until they leave.
    public mutating func add(_ members: [EtcdFacts.Member]) {
        for member in members.sorted(by: { $0.name < $1.name }) where !member.name.isEmpty && state.machines[member.name] == nil {
            let pool = MachineRole.controlPlanePool
            let prefix = "\(state.name)-\(pool)-"
            guard member.name.hasPrefix(prefix), let ordinal = Self.ordinal(member.name), let podCIDR = freeRange else {
                remarks.append("etcd has a member \(member.name) that is no machine of the cluster")
                continue
            }
            let zones = state.desired.spec.controlPlane.zones
            let zone = zones.first { member.name.hasPrefix("\(prefix)\($0.split(separator: "-").last ?? "")-") } ?? zones.first ?? ""
            enter(
                MachineEntry(
                    name: member.name, pool: pool, zone: zone, role: .controlPlane, ordinal: ordinal,
                    instanceType: state.desired.spec.controlPlane.instanceType, podCIDR: podCIDR,
                    token: "\(state.uid)-\(member.name)", providerID: "lost:\(member.name)"))
            lost.append(member.name)
        }
    }

    private var freeRange: IPv4CIDR? {
        var ranges = PodRanges(range: state.desired.spec.network.podCIDR, taken: Set(state.machines.values.map(\.podCIDR)))
        return try? ranges.take()
    }
}
