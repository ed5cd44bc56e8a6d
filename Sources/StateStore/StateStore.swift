public import ClusterModel

public import struct Foundation.Date

/// Where clusters are remembered: state, secrets, locks and run logs, one set for each cluster.
/// Reads need no lock and no key, but for reading secrets; they see the state as it was at some moment during the call.
public protocol StateStore: Sendable {
    /// The store's URL, as `file:///srv/slipway`. Goes into tags.
    var location: String { get }

    /// Names of the clusters that have anything kept here, sorted.
    func clusters() async throws -> [String]

    /// The state now. Nil when there is no such cluster. Throws `.notFound` when the state document is missing though
    /// other files of the cluster are here, and `.refused` when what is stored is damaged or of a newer format.
    func readState(_ cluster: String) async throws -> ClusterState?

    /// The secrets now. Nil when none were ever saved. Throws `.notFound` when the key is not here, and `.refused`
    /// when it is another one than encrypted them.
    func readSecrets(_ cluster: String) async throws -> [String: Secret]?

    /// Takes the cluster's lock, which need not exist yet, and reads its state under it. Waits up to `timeout`
    /// (zero: not at all) and calls `waiting` once, with the holder if it has said who it is, before it starts to wait.
    /// Throws `.tryAgain` saying who holds the lock, since when and for what; `.refused` as `readState` does;
    /// `CancellationError` when cancelled while waiting.
    func lock(
        _ cluster: String, as owner: LockInfo, timeout: Duration, waiting: @Sendable (LockInfo?) -> Void
    ) async throws -> any StateSession

    /// Removes the lock with exactly this id. Throws `.refused` when it has another id, or cannot be taken from a holder that
    /// is alive; `.notFound` when there is no lock.
    @discardableResult
    func breakLock(_ cluster: String, id: String) async throws -> BrokenLock

    /// The states that are still kept, oldest first; the last one is what `readState` gives. Empty when there is no such
    /// cluster. Throws as `readState` does.
    func history(_ cluster: String) async throws -> [KeptState]

    /// Ids of the runs that left a log, oldest first if ids begin with a time.
    func runs(_ cluster: String) async throws -> [String]

    /// The events of one run, as far as they were written. Throws `.notFound` when there is no such run.
    func runEvents(_ cluster: String, run: String) async throws -> [RunEvent]
}

/// A lock that was removed.
public struct BrokenLock: Sendable, Equatable {
    public var holder: LockInfo
    /// How long its holder may go on before it finds out, if it lives. Nil when it is known to be dead, or its time was over.
    public var mayActFor: Duration?

    public init(holder: LockInfo, mayActFor: Duration? = nil) {
        self.holder = holder
        self.mayActFor = mayActFor
    }
}

/// A state that a store still has.
public struct KeptState: Sendable, Equatable {
    public var state: ClusterState
    /// When it was written. Nil for the one of now, of which parts may be in the journal.
    public var written: Date?

    public init(_ state: ClusterState, written: Date?) {
        self.state = state
        self.written = written
    }
}

extension StateStore {
    /// Takes the lock, hands the session to `body` and releases it, also when `body` throws.
    public func withLock<Result: Sendable>(
        _ cluster: String, as owner: LockInfo, timeout: Duration = .zero, waiting: @Sendable (LockInfo?) -> Void = { _ in },
        _ body: (any StateSession) async throws -> Result
    ) async throws -> Result {
        let session = try await lock(cluster, as: owner, timeout: timeout, waiting: waiting)
        do {
            let result = try await body(session)
            await session.release()
            return result
        } catch {
            await session.release()
            throw error
        }
    }
}
