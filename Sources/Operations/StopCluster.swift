public import ClusterModel
import Planning
import StateStore

/// Stops a cluster's machines and keeps everything else, for a later `StartCluster`.
public struct StopCluster: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// - Throws: `.notFound`; what planning and the run throw.
    public func callAsFunction(_ name: String, yes: Bool, preview: @Sendable (Plan) -> Void) async throws -> OperationResult {
        _ = try await context.state(of: name)
        return try await context.locked(name, "stop") { session in
            let state = try await session.known()
            return try await ClusterSession.open(context, session, place: state.desired.spec.cloud.place) { open in
                let plan = try Planner.stop(state, observation: try await open.observe())
                preview(plan)
                guard yes, !plan.isEmpty else { return OperationResult(plan: plan, report: nil) }
                return OperationResult(plan: plan, report: try await open.run(plan, operation: "stop"))
            }
        }
    }
}
