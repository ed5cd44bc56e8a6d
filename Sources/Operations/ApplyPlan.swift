public import ClusterModel
import Planning
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
            try await ClusterSession.open(context, session, place: file.desired.spec.cloud.place) { open in
                if yes { try await open.cloud.preflight(file.desired) }
                let now = try await planned(towards: file.desired, by: open, advice: .some(file.facts.cluster.workload))
                let differences = try file.differences(from: now)
                guard differences.isEmpty else {
                    let why = now.stored != file.stored ? "the stored spec was changed" : "the cluster is not as it was"
                    throw SlipwayError(
                        .refused, at: Address(.cluster, name), doing: "applying the plan",
                        cause: "\(why) when the plan was made (serial \(file.serial), now \(now.serial)):\n"
                            + differences.map { "  \($0)" }.joined(separator: "\n"),
                        hint: "plan anew: slipway plan cluster \(name) --out FILE")
                }
                // What was looked at is what is done.
                preview(file.plan)
                guard yes else { return OperationResult(plan: file.plan, report: nil) }
                if file.desired != now.stored { try await session.record(.desired(file.desired)) }
                guard !file.plan.isEmpty else { return OperationResult(plan: file.plan, report: nil) }
                return OperationResult(plan: file.plan, report: try await open.run(file.plan, operation: "apply"))
            }
        }
    }

    private func planned(towards spec: Cluster?, in session: any StateSession) async throws -> PlanFile {
        let stored = try await session.known().desired
        return try await ClusterSession.open(context, session, place: (spec ?? stored).spec.cloud.place) { open in
            try await planned(towards: spec, by: open)
        }
    }

    /// - Parameter advice: pods and budgets to plan with in the place of those that are observed.
    private func planned(
        towards spec: Cluster?, by open: ClusterSession, advice: ClusterObservation.Workload?? = nil
    ) async throws -> PlanFile {
        let state = try await open.session.known()
        let desired = (spec ?? state.desired).resolved(as: state.desired)
        var observation = try await open.observe()
        if let advice { observation.cluster.workload = advice }
        var facts = observation
        let plan = try await open.plan(desired, observation: observation) { input in
            facts = input.observation
            return try Planner.converge(input, intent: .update)
        }
        return try PlanFile(state: state, desired: desired, facts: facts, plan: plan)
    }
}
