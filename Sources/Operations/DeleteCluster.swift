public import ClusterModel
import Drivers
import Engine
import Planning
import StateStore

/// Removes everything that the cluster owns, by its tags and by its state, and keeps nothing but the log of doing so.
public struct DeleteCluster: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// `provider` says where to look for a cluster whose state was lost.
    /// - Throws: `.notFound` when neither the store nor the cloud knows it; `.refused` under deletion protection or when
    ///   the tags show that it is another store's.
    public func callAsFunction(
        _ name: String, provider: CloudProvider, yes: Bool, preview: @Sendable (Plan) -> Void
    ) async throws -> OperationResult {
        try await context.locked(name, "delete") { session in
            let state = await session.state
            let cloud = try context.outside(state?.desired.spec.cloud.provider ?? provider).cloud
            let identity = if let state { state.identity } else { try await lost(name, in: cloud) }
            let plan = try Planner.delete(identity, state: state, observation: try await cloud.observe(identity))
            preview(plan)
            guard yes, !plan.isEmpty else { return OperationResult(plan: plan, report: nil) }
            // Without a state there is nothing to write down: the tags say again what is left after a kill.
            let journal: any RunJournal =
                if let state { SessionJournal(session: session, initial: state) } else {
                    TransientJournal(identity, provider: cloud.provider)
                }
            return try await ClusterSession.open(context, session, provider: cloud.provider) { open in
                OperationResult(plan: plan, report: try await open.run(plan, operation: "delete", journal: journal))
            }
        }
    }

    /// The cluster of that name that was made from this store, found by its tags.
    private func lost(_ name: String, in cloud: any Cloud) async throws -> ClusterIdentity {
        let found = try await cloud.clusters().filter { $0.identity.name == name }
        let ours = found.filter { $0.store == context.store.location }
        guard let only = ours.first, ours.count == 1 else {
            if ours.count > 1 {
                throw SlipwayError(
                    .refused, at: Address(.cluster, name), doing: "looking for the cluster by its tags",
                    cause: "this store's state of it is lost and \(ours.count) clusters carry its name: "
                        + ours.map(\.identity.uid).sorted().joined(separator: ", "),
                    hint: "restore the state from \(context.store.location)")
            }
            let others = found.compactMap(\.store).sorted()
            throw SlipwayError(
                .notFound, at: Address(.cluster, name), doing: "deleting the cluster",
                cause: "neither the store nor the cloud's tags know it",
                hint: others.isEmpty
                    ? "it was deleted already, or --state names another store"
                    : "a cluster of that name belongs to another store: --state \(others.joined(separator: " or "))")
        }
        return only.identity
    }
}
