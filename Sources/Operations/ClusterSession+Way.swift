import ClusterModel
import Engine
import Planning

extension ClusterSession {
    /// Carries a plan out, and where it only opens the way to machines that nobody could look at also the one that follows then.
    /// - Parameters:
    ///   - planning: looks again and plans the rest, which is shown by `preview`.
    ///   - running: carries one of the two out.
    func carryOut(
        _ plan: Plan, preview: @Sendable (Plan) -> Void, planning: () async throws -> Plan, running: (Plan) async throws -> RunReport
    ) async throws -> OperationResult {
        guard !plan.isEmpty else { return OperationResult(plan: plan, report: nil) }
        let report = try await running(plan)
        guard plan.opensTheWay == true else { return OperationResult(plan: plan, report: report) }
        let rest = try await planning()
        guard !rest.isEmpty else { return OperationResult(plan: plan, report: report) }
        preview(rest)
        try await refuseLosses(rest)
        return OperationResult(plan: rest, report: try await running(rest))
    }
}
