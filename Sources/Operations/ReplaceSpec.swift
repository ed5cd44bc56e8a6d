public import ClusterModel
import Planning
import StateStore

/// Stores another spec for a cluster that exists. Touches no machine.
public struct ReplaceSpec: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// The differences that were stored; empty when the spec is the stored one already.
    /// - Parameter basis: the stored spec that the new one was made from. With another one stored meanwhile nothing is changed.
    public func callAsFunction(_ cluster: Cluster, basis: Cluster? = nil) async throws -> [Reason] {
        _ = try await context.state(of: cluster.name)
        return try await context.locked(cluster.name, "replace") { session in
            let stored = try await session.known().desired
            if let basis, basis != stored {
                throw SlipwayError(
                    .tryAgain, at: Address(.cluster, cluster.name), doing: "storing the spec",
                    cause: "somebody else changed it meanwhile: "
                        + SpecDiff.differences(old: basis, new: stored).map(\.description).joined(separator: "; "),
                    hint: "look at it with: slipway get spec \(cluster.name), then run the same command again")
            }
            let cluster = cluster.resolved(as: stored)
            try Planner.checkUnchangeable(try await session.known(), desired: cluster)
            let differences = SpecDiff.differences(old: stored, new: cluster)
            if !differences.isEmpty { try await session.record(.desired(cluster)) }
            return differences
        }
    }
}
