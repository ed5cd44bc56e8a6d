/// Writes the data types of the SSH protocol (RFC 4251, section 5).
struct SSHWireWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    mutating func write(_ number: UInt32) {
        append([24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) })
    }

    /// A string: its length, then its bytes.
    mutating func write(_ string: [UInt8]) {
        write(UInt32(string.count))
        append(string)
    }

    mutating func write(_ text: String) { write(Array(text.utf8)) }

    /// Fills up to a multiple of `size` with 1, 2, 3, ...
    mutating func pad(to size: Int) {
        var next: UInt8 = 1
        while bytes.count % size != 0 {
            bytes.append(next)
            next += 1
        }
    }
}

/// Reads the data types of the SSH protocol. Every read is nil past the end.
struct SSHWireReader {
    private(set) var rest: ArraySlice<UInt8>

    init(bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func number() -> UInt32? {
        take(4).map { $0.reduce(0) { $0 << 8 | UInt32($1) } }
    }

    mutating func string() -> ArraySlice<UInt8>? {
        number().flatMap { take(Int($0)) }
    }

    mutating func text() -> String? {
        string().map { String(decoding: $0, as: UTF8.self) }
    }
}
