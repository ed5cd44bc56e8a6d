import ClusterModel

/// What is wrong with stored bytes. Becomes a `SlipwayError` where the store and its backups are known.
enum StateDamage: Error, Equatable {
    /// The line, counted from 1, and the sequence number that was to be there, if one before it could be read.
    case journal(line: Int, sequence: Int?, cause: String)
    case document(cause: String)
    /// Whole, but written by a newer Slipway.
    case newer(cause: String)
}

/// The records of a journal, read from its bytes.
///
/// A last line that was not finished never happened: nobody was told that it is durable. Everything before it must be
/// as it was written.
struct Journal: Equatable {
    var records: [JournalRecord] = []
    /// True when an unfinished last line was dropped.
    var isTorn = false

    init() {}

    /// - Parameter upgrades: what reads records of earlier versions.
    init(_ bytes: [UInt8], upgrades: FormatUpgrades = .record) throws {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: JournalRecord.newline) {
            guard let content = JournalRecord.content(of: bytes[start..<end]) else { throw damage("its checksum does not match") }
            records.append(try record(content, upgrades))
            start = end + 1
        }
        let rest = bytes[start...]
        // A whole record with something else where its newline was is no unfinished write.
        if !rest.isEmpty, JournalRecord.content(of: rest.dropLast()) != nil { throw damage("its end does not match") }
        isTorn = !rest.isEmpty
    }

    private func record(_ content: ArraySlice<UInt8>, _ upgrades: FormatUpgrades) throws -> JournalRecord {
        let record = try decode(content, upgrades)
        guard (record.change == nil) != (record.mark == nil) else { throw damage("it says nothing") }
        if let last = records.last, record.sequence != last.sequence + 1 {
            throw damage("its number is \(record.sequence) instead of \(last.sequence + 1)")
        }
        return record
    }

    private func decode(_ content: ArraySlice<UInt8>, _ upgrades: FormatUpgrades) throws -> JournalRecord {
        func newer(_ cause: String) -> StateDamage { .newer(cause: "record \(place) of the journal is whole, but \(cause)") }
        do {
            let version = upgrades.current > 1 ? Self.version(of: content) : 1
            guard version != upgrades.current else { return try StateCoding.decodeWhole(JournalRecord.self, content) }
            let old = try upgrades.upgrade(try StateCoding.decode(JSONValue.self, content), from: version)
            return try StateCoding.decodeWhole(JournalRecord.self, StateCoding.encode(old))
        } catch {
            let version = Self.version(of: content)
            throw version > upgrades.current
                ? newer("its format version is \(version), this version of Slipway reads up to \(upgrades.current)")
                : newer(error is StateCoding.SaysMore ? "it says more than this version knows" : "this version does not know what it says")
        }
    }

    /// Records of version 1 do not say it.
    private static func version(of content: ArraySlice<UInt8>) -> Int {
        struct Version: Decodable { var formatVersion: Int? }
        return (try? StateCoding.decode(Version.self, content))?.formatVersion ?? 1
    }

    private var place: String { records.last.map { "\($0.sequence + 1)" } ?? "in line 1" }

    private func damage(_ cause: String) -> StateDamage {
        .journal(line: records.count + 1, sequence: records.last.map { $0.sequence + 1 }, cause: cause)
    }
}
