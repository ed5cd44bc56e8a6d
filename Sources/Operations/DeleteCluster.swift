public import ClusterModel
import Drivers
import Engine
import Planning
import StateStore

/// Removes everything that the cluster owns, by its tags and by its state, and keeps nothing but the log of doing so.
public struct DeleteCluster: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// `lostAt` says where to look for a cluster whose state was lost.
    /// - Throws: `.notFound` when neither the store nor the cloud knows it; `.refused` under deletion protection or when
    ///   the tags show that it is another store's.
    public func callAsFunction(
        _ name: String, lostAt: CloudPlace, yes: Bool, preview: @Sendable (Plan) -> Void
    ) async throws -> OperationResult {
        try await context.locked(name, "delete") { session in
            let state = await session.state
            let place = state?.desired.spec.cloud.place ?? lostAt
            let cloud = try context.outside(place).cloud
            let identity =
                if let state { state.identity } else {
                    try await LostCluster(name: name, store: context.store.location).identity(in: cloud, doing: "deleting the cluster")
                }
            let plan = try Planner.delete(identity, state: state, observation: try await cloud.observe(identity))
            preview(plan)
            guard yes, !plan.isEmpty else { return OperationResult(plan: plan, report: nil) }
            // Without a state there is nothing to write down: the tags say again what is left after a kill.
            let journal: any RunJournal =
                if let state { SessionJournal(session: session, initial: state) } else {
                    TransientJournal(identity, provider: cloud.provider)
                }
            return try await ClusterSession.open(context, session, place: place) { open in
                let report = try await open.run(plan, operation: "delete", journal: journal)
                // Secrets and backups of a state that was lost serve nobody any more, and a new cluster of the name would not be theirs.
                if state == nil { try await session.remove() }
                return OperationResult(plan: plan, report: report)
            }
        }
    }
}
