public import ClusterModel

/// The right to change one cluster's state: holds its lock until `release`.
public protocol StateSession: Sendable {
    var cluster: String { get }
    var owner: LockInfo { get }

    /// The state with all changes that are durable. Nil before `create` and after `remove`.
    var state: ClusterState? { get async }

    /// Ids of the steps that the last run to touch this cluster began and did not finish, sorted.
    var unfinishedSteps: [String] { get async }

    /// Begins the cluster. Throws `.exists` when it has a state, and `.refused` when its state document is missing
    /// though other files of it are here.
    func create(_ initial: ClusterState) async throws

    /// How long the lock outlives its holder's last sign of life; nil for a lock that ends with its process and is never
    /// lost before.
    var leaseLength: Duration? { get }

    /// Returns when the lock is still this session's, and will be for as long as a call that takes up to `call` (or half the
    /// lease, if that is less). Asked before every act that changes something outside.
    /// Throws `.tryAgain` when it is not: then nothing more may be changed.
    func ensureHeld(for call: Duration) async throws

    /// Begins the cluster again from what was found out about it, also where other files of it are left, which are put aside;
    /// secrets first, so that a crash between leaves a lost state and no state without secrets. Serials go on from the highest
    /// that a backup has. Throws `.exists` when it has a state.
    @discardableResult
    func rebuild(_ state: ClusterState, secrets: [String: Secret]) async throws -> KeyUse

    /// Makes a change durable before it returns; concurrent calls share one sync. Changes are applied in the order in
    /// which they were handed over. After one failure every later call fails: what is stored then ends before it.
    func record(_ change: StateChange) async throws

    /// Notes how far a run is. Returns when the mark is durable for `stepStarted` and `runStarted`; a `stepDone` may be
    /// lost with the power, on S3 with the process, too, which only means that the step is checked once more.
    /// After `remove` marks go nowhere.
    func journal(_ mark: JournalMark) async throws

    /// Folds the journal into the state document. The document that it replaces is kept among the last ten.
    func checkpoint() async throws

    /// Finds the key that secrets are encrypted with, or makes one if no secrets in this store need an older one.
    /// When it says `created`, tell the user to back the key up.
    @discardableResult
    func prepareKey() async throws -> KeyUse

    /// The secrets as last saved, nil when none were.
    func secrets() async throws -> [String: Secret]?

    /// Replaces all secrets, durably. Needs a state: secrets are bound to its lineage.
    @discardableResult
    func saveSecrets(_ secrets: [String: Secret]) async throws -> KeyUse

    /// The log of one run. Logs outlive the cluster. `id` is made of letters, digits, `.`, `_` and `-`.
    func runLog(_ id: String) async throws -> any RunLog

    /// Forgets the cluster: state, journal, backups and secrets, in one act that a crash cannot halve.
    func remove() async throws

    /// Folds the journal and gives the lock back. The session is of no use afterwards; releasing twice does nothing.
    func release() async

    /// Gives the lock back and leaves everything else as it is, as when the process ends without a word.
    func abandon() async
}

extension StateSession {
    public var leaseLength: Duration? { nil }
    public func ensureHeld(for call: Duration) async throws {}
}

/// Where the events of one run are written down, one JSON object a line.
public protocol RunLog: Sendable {
    /// Appends one event; returns at once. A log that cannot be written never fails a run.
    func append(_ event: RunEvent)

    /// Returns when all events are durable. Says what failed, if anything did.
    @discardableResult
    func close() async -> SlipwayError?
}

/// A key as it was found or made. Holds nothing secret.
public struct KeyUse: Sendable, Equatable {
    /// Names the key without giving it away.
    public var id: String
    /// Where the key is.
    public var path: String
    /// True when it was made just now and exists nowhere else.
    public var created: Bool

    public init(id: String, path: String, created: Bool) {
        self.id = id
        self.path = path
        self.created = created
    }
}
