import AWSAPI
public import ClusterModel

/// A session with an S3 store.
public actor S3StateSession: StateSession {
    public nonisolated let cluster: String
    public nonisolated let owner: LockInfo
    let store: S3StateStore
    let keys: ClusterKeys
    nonisolated let lease: Lease
    var phase = SessionPhase.empty
    /// Whatever writes takes turns.
    let turns = Turns()

    // The state document as it is stored.
    var stored: S3Object?
    /// The last record that it contains.
    var foldedSequence = 0
    /// A document whose put was begun, and the last record that it contains.
    var unanswered: (bytes: [UInt8], sequence: Int)?

    // The journal. See S3StateSession+Journal.swift.
    var segments: [String] = []
    /// Where segments go that continue the document as it is stored.
    var segmentFolder = ""
    var journalSize = 0
    var pending: [PendingRecord] = []
    var isFlushing = false
    var tail = JournalTail()
    /// Why nothing can be written any more.
    var failure: SlipwayError?
    /// How often the journal was put.
    var puts = 0

    /// Of the secrets that are stored.
    private var secretsObject: S3Object?
    private var hasReadSecrets = false
    private var logs: [S3RunLog] = []

    init(store: S3StateStore, cluster: String, keys: ClusterKeys, lease: Lease) {
        self.store = store
        self.cluster = cluster
        self.keys = keys
        self.lease = lease
        owner = lease.owner
    }

    var objects: any ObjectStore { store.objects }

    public var state: ClusterState? { phase.state }

    public var unfinishedSteps: [String] { phase.unfinishedSteps }

    /// Nothing that another holder might see undone is done without it.
    public func ensureHeld(for call: Duration) async throws { try await lease.ensure(for: call) }

    public nonisolated var leaseLength: Duration? { lease.length }

    /// Reads what is there, and folds what the last run left in the journal.
    func open() async throws {
        switch try await store.load(keys, name: cluster) {
        case .nothing: break
        case .removed:
            // A removal that was interrupted.
            try await purge()
        case .state(let loaded):
            segments = loaded.segments
            begin(loaded.document, stored: loaded.object, foldedSequence: loaded.foldedSequence)
            segmentFolder = loaded.segmentFolder
            if loaded.document.body.sequence > loaded.foldedSequence {
                try await fold()
            } else {
                try await dropSegments()
            }
        }
    }

    func begin(_ document: StateDocument, stored object: S3Object, foldedSequence: Int) {
        phase = .live(document)
        stored = object
        tail = JournalTail(document)
        self.foldedSequence = foldedSequence
    }

    public func create(_ initial: ClusterState) async throws {
        try phase.checkMayBegin(initial, cluster: cluster, doing: "creating the state")
        if var loss = try await store.loss(keys, name: cluster) {
            loss.code = .refused
            loss.doing = "creating the state"
            throw loss
        }
        try await begin(StateDocument(initial), doing: "creating the state")
    }

    /// Puts the first document, which contains all of its records.
    func begin(_ document: StateDocument, doing: String) async throws {
        let bytes = try document.bytes()
        try await lease.verify()
        guard let etag = try await objects.putOwn(keys.state, bytes, if: .absent) else { throw overtaken(doing) }
        begin(document, stored: S3Object(bytes: bytes, etag: etag), foldedSequence: document.body.sequence)
        segmentFolder = keys.segments(continuing: document)
    }

    // MARK: Secrets

    private func readSecrets() async throws -> S3Object? {
        if !hasReadSecrets {
            secretsObject = try await objects.get(keys.secrets)
            hasReadSecrets = true
        }
        return secretsObject
    }

    @discardableResult
    public func prepareKey() async throws -> KeyUse { try await store.seal(for: cluster, own: try await readSecrets()?.bytes).use }

    public func secrets() async throws -> [String: Secret]? {
        let lineage: String?
        switch phase {
        case .live(let document): lineage = document.state.lineage
        case .empty: lineage = nil
        case .removed: return nil
        case .released: throw misuse("reading the secrets")
        }
        guard let object = try await readSecrets() else { return nil }
        return try await store.open(object.bytes, cluster: cluster, lineage: lineage)
    }

    @discardableResult
    public func saveSecrets(_ secrets: [String: Secret]) async throws -> KeyUse {
        guard case .live(let document) = phase else { throw misuse("saving the secrets") }
        return try await seal(secrets, lineage: document.state.lineage)
    }

    func seal(_ secrets: [String: Secret], lineage: String) async throws -> KeyUse {
        let before = try await readSecrets()
        let copy = try await objects.head(keys.secretsCopy)
        let seal = try await store.seal(for: cluster, own: before?.bytes)
        let bytes = try SecretsDocument(sealing: secrets, lineage: lineage, with: seal).bytes()
        try await lease.verify()
        let condition: S3Condition = before.map { .matches(etag: $0.etag) } ?? .absent
        guard let etag = try await objects.putOwn(keys.secrets, bytes, if: condition) else { throw overtaken("saving the secrets") }
        secretsObject = S3Object(bytes: bytes, etag: etag)
        try await keepCopy(of: bytes, over: copy)
        return seal.use
    }

    /// What overwrites or damages one of the two objects seldom does it to both. Like the secrets themselves it takes the place
    /// of what was read before only: a process that lost its lock brings no old copy back.
    private func keepCopy(of bytes: [UInt8], over copy: S3Object?) async throws {
        let condition: S3Condition = copy.map { .matches(etag: $0.etag) } ?? .absent
        guard try await objects.putOwn(keys.secretsCopy, bytes, if: condition) != nil else {
            throw overtaken("keeping a copy of the secrets")
        }
    }

    // MARK: Logs

    public func runLog(_ id: String) async throws -> any RunLog {
        if case .released = phase { throw misuse("opening the log of run \(id)") }
        try FileName.check(id, "run")
        let log = S3RunLog(objects: objects, keys: keys, id: id)
        logs.append(log)
        return log
    }

    // MARK: The end

    public func remove() async throws {
        try await flushAll()
        let uid: String
        let condition: S3Condition
        switch phase {
        case .empty:
            uid = "lost-\(owner.id)"
            condition = .absent
        case .live(let document):
            uid = document.state.uid
            condition = .matches(etag: stored?.etag ?? "")
        case .removed: return
        case .released: throw misuse("removing the state")
        }
        try await lease.verify()
        // From here on there is no such cluster. What a crash leaves of it is removed when the next lock is taken.
        guard try await objects.putOwn(keys.state, Tombstone.bytes(uid: uid, by: owner), if: condition) != nil else {
            throw overtaken("removing the state")
        }
        phase = .removed
        try await purge()
        phase = .removed
    }

    /// Removes everything but the lock and the logs: secrets first, what says that it is removed last.
    private func purge() async throws {
        let journal = try await objects.list(keys.journal, delimiter: nil).entries.map(\.key)
        let history = try await objects.list(keys.history, delimiter: nil).entries.map(\.key)
        try await lease.ensure(for: S3Bucket.timeout)
        try await objects.delete([keys.secrets] + journal + history)
        try await objects.delete([keys.state])
        phase = .empty
        stored = nil
        segments = []
        secretsObject = nil
        hasReadSecrets = true
    }

    public func release() async {
        switch phase {
        case .released: return
        case .live:
            // What fails here is in the journal.
            try? await flushAll()
            try? await checkpoint()
        case .empty, .removed: break
        }
        phase = .released
        for log in logs { await log.close() }
        await lease.release()
    }

    public func abandon() async {
        phase = .released
        lease.stop()
    }

    func misuse(_ doing: String) -> SlipwayError { phase.misuse(doing, cluster: cluster) }

    /// A condition was not true: another process wrote, though this one holds the lock.
    func overtaken(_ doing: String) -> SlipwayError {
        SlipwayError(
            .tryAgain, at: Address(.state, cluster), doing: doing, cause: "another process wrote in between; nothing of this was stored",
            hint: "run the same command again: it goes on from what is recorded")
    }
}
