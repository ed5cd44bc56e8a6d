import ClusterModel
import Engine
import Planning

extension ClusterSession {
    /// Carries a plan out, and where it only opens the way to machines that nobody could look at also the one that follows then.
    /// - Parameters:
    ///   - planning: looks again and plans the rest, which is shown by `preview`.
    ///   - running: carries one of the two out.
    /// - Returns: what came of each plan that had something to do; never empty.
    func carryOut(
        _ plan: Plan, preview: @Sendable (Plan) -> Void, planning: () async throws -> Plan, running: (Plan) async throws -> RunReport
    ) async throws -> [OperationResult] {
        guard !plan.isEmpty else { return [OperationResult(plan: plan, report: nil)] }
        let first = OperationResult(plan: plan, report: try await running(plan))
        guard plan.opensTheWay == true else { return [first] }
        let rest = try await planning()
        guard !rest.isEmpty else { return [first] }
        preview(rest)
        try await refuseLosses(rest)
        return [first, OperationResult(plan: rest, report: try await running(rest))]
    }
}

extension [OperationResult] {
    /// What a command that carries one plan out tells of: the last one.
    /// - Throws: `.bug` when there is none.
    var told: OperationResult {
        get throws {
            guard let last else { throw SlipwayError(.bug, doing: "carrying a plan out", cause: "nothing came of it") }
            return last
        }
    }
}
