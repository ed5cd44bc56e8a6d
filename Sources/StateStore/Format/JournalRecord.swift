import ClusterModel

import struct Foundation.Date

/// One record of the journal: a change of the state, or a mark.
///
/// On disk it is one line, `{"sum":"<16 hex digits>","record":<JSON>}`, where the sum is the beginning of the SHA-256
/// of the bytes of the record as they stand there.
struct JournalRecord: Codable, Sendable, Equatable {
    /// One more than the record before it, over the whole life of the cluster.
    var sequence: Int
    var lineage: String
    /// The state's serial with this record applied.
    var serial: Int
    var time: Date
    /// Exactly one of the two is there.
    var change: StateChange?
    var mark: JournalMark?

    private static let head = Array(#"{"sum":""#.utf8)
    private static let middle = Array(#"","record":"#.utf8)
    private static let end = Array("}".utf8)
    private static let sumBytes = 8

    static let newline = UInt8(ascii: "\n")

    /// The line, with its newline.
    func line() throws -> [UInt8] {
        let record = try StateCoding.encode(self)
        let sum = Array(StateCoding.checksum(record, bytes: Self.sumBytes).utf8)
        return Self.head + sum + Self.middle + record + Self.end + [Self.newline]
    }

    /// The bytes of the record in a line without newline; nil when the line is not whole and as it was written.
    static func content(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        var rest = line
        func take(_ expected: [UInt8]) -> Bool {
            guard rest.starts(with: expected) else { return false }
            rest = rest.dropFirst(expected.count)
            return true
        }
        guard take(head) else { return nil }
        let sum = rest.prefix(sumBytes * 2)
        rest = rest.dropFirst(sumBytes * 2)
        guard take(middle), rest.last == end[0] else { return nil }
        rest = rest.dropLast()
        guard StateCoding.checksum(rest, bytes: sumBytes).utf8.elementsEqual(sum) else { return nil }
        return rest
    }
}
