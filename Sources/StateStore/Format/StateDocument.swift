import ClusterModel

/// The state document with what the journal needs to continue from it.
///
/// On disk: `{"formatVersion":1,"sum":"<64 hex digits>","body":<JSON>}` and a newline, where the sum is the SHA-256
/// of the bytes of the body as they stand there. A change of what `body` or a journal's records can say needs a new
/// format version and a function that reads the old one.
struct StateDocument: Sendable, Equatable {
    static let formatVersion = ClusterState.currentFormatVersion

    struct Body: Codable, Sendable, Equatable {
        /// The number of the last journal record that is contained.
        var sequence: Int
        var state: ClusterState
        /// Steps begun and not done.
        var unfinishedSteps: Set<String>

        private enum CodingKeys: String, CodingKey { case sequence, state, unfinishedSteps }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(sequence, forKey: .sequence)
            try container.encode(state, forKey: .state)
            try container.encode(unfinishedSteps.sorted(), forKey: .unfinishedSteps)
        }
    }

    var body: Body

    var state: ClusterState { body.state }

    init(_ state: ClusterState) { body = Body(sequence: 0, state: state, unfinishedSteps: []) }

    private static let head = Array(#"{"formatVersion":1,"sum":""#.utf8)
    private static let middle = Array(#"","body":"#.utf8)
    private static let end = Array("}\n".utf8)

    func bytes() throws -> [UInt8] {
        let content = try StateCoding.encode(body)
        return Self.head + Array(StateCoding.checksum(content).utf8) + Self.middle + content + Self.end
    }

    init(_ bytes: [UInt8]) throws {
        guard bytes.starts(with: Self.head) else { throw Self.foreign(bytes) }
        let sumEnd = Self.head.count + 64
        guard bytes.count > sumEnd, bytes[sumEnd...].starts(with: Self.middle), bytes.suffix(Self.end.count).elementsEqual(Self.end) else {
            throw StateDamage.document(cause: "it is not whole")
        }
        let content = bytes[(sumEnd + Self.middle.count)...].dropLast(Self.end.count)
        guard StateCoding.checksum(content).utf8.elementsEqual(bytes[Self.head.count..<sumEnd]) else {
            throw StateDamage.document(cause: "its checksum does not match")
        }
        do {
            body = try StateCoding.decode(Body.self, content)
        } catch {
            throw StateDamage.newer(cause: "it is whole, but this version does not know what it says")
        }
        guard body.state.formatVersion == Self.formatVersion else { throw Self.newer(body.state.formatVersion) }
    }

    private static func foreign(_ bytes: [UInt8]) -> StateDamage {
        struct Version: Decodable { var formatVersion: Int }
        guard let version = try? StateCoding.decode(Version.self, bytes), version.formatVersion > formatVersion else {
            return .document(cause: "it does not begin as a state document does")
        }
        return newer(version.formatVersion)
    }

    private static func newer(_ version: Int) -> StateDamage {
        .newer(cause: "its format version is \(version), this version of Slipway reads up to \(formatVersion)")
    }

    /// Applies one record. What the document contains already is left out.
    mutating func replay(_ record: JournalRecord) throws {
        guard record.sequence > body.sequence else { return }
        func damage(_ cause: String) -> StateDamage { .journal(line: 0, sequence: record.sequence, cause: cause) }
        guard record.lineage == state.lineage else { throw damage("it is of another cluster") }
        guard record.sequence == body.sequence + 1 else { throw damage("the records from \(body.sequence + 1) on are missing") }
        guard record.serial == state.serial + (record.change == nil ? 0 : 1) else {
            throw damage("its serial \(record.serial) does not follow \(state.serial)")
        }
        apply(record)
    }

    /// Applies a record that is known to be the next.
    mutating func apply(_ record: JournalRecord) {
        body.sequence = record.sequence
        if let change = record.change { body.state.apply(change) }
        switch record.mark {
        case .runStarted: body.unfinishedSteps = []
        case .stepStarted(let id): body.unfinishedSteps.insert(id)
        case .stepDone(let id): body.unfinishedSteps.remove(id)
        case nil: break
        }
    }

    mutating func replay(_ journal: Journal) throws {
        for (index, record) in journal.records.enumerated() {
            do {
                try replay(record)
            } catch StateDamage.journal(_, let sequence, let cause) {
                throw StateDamage.journal(line: index + 1, sequence: sequence, cause: cause)
            }
        }
    }
}
