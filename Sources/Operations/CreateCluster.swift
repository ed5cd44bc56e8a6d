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
        try await context.locked(wanted.name, "create") { session in
            let cluster = try await resolved(wanted, stored: await session.state?.desired)
            let isNew = await session.state == nil
            // What cannot be made here is not stored either.
            if yes, isNew { try await context.outside(cluster.spec.cloud.provider).cloud.preflight(cluster) }
            try await store(cluster, in: session)
            return try await ClusterSession.open(context, session, provider: cluster.spec.cloud.provider) { open in
                if yes, !isNew { try await open.cloud.preflight(cluster) }
                let plan = try await open.plan(cluster, intent: .create)
                preview(plan)
                guard yes, !plan.isEmpty else { return OperationResult(plan: plan, report: nil) }
                return OperationResult(plan: plan, report: try await open.run(plan, operation: "create"))
            }
        }
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
                cluster.spec.kubernetesVersion = try await context.outside(cluster.spec.cloud.provider).assets(cluster.spec.assets.source)
                    .newestVersion()
            }
        }
        return cluster
    }
}
