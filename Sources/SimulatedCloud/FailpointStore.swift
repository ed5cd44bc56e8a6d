public import ClusterModel
public import StateStore

/// A state store with failpoints before and after everything that it makes durable.
public struct FailpointStore: StateStore {
    private let base: any StateStore
    private let failpoints: Failpoints

    public init(_ base: any StateStore, failpoints: Failpoints) {
        self.base = base
        self.failpoints = failpoints
    }

    public var location: String { base.location }
    public func clusters() async throws -> [String] { try await base.clusters() }
    public func readState(_ cluster: String) async throws -> ClusterState? { try await base.readState(cluster) }
    public func readSecrets(_ cluster: String) async throws -> [String: Secret]? { try await base.readSecrets(cluster) }
    public func breakLock(_ cluster: String, id: String) async throws -> BrokenLock { try await base.breakLock(cluster, id: id) }
    public func history(_ cluster: String) async throws -> [KeptState] { try await base.history(cluster) }
    public func runs(_ cluster: String) async throws -> [String] { try await base.runs(cluster) }
    public func runEvents(_ cluster: String, run: String) async throws -> [RunEvent] { try await base.runEvents(cluster, run: run) }

    public func lock(
        _ cluster: String, as owner: LockInfo, timeout: Duration, waiting: @Sendable (LockInfo?) -> Void
    ) async throws -> any StateSession {
        let session = try await base.lock(cluster, as: owner, timeout: timeout, waiting: waiting)
        do {
            try failpoints.pass("lock: taken")
        } catch {
            await session.abandon()
            throw error
        }
        return FailpointSession(base: session, failpoints: failpoints)
    }
}

private struct FailpointSession: StateSession {
    let base: any StateSession
    let failpoints: Failpoints

    var cluster: String { base.cluster }
    var owner: LockInfo { base.owner }
    var state: ClusterState? { get async { await base.state } }
    var unfinishedSteps: [String] { get async { await base.unfinishedSteps } }
    var leaseLength: Duration? { base.leaseLength }
    func ensureHeld(for call: Duration) async throws { try await base.ensureHeld(for: call) }

    private func around<Result: Sendable>(_ what: String, _ act: () async throws -> Result) async throws -> Result {
        try failpoints.pass("\(what): not recorded")
        let result = try await act()
        try failpoints.pass("\(what): recorded")
        return result
    }

    func create(_ initial: ClusterState) async throws { try await around("state") { try await base.create(initial) } }

    func rebuild(_ state: ClusterState, secrets: [String: Secret]) async throws -> KeyUse {
        try await around("rebuilt state") { try await base.rebuild(state, secrets: secrets) }
    }

    func record(_ change: StateChange) async throws { try await around(change.label) { try await base.record(change) } }

    func journal(_ mark: JournalMark) async throws {
        switch mark {
        case .runStarted(let id, _): try await around("run \(id)") { try await base.journal(mark) }
        case .stepStarted(let id): try await around("start of \(id)") { try await base.journal(mark) }
        case .stepDone(let id): try await around("end of \(id)") { try await base.journal(mark) }
        }
    }

    func checkpoint() async throws { try await around("checkpoint") { try await base.checkpoint() } }
    func prepareKey() async throws -> KeyUse { try await around("key") { try await base.prepareKey() } }
    func secrets() async throws -> [String: Secret]? { try await base.secrets() }

    func saveSecrets(_ secrets: [String: Secret]) async throws -> KeyUse {
        try await around("secrets") { try await base.saveSecrets(secrets) }
    }

    func runLog(_ id: String) async throws -> any RunLog {
        try failpoints.checkAlive()
        return try await base.runLog(id)
    }

    func remove() async throws { try await around("removal of the state") { try await base.remove() } }

    func release() async {
        if (try? failpoints.pass("lock: held")) == nil {
            await base.abandon()
        } else {
            await base.release()
        }
    }

    func abandon() async { await base.abandon() }
}
