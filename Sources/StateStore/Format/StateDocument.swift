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

    private static let head = Array(#"{"formatVersion":"#.utf8)
    private static let sum = Array(#","sum":""#.utf8)
    private static let middle = Array(#"","body":"#.utf8)
    private static let end = Array("}\n".utf8)
    private static let sumDigits = 64

    func bytes() throws -> [UInt8] {
        let content = try StateCoding.encode(body)
        let version = Array("\(Self.formatVersion)".utf8)
        return Self.head + version + Self.sum + Array(StateCoding.checksum(content).utf8) + Self.middle + content + Self.end
    }

    /// - Parameter upgrades: what reads earlier versions.
    init(_ bytes: [UInt8], upgrades: FormatUpgrades = .state) throws {
        let (version, content) = try Self.content(of: bytes, upgrades)
        do {
            if version == upgrades.current {
                body = try StateCoding.decodeWhole(Body.self, content)
                // The head is not in the sum: the body says it again.
                guard body.state.formatVersion == version else { throw Self.contradiction(version, body.state.formatVersion) }
            } else {
                let old = try StateCoding.decode(JSONValue.self, content)
                body = try StateCoding.decodeWhole(Body.self, StateCoding.encode(try upgrades.upgrade(old, from: version)))
            }
        } catch let damage as StateDamage {
            throw damage
        } catch is StateCoding.SaysMore {
            throw StateDamage.newer(cause: "it is whole, but says more than this version knows")
        } catch let missing as FormatUpgrades.Missing {
            throw StateDamage.newer(cause: "its format version is \(version), and nothing here reads version \(missing.version) any more")
        } catch {
            throw StateDamage.newer(cause: "it is whole, but this version does not know what it says")
        }
    }

    /// The version and the bytes of the body, found to be as they were written.
    private static func content(of bytes: [UInt8], _ upgrades: FormatUpgrades) throws -> (version: Int, content: ArraySlice<UInt8>) {
        guard bytes.starts(with: head) else { throw foreign(bytes, upgrades) }
        var rest = bytes.dropFirst(head.count)
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        rest = rest.dropFirst(digits.count)
        guard let version = Int(String(decoding: digits, as: UTF8.self)), rest.starts(with: sum), "\(version)".utf8.elementsEqual(digits)
        else { throw foreign(bytes, upgrades) }
        rest = rest.dropFirst(sum.count)
        let checksum = rest.prefix(sumDigits)
        rest = rest.dropFirst(sumDigits)
        guard checksum.count == sumDigits, rest.starts(with: middle), rest.count >= middle.count + end.count,
            rest.suffix(end.count).elementsEqual(end)
        else { throw version > upgrades.current ? newer(version, upgrades) : .document(cause: "it is not whole") }
        let content = rest.dropFirst(middle.count).dropLast(end.count)
        guard StateCoding.checksum(content).utf8.elementsEqual(checksum) else {
            throw version > upgrades.current ? newer(version, upgrades) : .document(cause: "its checksum does not match")
        }
        if version != upgrades.current, let inside = versionInside(content), inside != version { throw contradiction(version, inside) }
        guard version <= upgrades.current else { throw newer(version, upgrades) }
        return (version, content)
    }

    private static func contradiction(_ head: Int, _ inside: Int) -> StateDamage {
        .document(cause: "it begins as format version \(head), and goes on as \(inside)")
    }

    private static func versionInside(_ content: ArraySlice<UInt8>) -> Int? {
        struct Inside: Decodable {
            struct State: Decodable { var formatVersion: Int }
            var state: State
        }
        return (try? StateCoding.decode(Inside.self, content))?.state.formatVersion
    }

    private static func foreign(_ bytes: [UInt8], _ upgrades: FormatUpgrades) -> StateDamage {
        struct Version: Decodable { var formatVersion: Int }
        guard let version = try? StateCoding.decode(Version.self, bytes), version.formatVersion > upgrades.current else {
            return .document(cause: "it does not begin as a state document does")
        }
        return newer(version.formatVersion, upgrades)
    }

    private static func newer(_ version: Int, _ upgrades: FormatUpgrades) -> StateDamage {
        .newer(cause: "its format version is \(version), this version of Slipway reads up to \(upgrades.current)")
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
