public import ClusterModel
import Planning
import StateStore

/// Stores another spec for a cluster that exists. Touches no machine.
public struct ReplaceSpec: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// The differences that were stored; empty when the spec is the stored one already.
    public func callAsFunction(_ cluster: Cluster) async throws -> [Reason] {
        _ = try await context.state(of: cluster.name)
        return try await context.locked(cluster.name, "replace") { session in
            let stored = try await session.known().desired
            var cluster = cluster
            cluster.spec.kubernetesVersion = cluster.spec.kubernetesVersion ?? stored.spec.kubernetesVersion
            try Planner.checkUnchangeable(try await session.known(), desired: cluster)
            let differences = SpecDiff.differences(old: stored, new: cluster)
            if !differences.isEmpty { try await session.record(.desired(cluster)) }
            return differences
        }
    }
}
