/// Carries out the actions of one kind. Each action is check, act, verify: running it twice is the same as once.
public protocol Driver: Sendable {
    /// Throws `SlipwayError`; a transient one makes the engine try again.
    func perform(_ step: Step, in context: StepContext) async throws -> StepOutcome
}

public enum StepOutcome: String, Codable, Sendable {
    /// Something was changed.
    case changed
    /// It was already as it should be.
    case unchanged
}

/// What a driver may use while it carries out a step.
public struct StepContext: Sendable {
    public var run: RunContext
    /// The state as it is now, changes of concurrent steps included.
    public var state: @Sendable () async -> ClusterState
    /// Makes a change of the state durable before it returns. Intents are recorded before the act they announce.
    public var record: @Sendable (StateChange) async throws -> Void
    /// Says what is going on inside a long step.
    public var progress: @Sendable (String) -> Void

    public init(
        run: RunContext, state: @escaping @Sendable () async -> ClusterState,
        record: @escaping @Sendable (StateChange) async throws -> Void, progress: @escaping @Sendable (String) -> Void
    ) {
        self.run = run
        self.state = state
        self.record = record
        self.progress = progress
    }
}
