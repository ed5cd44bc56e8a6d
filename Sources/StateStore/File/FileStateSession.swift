public import ClusterModel
import Glibc

/// A session with a file store. It blocks while it reads and writes, on a thread of its own.
public actor FileStateSession: StateSession {
    public nonisolated let cluster: String
    public nonisolated let owner: LockInfo
    let store: FileStateStore
    let lock: FileLock
    /// Moves when the cluster is removed.
    var folder: ClusterFolder
    var phase = SessionPhase.empty

    // The journal. See FileStateSession+Journal.swift.
    var journalFile: Descriptor?
    var journalSize = 0
    var pending: [PendingRecord] = []
    var tail = JournalTail()
    /// The last record that the document on disk contains.
    var foldedSequence = 0
    var documentSize = 0
    /// Why nothing can be written any more.
    var failure: SlipwayError?
    /// How often the journal was synced.
    public private(set) var syncs = 0

    private nonisolated let executor: QueueExecutor
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(store: FileStateStore, cluster: String, folder: ClusterFolder, lock: FileLock) {
        self.store = store
        self.cluster = cluster
        self.folder = folder
        self.lock = lock
        owner = lock.owner
        executor = QueueExecutor(label: "slipway.state.\(cluster)")
    }

    var files: FileSystem { store.files }

    public var state: ClusterState? { phase.state }

    public var unfinishedSteps: [String] { phase.unfinishedSteps }

    /// Reads what is there, and folds what the last run left in the journal.
    func open() throws {
        for name in try files.list(folder.path) where name.hasSuffix(FileSystem.temporarySuffix) {
            try files.remove("\(folder.path)/\(name)")
        }
        guard let loaded = try folder.load(files, name: cluster) else { return }
        begin(loaded.document, foldedSequence: loaded.foldedSequence, size: loaded.documentSize)
        if loaded.document.body.sequence > loaded.foldedSequence { try writeDocument() }
        try startJournal()
    }

    func begin(_ document: StateDocument, foldedSequence: Int, size: Int) {
        phase = .live(document)
        tail = JournalTail(document)
        self.foldedSequence = foldedSequence
        documentSize = size
    }

    public func create(_ initial: ClusterState) throws {
        try phase.checkMayBegin(initial, cluster: cluster, doing: "creating the state")
        if var loss = try folder.loss(files, name: cluster) {
            loss.code = .refused
            loss.doing = "creating the state"
            throw loss
        }
        try begin(initial)
    }

    @discardableResult
    public func rebuild(_ state: ClusterState, secrets: [String: Secret]) async throws -> KeyUse {
        try phase.checkMayBegin(state, cluster: cluster, doing: "rebuilding the state")
        var state = state
        if let backup = folder.newestGoodBackup(files) { state.serial = max(state.serial, backup.serial + 1) }
        let use = try seal(secrets, lineage: state.lineage)
        // Its records are of a document that is no more; somebody may want to look at them.
        if (files.size(folder.journal) ?? 0) > 0 { try files.rename(folder.journal, "\(folder.journal).lost-\(owner.id)") }
        try begin(state)
        return use
    }

    private func begin(_ state: ClusterState) throws {
        let document = StateDocument(state)
        let bytes = try document.bytes()
        try files.replace(folder.state, bytes)
        try startJournal()
        begin(document, foldedSequence: 0, size: bytes.count)
    }

    // MARK: Secrets

    @discardableResult
    public func prepareKey() throws -> KeyUse { try store.seal(for: cluster, in: folder).use }

    public func secrets() throws -> [String: Secret]? {
        switch phase {
        case .live(let document): try store.secrets(in: folder, cluster: cluster, lineage: document.state.lineage)
        case .empty: try store.secrets(in: folder, cluster: cluster, lineage: nil)
        case .removed: nil
        case .released: throw misuse("reading the secrets")
        }
    }

    @discardableResult
    public func saveSecrets(_ secrets: [String: Secret]) throws -> KeyUse {
        guard case .live(let document) = phase else { throw misuse("saving the secrets") }
        return try seal(secrets, lineage: document.state.lineage)
    }

    private func seal(_ secrets: [String: Secret], lineage: String) throws -> KeyUse {
        let seal = try store.seal(for: cluster, in: folder)
        try store.save(SecretsDocument(sealing: secrets, lineage: lineage, with: seal), in: folder)
        return seal.use
    }

    // MARK: Logs

    public func runLog(_ id: String) throws -> any RunLog {
        if case .released = phase { throw misuse("opening the log of run \(id)") }
        try FileName.check(id, "run")
        try files.makeFolder(folder.runs)
        return try FileRunLog(path: folder.run(id), files)
    }

    // MARK: The end

    public func remove() throws {
        flush()
        let uid: String
        switch phase {
        case .empty: uid = "lost-\(owner.id)"
        case .live(let document): uid = document.state.uid
        case .removed: return
        case .released: throw misuse("removing the state")
        }
        try files.makeFolder(store.graveyard)
        var grave = ClusterFolder(path: "\(store.graveyard)/\(cluster)-\(uid)")
        if files.mode(grave.path) != nil { grave.path += "-\(owner.id)" }
        // From here on there is no such cluster. What a crash leaves of it is removed when the next lock is taken.
        try files.rename(folder.path, grave.path)
        folder = grave
        phase = .removed
        journalFile = nil
        try files.syncFolder(store.root)
        try files.syncFolder(store.graveyard)
        try store.purge(grave)
    }

    public func release() {
        switch phase {
        case .released: return
        case .live:
            // What fails here is in the journal.
            try? fold()
            try? files.remove(folder.owner)
        case .empty:
            try? files.remove(folder.owner)
            if let names = try? files.list(folder.path), names == ["lock"] {
                try? files.remove(folder.lock)
                _ = try? files.removeEmptyFolder(folder.path)
            }
        case .removed: break
        }
        phase = .released
        journalFile = nil
        lock.unlock()
    }

    public func abandon() {
        phase = .released
        journalFile = nil
        lock.unlock()
    }

    func misuse(_ doing: String) -> SlipwayError { phase.misuse(doing, cluster: cluster) }

    func countSync() { syncs += 1 }
}
