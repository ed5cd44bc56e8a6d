public import ClusterModel
import Planning
import StateStore

/// Everything at once that brings a cluster to its spec: repair, update, rolling update, each on a fresh look.
public struct ReconcileCluster: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// Without `yes` it shows what can be planned now: the first plan that has something to do, as later ones depend on it.
    public func callAsFunction(
        _ name: String, options: RollCluster.Options = RollCluster.Options(), yes: Bool, preview: @Sendable (Plan) -> Void
    ) async throws -> [OperationResult] {
        _ = try await context.state(of: name)
        return try await context.locked(name, "reconcile") { session in
            let desired = try await session.known().desired
            return try await ClusterSession.open(context, session, place: desired.spec.cloud.place) { open in
                if yes { try await open.cloud.preflight(desired) }
                var results: [OperationResult] = []
                let planners: [@Sendable (PlanningInput) throws -> Plan] = [
                    { try Planner.repair($0) }, { try Planner.converge($0, intent: .update) }, { try Planner.roll($0, options.selection) },
                ]
                for planner in planners {
                    let plan = try await open.plan(desired, drain: options.drain, planner)
                    guard !plan.isEmpty else { continue }
                    preview(plan)
                    guard yes else { return results + [OperationResult(plan: plan, report: nil)] }
                    try await open.refuseLosses(plan)
                    results += try await open.carryOut(
                        plan, preview: preview, planning: { try await open.plan(desired, drain: options.drain, planner) }
                    ) {
                        try await open.runReleasing(
                            $0, operation: "reconcile-\($0.intent.rawValue)", removes: options.removesOnFailure)
                    }
                }
                return results
            }
        }
    }
}
