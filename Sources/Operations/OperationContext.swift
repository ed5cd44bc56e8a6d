public import ClusterModel
public import Engine
public import StateStore

/// Everything that an operation reaches the world through. Made in one place, by the command line; tests make their own.
public struct OperationContext: Sendable {
    public var run: RunContext
    public var store: any StateStore
    /// The ways to a provider's cloud and machines.
    public var outside: @Sendable (CloudProvider) throws -> Outside
    public var interrupt: Interrupt
    public var emit: @Sendable (RunEvent) -> Void
    /// Hears of each plan that is about to be carried out.
    public var announce: @Sendable (Plan) -> Void = { _ in }
    /// How long to wait for a lock that somebody else holds.
    public var lockTimeout: Duration
    /// How many machines are worked on at once.
    public var parallelism: Int

    public init(
        run: RunContext, store: any StateStore, outside: @escaping @Sendable (CloudProvider) throws -> Outside,
        interrupt: Interrupt = Interrupt(),
        emit: @escaping @Sendable (RunEvent) -> Void = { _ in }, lockTimeout: Duration = .zero, parallelism: Int = 16
    ) {
        self.run = run
        self.store = store
        self.outside = outside
        self.interrupt = interrupt
        self.emit = emit
        self.lockTimeout = lockTimeout
        self.parallelism = parallelism
    }

    /// Takes the cluster's lock, gives the session to `body` and releases it.
    func locked<Result: Sendable>(
        _ cluster: String, _ operation: String, _ body: (any StateSession) async throws -> Result
    ) async throws -> Result {
        let owner = LockInfo.current(operation: "\(operation) cluster \(cluster)", version: SlipwayVersion.text, context: run)
        return try await store.withLock(
            cluster, as: owner, timeout: lockTimeout,
            waiting: { holder in say("waiting for the lock" + (holder.map { ", held by \($0)" } ?? "")) }, body)
    }

    func say(_ message: String) {
        emit(RunEvent(time: run.now(), elapsed: 0, kind: .message, message: message))
    }

    /// - Throws: `.notFound` when the store has no such cluster.
    func state(of name: String) async throws -> ClusterState {
        guard let state = try await store.readState(name) else {
            let known = try await store.clusters()
            throw SlipwayError(
                .notFound, at: Address(.cluster, name), doing: "reading the state", cause: "\(store.location) has no such cluster",
                hint: known.isEmpty ? "it has none at all; is --state right?" : "it has: \(known.joined(separator: ", "))")
        }
        return state
    }
}
