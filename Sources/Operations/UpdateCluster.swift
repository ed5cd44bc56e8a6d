public import ClusterModel
public import Planning
import StateStore

/// Makes the cluster what its spec says: everything but replacing running machines; stopped ones are started.
public struct UpdateCluster: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// Plans towards the stored spec, or towards `spec` when one is given, and with `yes` stores it and carries the plan out.
    /// - Throws: `.notFound`; what planning and the run throw.
    public func callAsFunction(
        _ name: String, spec: Cluster? = nil, yes: Bool, drain: DrainOverrides = DrainOverrides(), preview: @Sendable (Plan) -> Void
    ) async throws -> OperationResult {
        _ = try await context.state(of: name, spec: spec)
        return try await context.locked(name, "update") { session in
            let stored = try await session.known().desired
            let desired = (spec ?? stored).resolved(as: stored)
            return try await ClusterSession.open(context, session, place: desired.spec.cloud.place) { open in
                if yes { try await open.cloud.preflight(desired) }
                let planning = { try await open.plan(desired, intent: .update, drain: drain) }
                let plan = try await planning()
                preview(plan)
                guard yes else { return OperationResult(plan: plan, report: nil) }
                try await open.refuseLosses(plan)
                if desired != stored { try await session.record(.desired(desired)) }
                return try await open.carryOut(plan, preview: preview, planning: planning) {
                    try await open.runReleasing($0, operation: "update")
                }.told
            }
        }
    }
}
