public import ClusterModel
public import Engine
public import StateStore

/// Everything that an operation reaches the world through. Made in one place, by the command line; tests make their own.
public struct OperationContext: Sendable {
    public var run: RunContext
    public var store: any StateStore
    /// The cloud of a provider.
    public var cloud: @Sendable (CloudProvider) throws -> any Cloud
    public var hosts: any HostAccess
    /// The asset source that a spec names.
    public var assets: @Sendable (String) throws -> any AssetSource
    public var connect: @Sendable (APIEndpoint) throws -> any ClusterAccess
    public var interrupt: Interrupt
    public var emit: @Sendable (RunEvent) -> Void
    /// How long to wait for a lock that somebody else holds.
    public var lockTimeout: Duration
    /// How many machines are worked on at once.
    public var parallelism: Int

    public init(
        run: RunContext, store: any StateStore, cloud: @escaping @Sendable (CloudProvider) throws -> any Cloud, hosts: any HostAccess,
        assets: @escaping @Sendable (String) throws -> any AssetSource,
        connect: @escaping @Sendable (APIEndpoint) throws -> any ClusterAccess, interrupt: Interrupt = Interrupt(),
        emit: @escaping @Sendable (RunEvent) -> Void = { _ in }, lockTimeout: Duration = .zero, parallelism: Int = 16
    ) {
        self.run = run
        self.store = store
        self.cloud = cloud
        self.hosts = hosts
        self.assets = assets
        self.connect = connect
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
