public import ClusterModel
import Drivers
import StateStore

/// What `get` shows. Reads only; takes no lock.
public struct Inspect: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    public struct ClusterSummary: Codable, Sendable, Equatable {
        public var name: String
        public var uid: String
        /// Nil when the state cannot be read.
        public var provider: CloudProvider?
        public var kubernetesVersion: String
        public var controlPlane: Int
        public var workers: Int
        /// `planned`, `forming`, `created`, `deleting`, or `damaged` when the state cannot be read.
        public var phase: String
        public var api: String?
        public var network: NetworkRecord?
        /// Why the state cannot be read.
        public var problem: String?
    }

    public struct MachineSummary: Codable, Sendable, Equatable {
        public var name: String
        public var pool: String
        public var role: MachineRole
        public var zone: String
        public var instanceType: String
        public var status: String
        public var address: String?
        public var podCIDR: String
        public var providerID: String?
        public var hostKey: String?
    }

    public struct PoolSummary: Codable, Sendable, Equatable {
        public var name: String
        public var count: Int
        public var machines: Int
        public var instanceType: String
        public var zones: [String]
    }

    /// Every cluster of the store. One that cannot be read hides none of the others.
    public func clusters() async throws -> [ClusterSummary] {
        var all: [ClusterSummary] = []
        for name in try await context.store.clusters() {
            do {
                if let state = try await context.store.readState(name) { all.append(summary(state)) }
            } catch let error as SlipwayError {
                all.append(
                    ClusterSummary(
                        name: name, uid: "", kubernetesVersion: "", controlPlane: 0, workers: 0, phase: "damaged",
                        problem: error.description))
            }
        }
        return all
    }

    public func cluster(_ name: String) async throws -> ClusterSummary { summary(try await context.state(of: name)) }
    public func spec(_ name: String) async throws -> Cluster { try await context.state(of: name).desired }

    /// Every machine of the state and of the cloud.
    public func machines(_ name: String) async throws -> [MachineSummary] {
        let state = try await context.state(of: name)
        let cloud = try context.outside(state.desired.spec.cloud.provider).cloud
        let records = try await cloud.observe(state.identity).machines
        let known = state.machines.values.map { entry in
            let record = records.first { $0.name == entry.name }
            return MachineSummary(
                name: entry.name, pool: entry.pool, role: entry.role, zone: entry.zone, instanceType: entry.instanceType,
                status: record?.status.rawValue ?? (entry.providerID == nil ? "planned" : "gone"),
                address: entry.address.map { "\($0)" }, podCIDR: "\(entry.podCIDR)", providerID: entry.providerID,
                hostKey: entry.hostKeyFingerprint)
        }
        let foreign = records.filter { state.machines[$0.name] == nil }.map { record in
            MachineSummary(
                name: record.name, pool: record.tags[Tag.pool] ?? "", role: record.role, zone: record.zone,
                instanceType: record.instanceType, status: record.status.rawValue, address: "\(record.address)",
                podCIDR: record.tags[Tag.podCIDR] ?? "", providerID: record.providerID, hostKey: record.tags[Tag.hostKey])
        }
        return (known + foreign).sorted { $0.name < $1.name }
    }

    public func pools(_ name: String) async throws -> [PoolSummary] {
        let state = try await context.state(of: name)
        let control = state.desired.spec.controlPlane
        func count(_ pool: String) -> Int { state.machines.values.count { $0.pool == pool } }
        return [
            PoolSummary(
                name: MachineRole.controlPlanePool, count: control.count, machines: count(MachineRole.controlPlanePool),
                instanceType: control.instanceType, zones: control.zones)
        ]
            + state.desired.spec.pools.map {
                PoolSummary(name: $0.name, count: $0.count, machines: count($0.name), instanceType: $0.instanceType, zones: $0.zones)
            }
    }

    public func runs(_ name: String) async throws -> [String] { try await context.store.runs(name) }
    public func events(_ name: String, run: String) async throws -> [RunEvent] { try await context.store.runEvents(name, run: run) }

    private func summary(_ state: ClusterState) -> ClusterSummary {
        let phase =
            switch (state.deleting, state.etcd) {
            case (true, _): "deleting"
            case (false, .none): "planned"
            case (false, .initialising): "forming"
            case (false, .initialised): "created"
            }
        return ClusterSummary(
            name: state.name, uid: state.uid, provider: state.desired.spec.cloud.provider,
            kubernetesVersion: state.desired.spec.kubernetesVersion.map { "\($0)" } ?? "",
            controlPlane: state.desired.spec.controlPlane.count,
            workers: state.desired.spec.pools.map(\.count).reduce(0, +), phase: phase,
            api: state.network.map { "https://\($0.apiAddress):\(APIConnection.port)" }, network: state.network)
    }
}
