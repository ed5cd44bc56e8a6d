public import ClusterModel
import StateStore

/// Starts the machines that a cluster has, and all that runs on them. Makes and removes none, whatever the spec says.
public struct StartCluster: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// - Throws: `.notFound`; `.failed` for a cluster that was never made; what planning and the run throw.
    public func callAsFunction(_ name: String, yes: Bool, preview: @Sendable (Plan) -> Void) async throws -> OperationResult {
        _ = try await context.state(of: name)
        return try await context.locked(name, "start") { session in
            let desired = try StartCluster.asItIs(try await session.known())
            return try await ClusterSession.open(context, session, place: desired.spec.cloud.place) { open in
                if yes { try await open.cloud.preflight(desired) }
                let planning = { try await open.plan(desired, intent: .start) }
                let plan = try await planning()
                preview(plan)
                guard yes else { return OperationResult(plan: plan, report: nil) }
                return try await open.carryOut(plan, preview: preview, planning: planning) { try await open.run($0, operation: "start") }
                    .told
            }
        }
    }

    /// The stored spec with as many machines as there are.
    static func asItIs(_ state: ClusterState) throws -> Cluster {
        guard state.network != nil, !state.machines.isEmpty else {
            throw SlipwayError(
                .failed, at: Address(.cluster, state.name), doing: "starting the cluster", cause: "it was not made yet",
                hint: "make it with: slipway update cluster \(state.name) --yes")
        }
        var desired = state.desired
        func count(_ pool: String) -> Int { state.machines.values.count { $0.pool == pool } }
        desired.spec.controlPlane.count = count(MachineRole.controlPlanePool)
        for index in desired.spec.pools.indices { desired.spec.pools[index].count = count(desired.spec.pools[index].name) }
        return desired
    }
}
