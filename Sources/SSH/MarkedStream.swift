internal import CLibSSH2

/// One of a script's two output streams: takes bytes as they come and gives what stands between the markers.
struct MarkedStream {
    struct LimitExceeded: Error {}

    /// What was written so far, markers and what was ahead of them removed.
    private(set) var bytes: [UInt8] = []
    /// The number that came with the `begin` marker: the process that leads the script's group.
    private(set) var leader: Int32?
    /// The script's exit status, once its `end` marker came.
    private(set) var status: Int32?

    private let begin: [UInt8]
    private let end: [UInt8]
    private let limit: Int
    /// No marker begins before this index.
    private var scanned = 0

    init(_ markers: ScriptMarkers, limit: Int) {
        begin = Array(markers.beginPrefix.utf8)
        end = Array(markers.endPrefix.utf8)
        self.limit = limit
    }

    /// - Throws: `LimitExceeded`. What came until then stays.
    mutating func append(_ new: UnsafeRawBufferPointer) throws {
        guard status == nil else { return }
        bytes.append(contentsOf: new)
        if leader == nil, let (range, number) = findLine(begin) {
            leader = number
            bytes.removeSubrange(..<range.upperBound)
            scanned = 0
        }
        if leader != nil, let (range, number) = findLine(end) {
            status = number
            bytes.removeSubrange(range.lowerBound...)
        }
        if bytes.count > limit { throw LimitExceeded() }
    }

    /// A whole line that begins with the marker, wherever it begins, and the number in it.
    private mutating func findLine(_ marker: [UInt8]) -> (Range<Int>, Int32)? {
        guard let start = Self.find(marker, in: bytes, from: scanned) else {
            scanned = max(scanned, bytes.count - marker.count + 1)
            return nil
        }
        scanned = start
        let numberStart = start + marker.count
        guard let newline = bytes[numberStart...].firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        return (start..<newline + 1, Int32(String(decoding: bytes[numberStart..<newline], as: UTF8.self)) ?? -1)
    }

    private static func find(_ marker: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { haystack in
            marker.withUnsafeBytes { needle in
                guard start < haystack.count, let base = haystack.baseAddress, let sought = needle.baseAddress,
                    let found = memmem(base + start, haystack.count - start, sought, needle.count)
                else { return nil }
                return UnsafeRawPointer(found) - base
            }
        }
    }
}
