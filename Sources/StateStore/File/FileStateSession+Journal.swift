public import ClusterModel
import Glibc

extension FileStateSession {
    public func record(_ change: StateChange) async throws {
        try await append(change: change, mark: nil, mustBeDurable: true)
    }

    public func journal(_ mark: JournalMark) async throws {
        if case .removed = phase { return }
        try await append(change: nil, mark: mark, mustBeDurable: mark.mustBeDurable)
    }

    private func append(change: StateChange?, mark: JournalMark?, mustBeDurable: Bool) async throws {
        guard case .live(let document) = phase else { throw misuse("recording a change") }
        if let failure { throw failure }
        var entry = try tail.next(
            change: change, mark: mark, mustBeDurable: mustBeDurable, lineage: document.state.lineage, time: store.context.now())
        try await withCheckedThrowingContinuation { continuation in
            entry.done = continuation
            pending.append(entry)
            // Runs after everything that is handed over already, and takes it all along.
            if pending.count == 1 { Task { self.flush() } }
        }
    }

    /// Writes what is pending, with one sync for all, and applies it.
    func flush() {
        guard !pending.isEmpty else { return }
        let batch = pending
        pending = []
        do {
            try write(batch)
        } catch {
            let failure = (error as? SlipwayError ?? SlipwayError(.failed, doing: "writing the journal", cause: "\(error)"))
                .at(Address(.state, cluster))
            self.failure = failure
            for entry in batch { entry.done?.resume(throwing: failure) }
            return
        }
        for entry in batch { entry.done?.resume() }
        // If this fails all is still in the journal, and the next one tries again.
        if journalSize > max(store.foldingSize, 4 * documentSize) { try? fold() }
    }

    private func write(_ batch: [PendingRecord]) throws {
        if let failure { throw failure }
        guard case .live(var document) = phase, let journalFile else { throw misuse("writing the journal") }
        let bytes = batch.flatMap(\.line)
        do {
            try files.write(bytes, to: journalFile, folder.journal)
            if batch.contains(where: \.mustBeDurable) {
                try files.sync(journalFile, folder.journal)
                countSync()
            }
        } catch {
            // Whether it is on disk is not known: take it back as far as possible, and write nothing after it.
            ftruncate(journalFile.number, off_t(journalSize))
            throw error
        }
        journalSize += bytes.count
        phase = .empty  // so that the document has one owner and is changed in place
        for entry in batch { document.apply(entry.record) }
        phase = .live(document)
    }

    public func checkpoint() throws { try fold() }

    /// Writes the document and begins an empty journal, if there is anything to fold.
    func fold() throws {
        flush()
        if let failure { throw failure }
        guard case .live(let document) = phase, document.body.sequence > foldedSequence else { return }
        try writeDocument()
        try startJournal()
    }

    func writeDocument() throws {
        guard case .live(let document) = phase else { return }
        let bytes = try document.bytes()
        try files.makeFolder(folder.backups)
        try files.replace(folder.state, bytes) { try keepBackup() }
        foldedSequence = document.body.sequence
        documentSize = bytes.count
        try pruneBackups()
    }

    /// Keeps the document on disk under its serial.
    private func keepBackup() throws {
        guard let bytes = try files.read(folder.state), let document = try? StateDocument(bytes) else { return }
        let backup = folder.backup(serial: document.state.serial)
        do {
            _ = try files.link(folder.state, backup)
        } catch {
            // Not every file system has second names.
            _ = try files.createOnce(backup, bytes)
        }
    }

    private func pruneBackups() throws {
        for name in try folder.backupNames(files).dropFirst(ClusterFolder.backupsKept) { try files.remove("\(folder.backups)/\(name)") }
    }

    /// Puts an empty journal in place of the one whose records the document contains. The old one is left as it is:
    /// a reader that has it open must not see it shrink.
    func startJournal() throws {
        do {
            journalFile = try files.replace(folder.journal, [])
            journalSize = 0
        } catch {
            // Which of the two is in place is not known.
            let failure = (error as? SlipwayError)?.at(Address(.state, cluster))
            self.failure = failure ?? SlipwayError(.failed, at: Address(.state, cluster), doing: "beginning a journal", cause: "\(error)")
            throw error
        }
    }
}
