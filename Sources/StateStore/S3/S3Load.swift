import AWSAPI
import ClusterModel

/// What a cluster's objects say.
struct S3LoadedState: Sendable {
    var document: StateDocument
    /// The last record that the state document contained by itself.
    var foldedSequence: Int
    var object: S3Object
    /// Where the segments are that continue the document as it is stored.
    var segmentFolder: String
    /// Keys of all segments, those that continue an earlier document included.
    var segments: [String]
}

enum S3Found: Sendable {
    case nothing
    /// The cluster was removed; what is left of it has still to be.
    case removed
    case state(S3LoadedState)
}

extension S3StateStore {
    /// State document and journal as they were together at one moment during the call.
    ///
    /// Needs no lock. The journal is listed first: what it held then is in the document that is read after it, or in segments
    /// that are still there; one that is gone was folded meanwhile, and all is read anew.
    func load(_ keys: ClusterKeys, name: String) async throws -> S3Found {
        for attempt in 0..<100 {
            let listed = try await objects.list(keys.journal, delimiter: nil).entries.map(\.key).sorted()
            guard let object = try await objects.get(keys.state) else { return .nothing }
            if Tombstone.isOne(object.bytes) { return .removed }
            var document = try read(object.bytes, named: keys.state, keys, name)
            let folder = keys.segments(continuing: document)
            let needed = listed.filter { $0.hasPrefix(folder) }
            let bodies = try await objects.get(needed).map { $0?.bytes }
            guard bodies.allSatisfy({ $0 != nil }) else {
                if attempt > 3 { try await context.sleep(.milliseconds(50)) }
                continue
            }
            let folded = document.body.sequence
            for (key, body) in zip(needed, bodies.compactMap(\.self)) { try replay(body, named: key, on: &document, keys, name) }
            return .state(
                S3LoadedState(document: document, foldedSequence: folded, object: object, segmentFolder: folder, segments: listed))
        }
        throw SlipwayError.stateKeptChanging(name)
    }

    private func read(_ bytes: [UInt8], named key: String, _ keys: ClusterKeys, _ name: String) throws -> StateDocument {
        do {
            return try StateDocument(bytes)
        } catch let damage as StateDamage {
            throw refusal(damage, key, whole: nil, keys, name)
        }
    }

    private func replay(
        _ bytes: [UInt8], named key: String, on document: inout StateDocument, _ keys: ClusterKeys, _ name: String
    ) throws {
        do {
            let segment = try Journal(bytes)
            // Objects are put whole: an end that is missing is no unfinished write.
            guard !segment.isTorn else {
                throw StateDamage.journal(
                    line: segment.records.count + 1, sequence: segment.records.last.map { $0.sequence + 1 }, cause: "its end is missing")
            }
            try document.replay(segment)
        } catch let damage as StateDamage {
            throw refusal(damage, key, whole: document.state.serial, keys, name)
        }
    }

    /// Says what is damaged, and where copies are that may not be.
    private func refusal(_ damage: StateDamage, _ key: String, whole serial: Int?, _ keys: ClusterKeys, _ name: String) -> SlipwayError {
        let cause: String
        var hint = "earlier states are below \(url(keys.history))"
        switch damage {
        case .newer(let text):
            cause = text
            hint = "use the version of Slipway that wrote it, or a newer one; nothing was changed"
        case .document(let text): cause = "\(url(key)) is damaged: \(text)"
        case .journal(let line, let sequence, let text):
            cause = "record \(sequence.map(String.init) ?? "?") in line \(line) of \(url(key)) is damaged: \(text)"
            if let serial { hint = "all before it is whole, up to serial \(serial); \(hint)" }
        }
        return SlipwayError(.refused, at: Address(.state, name), doing: "reading the state", cause: cause, hint: hint)
    }

    /// What is here of a cluster besides its state document, lock and logs.
    func traces(_ keys: ClusterKeys) async throws -> [String] {
        let listing = try await objects.list(keys.root, delimiter: "/")
        var traces: [String] = []
        if listing.prefixes.contains(keys.journal) { traces.append("journal/") }
        if listing.entries.contains(where: { $0.key == keys.secrets }) { traces.append("secrets.enc") }
        if listing.prefixes.contains(keys.history) { traces.append("history/") }
        return traces
    }

    /// For a cluster without state document; nil when nothing else is here of it, either.
    func loss(_ keys: ClusterKeys, name: String) async throws -> SlipwayError? {
        let traces = try await traces(keys)
        guard !traces.isEmpty else { return nil }
        let backup = try await newestGoodBackup(keys).map { (place: url($0.key), serial: $0.serial) }
        return .lostState(name, at: url(keys.state), traces: traces, backup: backup)
    }

    func newestGoodBackup(_ keys: ClusterKeys) async throws -> (key: String, serial: Int)? {
        for key in keys.states(in: try await objects.list(keys.history, delimiter: nil).entries).reversed() {
            if let bytes = try await objects.get(key)?.bytes, let document = try? StateDocument(bytes) {
                return (key, document.state.serial)
            }
        }
        return nil
    }
}

/// What stands in the place of a state document while a removed cluster's objects go: the one act that removes it.
enum Tombstone {
    private static let head = #"{"formatVersion":1,"removed":""#

    static func bytes(uid: String, by owner: LockInfo) -> [UInt8] { Array("\(head)\(uid)\",\"by\":\"\(owner.id)\"}\n".utf8) }

    static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: Array(head.utf8)) }

    /// Larger objects are none.
    static let largest = 512
}
