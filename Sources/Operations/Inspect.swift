public import ClusterModel
import Drivers
public import Foundation
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
        /// `planned`, `forming`, `created`, `deleting`, `moving`, or `damaged` when the state cannot be read.
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
        /// Nil: at the cloud's usual price.
        public var market: MachineMarket?
        public var status: String
        public var address: String?
        /// Where to log in from outside of the network; nil when at `address` as well.
        public var accessAddress: String?
        public var podCIDR: String
        public var providerID: String?
        public var hostKey: String?
    }

    public struct PoolSummary: Codable, Sendable, Equatable {
        public var name: String
        public var count: Int
        public var machines: Int
        public var instanceType: String
        /// Nil: at the cloud's usual price.
        public var market: MachineMarket?
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
        let cloud = try context.outside(state.desired.spec.cloud.place).cloud
        let records = try await cloud.observe(state.identity).machines
        let known = state.machines.values.map { entry in
            let record = records.first { $0.name == entry.name }
            return MachineSummary(
                name: entry.name, pool: entry.pool, role: entry.role, zone: entry.zone, instanceType: entry.instanceType,
                market: entry.market, status: record?.status.rawValue ?? (entry.providerID == nil ? "planned" : "gone"),
                address: entry.address.map { "\($0)" },
                accessAddress: (record == nil ? entry.accessAddress : record?.accessAddress).map { "\($0)" }, podCIDR: "\(entry.podCIDR)",
                providerID: entry.providerID,
                hostKey: entry.hostKeyFingerprint)
        }
        let foreign = records.filter { state.machines[$0.name] == nil }.map { record in
            MachineSummary(
                name: record.name, pool: record.tags[Tag.pool] ?? "", role: record.role, zone: record.zone,
                instanceType: record.instanceType, market: record.market, status: record.status.rawValue, address: "\(record.address)",
                accessAddress: record.accessAddress.map { "\($0)" }, podCIDR: record.tags[Tag.podCIDR] ?? "", providerID: record.providerID,
                hostKey: record.tags[Tag.hostKey])
        }
        return (known + foreign).sorted { $0.name < $1.name }
    }

    public func pools(_ name: String) async throws -> [PoolSummary] {
        let state = try await context.state(of: name)
        let control = state.desired.spec.controlPlane
        func count(_ pool: String) -> Int { state.machines.values.count { $0.pool == pool } }
        let bastion = state.desired.spec.cloud.aws?.bastionType.map { type in
            PoolSummary(
                name: MachineRole.bastionPool, count: 1, machines: count(MachineRole.bastionPool), instanceType: type, zones: control.zones)
        }
        return [
            PoolSummary(
                name: MachineRole.controlPlanePool, count: control.count, machines: count(MachineRole.controlPlanePool),
                instanceType: control.instanceType, zones: control.zones)
        ] + [bastion].compactMap { $0 }
            + state.desired.spec.pools.map {
                PoolSummary(
                    name: $0.name, count: $0.count, machines: count($0.name), instanceType: $0.instanceType, market: $0.market,
                    zones: $0.zones)
            }
    }

    /// A state that the store still has, as it differs from the one before.
    public struct StateSummary: Codable, Sendable, Equatable {
        public var serial: Int
        /// When it was written; nil for the one of now.
        public var written: Date?
        public var machines: [String]
        public var phase: String
        /// What is not as in the state before it.
        public var changes: [String]
    }

    /// Oldest first; the last one is the state of now.
    public func history(_ name: String) async throws -> [StateSummary] {
        _ = try await context.state(of: name)
        var before: ClusterState?
        return try await context.store.history(name).map { kept in
            defer { before = kept.state }
            return StateSummary(
                serial: kept.state.serial, written: kept.written, machines: kept.state.machines.keys.sorted(), phase: phase(kept.state),
                changes: before.map { StateDiff.differences(old: $0, new: kept.state) } ?? [])
        }
    }

    /// - Parameter serial: nil for the state of now.
    public func state(_ name: String, serial: Int?) async throws -> ClusterState {
        let now = try await context.state(of: name)
        guard let serial, serial != now.serial else { return now }
        let kept = try await context.store.history(name).map(\.state)
        guard let found = kept.first(where: { $0.serial == serial }) else {
            throw SlipwayError(
                .notFound, at: Address(.state, name), doing: "reading the state", cause: "there is none of serial \(serial)",
                hint: "there are: \(kept.map { "\($0.serial)" }.joined(separator: ", "))")
        }
        return found
    }

    public func runs(_ name: String) async throws -> [String] { try await context.store.runs(name) }
    public func events(_ name: String, run: String) async throws -> [RunEvent] { try await context.store.runEvents(name, run: run) }

    private func phase(_ state: ClusterState) -> String {
        switch (state.movingTo, state.deleting, state.etcd) {
        case (.some, _, _): "moving"
        case (nil, true, _): "deleting"
        case (nil, false, .none): "planned"
        case (nil, false, .initialising): "forming"
        case (nil, false, .initialised): "created"
        }
    }

    private func summary(_ state: ClusterState) -> ClusterSummary {
        return ClusterSummary(
            name: state.name, uid: state.uid, provider: state.desired.spec.cloud.provider,
            kubernetesVersion: state.desired.spec.kubernetesVersion.map { "\($0)" } ?? "",
            controlPlane: state.desired.spec.controlPlane.count,
            workers: state.desired.spec.pools.map(\.count).reduce(0, +), phase: phase(state),
            api: state.apiURL, network: state.network)
    }
}
