import ClusterModel
import Engine
import Planning

extension ClusterSession {
    /// - Throws: `.refused` when drains of the plan would lose pods that nobody has given up, before anything is touched.
    func refuseLosses(_ plan: Plan) async throws {
        guard plan.steps.contains(where: { $0.action.name == .drainNode }) else { return }
        let refused = Planner.refusedPods(plan, workload: try await observe().cluster.workload)
        guard let first = refused.first else { return }
        throw SlipwayError(
            .refused, at: first.pod.node.map { Address(.node, $0) }, doing: "planning its drain",
            cause: refused.map { "the pod \($0.pod.title): \($0.why)" }.joined(separator: "; "),
            hint: "move them, or allow it: " + Set(refused.map(\.flag)).sorted().joined(separator: " "))
    }

    /// Carries a plan out. When steps fail, nodes that it left marked take pods as before, and with `removes` new machines that
    /// never served are taken away again.
    func runReleasing(_ plan: Plan, operation: String, removes: Bool = false) async throws -> RunReport {
        do {
            return try await run(plan, operation: operation)
        } catch let failure as RunFailure {
            guard !context.interrupt.isRequested, plan.steps.contains(where: { $0.action.name == .drainNode }) else { throw failure }
            do {
                let mending = try await self.plan(try await session.known().desired) { input in
                    Planner.giveUp(input, made: removes ? plan.neverServed(failure.report, seen: input.observation.cluster) : [])
                }
                if !mending.isEmpty {
                    context.say("taking back what the failed run left on nodes")
                    _ = try await run(mending, operation: "\(operation)-give-up")
                }
            } catch {
                let cause = SlipwayError(wrapping: error, doing: "taking back").description
                context.say("some nodes may still be cordoned: \(cause); slipway update cluster \(plan.cluster.name) --yes takes it back")
            }
            throw failure
        }
    }
}

extension Plan {
    /// New machines that were begun and whose nodes were never admitted, those included that an earlier run kept.
    func neverServed(_ report: RunReport, seen cluster: ClusterObservation) -> [String] {
        let begun = steps.filter { step in
            switch step.action {
            case .createMachine: true
            // It was started once more. Where there is a node it may have served.
            case .startMachine: cluster.api.status == .ready && !cluster.nodes.contains { $0.name == step.address.name }
            default: false
            }
        }
        return begun.map(\.address.name).filter { report.outcomes[Step.id(Address(.node, $0), .admitNode)] == nil }
    }
}
