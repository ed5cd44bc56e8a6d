public import ClusterModel
import Foundation
import StateStore

/// Creates a cluster, continues a create that was cut short, or finds that nothing is to be done.
public struct CreateCluster: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// Stores the spec, plans, and with `yes` carries the plan out.
    /// - Throws: `.exists` when another spec is stored under this name; what planning and the run throw.
    public func callAsFunction(_ wanted: Cluster, yes: Bool, preview: @Sendable (Plan) -> Void) async throws -> OperationResult {
        if let recovery = context.recovery { try await RecoverCluster(context, recovery)(wanted.name, spec: wanted) }
        return try await context.locked(wanted.name, "create") { session in
            let cluster = try await resolved(wanted, stored: await session.state?.desired)
            let isNew = await session.state == nil
            // What cannot be made here is not stored either.
            if yes, isNew { try await context.outside(cluster.spec.cloud.place).cloud.preflight(cluster) }
            try await refuseSecond(cluster, state: await session.state, yes: yes)
            try await store(cluster, in: session)
            return try await ClusterSession.open(context, session, place: cluster.spec.cloud.place) { open in
                if yes, !isNew { try await open.cloud.preflight(cluster) }
                let planning = { try await open.plan(cluster, intent: .create) }
                let plan = try await planning()
                preview(plan)
                guard yes else { return OperationResult(plan: plan, report: nil) }
                return try await open.carryOut(plan, preview: preview, planning: planning) { try await open.run($0, operation: "create") }
                    .told
            }
        }
    }

    /// A cluster of this name and store whose state was lost lives on: another one beside it would take its place in the store.
    private func refuseSecond(_ cluster: Cluster, state: ClusterState?, yes: Bool) async throws {
        // Once something was made, its own uid tells it apart.
        guard state.map({ $0.network == nil && $0.machines.isEmpty }) ?? true else { return }
        let found: ClusterIdentity?
        do {
            let cloud = try context.outside(cluster.spec.cloud.place).cloud
            found = try await LostCluster(name: cluster.name, store: context.store.location).find(in: cloud, doing: "creating the cluster")
        } catch  where !yes {
            // A preview may be asked for by somebody who may not look everywhere.
            return
        }
        guard let found, found.uid != state?.uid else { return }
        throw SlipwayError(
            .refused, at: Address(.cluster, cluster.name), doing: "creating the cluster",
            cause: "a cluster of this name (\(found.uid)) was made from this store, which has lost its state",
            hint: (state == nil
                ? "" : "first forget the one that was only planned: slipway delete cluster \(cluster.name) --yes; then ")
                + "rebuild its state: slipway update cluster \(cluster.name) --recover; or remove it: slipway delete cluster "
                + "\(cluster.name) --yes")
    }

    private func store(_ cluster: Cluster, in session: any StateSession) async throws {
        guard let state = await session.state else {
            try await session.create(
                ClusterState(lineage: UUID().uuidString.lowercased(), uid: context.run.randomHex(8), desired: cluster))
            return
        }
        let differences = SpecDiff.differences(old: state.desired, new: cluster)
        guard differences.isEmpty else {
            throw SlipwayError(
                .exists, at: Address(.cluster, cluster.name), doing: "creating the cluster",
                cause: "it exists with another spec:\n" + differences.map { "  \($0)" }.joined(separator: "\n"),
                hint: "change it with: slipway replace -f FILE, then slipway update cluster \(cluster.name); or choose another name")
        }
    }

    /// The version resolved: the stored one, or the newest of the asset source.
    private func resolved(_ cluster: Cluster, stored: Cluster?) async throws -> Cluster {
        var cluster = cluster
        if cluster.spec.kubernetesVersion == nil {
            if let stored {
                cluster.spec.kubernetesVersion = stored.spec.kubernetesVersion
            } else {
                cluster.spec.kubernetesVersion = try await context.outside(cluster.spec.cloud.place).assets(cluster.spec.assets.source)
                    .newestVersion()
            }
        }
        return cluster
    }
}
