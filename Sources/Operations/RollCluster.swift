public import ClusterModel
public import Planning
import StateStore

/// Replaces machines that differ from the spec in what cannot be changed in place, without downtime.
public struct RollCluster: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// What a person may decide about a roll.
    public struct Options: Sendable {
        public var selection: RollSelection
        public var drain: DrainOverrides
        /// Whether a new machine that never served is taken away again when the roll fails.
        public var removesOnFailure: Bool

        public init(
            selection: RollSelection = .differing, drain: DrainOverrides = DrainOverrides(), removesOnFailure: Bool = false
        ) {
            self.selection = selection
            self.drain = drain
            self.removesOnFailure = removesOnFailure
        }
    }

    /// Plans, and with `yes` carries the plan out.
    /// - Throws: `.notFound`; `.refused` when pods would be lost or a budget blocks a drain; what planning and the run throw.
    public func callAsFunction(
        _ name: String, spec: Cluster? = nil, options: Options = Options(), yes: Bool, preview: @Sendable (Plan) -> Void
    ) async throws -> OperationResult {
        _ = try await context.state(of: name, spec: spec)
        return try await context.locked(name, "rolling-update") { session in
            let stored = try await session.known().desired
            let desired = (spec ?? stored).resolved(as: stored)
            return try await ClusterSession.open(context, session, place: desired.spec.cloud.place) { open in
                if yes { try await open.cloud.preflight(desired) }
                let plan = try await open.plan(desired, drain: options.drain) { try Planner.roll($0, options.selection) }
                preview(plan)
                guard yes else { return OperationResult(plan: plan, report: nil) }
                try await open.refuseLosses(plan)
                if desired != stored { try await session.record(.desired(desired)) }
                let rest = {
                    try await open.plan(desired, drain: options.drain) { input in
                        // The one that was chosen may have been what was in the way, and is gone.
                        if case .machine(let name) = options.selection, input.state.machines[name] == nil {
                            return try Planner.converge(input, intent: .roll)
                        }
                        return try Planner.roll(input, options.selection)
                    }
                }
                return try await open.carryOut(plan, preview: preview, planning: rest) {
                    try await open.runReleasing($0, operation: "rolling-update", removes: options.removesOnFailure)
                }.told
            }
        }
    }
}
