public import ClusterModel
public import Engine
public import StateStore

/// Everything that an operation reaches the world through. Made in one place, by the command line; tests make their own.
public struct OperationContext: Sendable {
    public var run: RunContext
    public var store: any StateStore
    /// The ways to a cloud and its machines.
    public var outside: @Sendable (CloudPlace) throws -> Outside
    public var interrupt: Interrupt
    public var emit: @Sendable (RunEvent) -> Void
    /// Hears of each plan that is about to be carried out.
    public var announce: @Sendable (Plan) -> Void = { _ in }
    /// Asked before each machine is replaced, changed or removed; a no stops as an interrupt does. Nil for a yes to all.
    public var approve: (@Sendable (_ question: String) async -> Bool)?
    /// How long to wait for a lock that somebody else holds.
    public var lockTimeout: Duration
    /// Asks for what the store has lost of a cluster to be rebuilt before anything else is done with it.
    public var recovery: RecoveryRequest?
    /// How many machines are worked on at once. Nil: 16, or as many as the pools of the plan may have in work at once.
    public var parallelism: Int?

    public init(
        run: RunContext, store: any StateStore, outside: @escaping @Sendable (CloudPlace) throws -> Outside,
        interrupt: Interrupt = Interrupt(),
        emit: @escaping @Sendable (RunEvent) -> Void = { _ in }, lockTimeout: Duration = .zero, parallelism: Int? = nil
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
        _ cluster: String, _ operation: String, whileMoving: Bool = false, _ body: (any StateSession) async throws -> Result
    ) async throws -> Result {
        let owner = LockInfo.current(operation: "\(operation) cluster \(cluster)", version: SlipwayVersion.text, context: run)
        return try await store.withLock(
            cluster, as: owner, timeout: lockTimeout,
            waiting: { holder in say("waiting for the lock" + (holder.map { ", held by \($0)" } ?? "")) }
        ) { session in
            if !whileMoving, let destination = await session.state?.movingTo { throw Self.isMoving(cluster, to: destination) }
            return try await body(session)
        }
    }

    /// A cluster that two stores could change is one too many.
    private static func isMoving(_ cluster: String, to destination: String) -> SlipwayError {
        SlipwayError(
            .refused, at: Address(.state, cluster), doing: "taking the lock",
            cause: "its state is on the way to \(destination), and that move did not end",
            hint: "end it with: slipway state move \(cluster) --to \(destination)")
    }

    /// A key that was just made exists nowhere else yet.
    func sayIfMade(_ key: KeyUse) {
        guard key.created else { return }
        say("made the key \(key.path), which encrypts all secrets: back it up; without it no cluster can be changed")
    }

    func say(_ message: String) {
        emit(RunEvent(time: run.now(), elapsed: 0, kind: .message, message: message))
    }

    /// - Parameter spec: what a recovery may go by where no machine can say it.
    /// - Throws: `.notFound` when the store has no such cluster.
    func state(of name: String, spec: Cluster? = nil) async throws -> ClusterState {
        if let recovery { try await RecoverCluster(self, recovery)(name, spec: spec) }
        guard let state = try await store.readState(name) else {
            let known = try await store.clusters()
            throw SlipwayError(
                .notFound, at: Address(.cluster, name), doing: "reading the state", cause: "\(store.location) has no such cluster",
                hint: (known.isEmpty ? "it has none at all (is --state right?)" : "it has: \(known.joined(separator: ", "))")
                    + "; if its state was lost: slipway update cluster \(name) --recover")
        }
        return state
    }
}
