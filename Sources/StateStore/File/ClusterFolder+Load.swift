import ClusterModel
import Glibc

extension ClusterFolder {
    /// State document and journal as they were together at one moment during the call; nil when there is no document.
    /// Needs no lock: the document is only ever replaced whole, the journal only ever appended to or replaced by an empty
    /// one, and that after the document; so if the document is still the same after the journal was read, they fit.
    func load(_ files: FileSystem, name: String) throws -> LoadedState? {
        for attempt in 0..<1000 {
            guard let file = try files.open(state, O_RDONLY) else { return nil }
            let bytes = try files.readAll(file, state)
            let journalBytes = try files.read(journal) ?? []
            guard try files.isCurrent(file, at: state) else {
                if attempt > 10 { usleep(1000) }
                continue
            }
            return try fold(bytes, journalBytes, files, name)
        }
        throw SlipwayError.stateKeptChanging(name)
    }

    private func fold(_ bytes: [UInt8], _ journalBytes: [UInt8], _ files: FileSystem, _ name: String) throws -> LoadedState {
        do {
            var document = try StateDocument(bytes)
            let folded = document.body.sequence
            try document.replay(Journal(journalBytes))
            return LoadedState(document: document, foldedSequence: folded, documentSize: bytes.count, journalSize: journalBytes.count)
        } catch let damage as StateDamage {
            throw refusal(damage, (try? StateDocument(bytes)), files, name)
        }
    }

    /// Says what is damaged, and the newest copy that is not.
    private func refusal(_ damage: StateDamage, _ document: StateDocument?, _ files: FileSystem, _ name: String) -> SlipwayError {
        let cause: String
        var hint =
            newestGoodBackup(files).map { "the newest good backup is \($0.path) (serial \($0.serial))" }
            ?? "there is no good backup: move state.json and journal.jsonl away, and add --recover, which rebuilds the state from the cluster itself"
        switch damage {
        case .newer(let text):
            cause = text
            hint = "use the version of Slipway that wrote it, or a newer one; nothing was changed"
        case .document(let text):
            cause = "\(state) is damaged: \(text)"
            hint += "; to go back to it, move journal.jsonl away and copy it over state.json"
        case .journal(let line, let sequence, let text):
            let record = sequence.map { "record \($0) in" } ?? "the record in"
            cause = "\(record) line \(line) of \(journal) is damaged: \(text)"
            if let document { hint += "; state.json itself is whole at serial \(document.state.serial)" }
            hint += "; to go back to that, move journal.jsonl away"
        }
        return SlipwayError(.refused, at: Address(.state, name), doing: "reading the state", cause: cause, hint: hint)
    }

    func newestGoodBackup(_ files: FileSystem) -> (path: String, serial: Int)? {
        for name in (try? backupNames(files)) ?? [] {
            let path = "\(backups)/\(name)"
            if let bytes = try? files.read(path), let document = try? StateDocument(bytes) { return (path, document.state.serial) }
        }
        return nil
    }

    /// For a cluster without state document; nil when nothing else is here of it, either.
    func loss(_ files: FileSystem, name: String) throws -> SlipwayError? {
        let traces = try traces(files)
        guard !traces.isEmpty else { return nil }
        return .lostState(name, at: state, traces: traces, backup: newestGoodBackup(files).map { ($0.path, $0.serial) })
    }
}

/// What a cluster's folder says.
struct LoadedState: Sendable {
    var document: StateDocument
    /// The last record that the state document contained by itself.
    var foldedSequence: Int
    var documentSize: Int
    var journalSize: Int
}
