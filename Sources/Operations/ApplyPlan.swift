public import ClusterModel
import StateStore

/// Carries out a plan that was made earlier, provided that the same would be planned now.
public struct ApplyPlan: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// Plans as `slipway plan` does and gives it all as a file.
    public func plan(_ name: String, spec: Cluster? = nil) async throws -> PlanFile {
        _ = try await context.state(of: name)
        return try await context.locked(name, "plan") { session in
            try await planned(towards: spec, in: session)
        }
    }

    /// - Throws: `.refused` with every difference when the cluster is not as it was when the plan was made; what the run throws.
    public func callAsFunction(_ file: PlanFile, yes: Bool, preview: @Sendable (Plan) -> Void) async throws -> OperationResult {
        let name = file.plan.cluster.name
        let state = try await context.state(of: name)
        guard state.lineage == file.lineage else {
            throw SlipwayError(
                .refused, at: Address(.cluster, name), doing: "applying the plan", cause: "it was made for another cluster of that name",
                hint: "plan anew: slipway plan cluster \(name) --out FILE")
        }
        return try await context.locked(name, "apply") { session in
            try await ClusterSession.open(context, session, provider: file.desired.spec.cloud.provider) { open in
                if yes { try await open.cloud.preflight(file.desired) }
                let now = try await planned(towards: file.desired, by: open)
                let differences = file.differences(from: now)
                guard differences.isEmpty else {
                    let why = now.observed == file.observed ? "the stored spec was changed" : "the cluster is not as it was"
                    throw SlipwayError(
                        .refused, at: Address(.cluster, name), doing: "applying the plan",
                        cause: "\(why) when the plan was made (serial \(file.serial), now \(now.serial)):\n"
                            + differences.map { "  \($0)" }.joined(separator: "\n"),
                        hint: "plan anew: slipway plan cluster \(name) --out FILE")
                }
                preview(now.plan)
                guard yes else { return OperationResult(plan: now.plan, report: nil) }
                if file.desired != now.stored { try await session.record(.desired(file.desired)) }
                guard !now.plan.isEmpty else { return OperationResult(plan: now.plan, report: nil) }
                return OperationResult(plan: now.plan, report: try await open.run(now.plan, operation: "apply"))
            }
        }
    }

    private func planned(towards spec: Cluster?, in session: any StateSession) async throws -> PlanFile {
        let stored = try await session.known().desired
        return try await ClusterSession.open(context, session, provider: (spec ?? stored).spec.cloud.provider) { open in
            try await planned(towards: spec, by: open)
        }
    }

    private func planned(towards spec: Cluster?, by open: ClusterSession) async throws -> PlanFile {
        let state = try await open.session.known()
        let desired = (spec ?? state.desired).resolved(as: state.desired)
        let observation = try await open.observe()
        let plan = try await open.plan(desired, intent: .update, observation: observation)
        return try PlanFile(state: state, desired: desired, observation: observation, plan: plan)
    }
}
