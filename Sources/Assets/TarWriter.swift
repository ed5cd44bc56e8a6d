import ClusterModel

/// Writes the ustar format (POSIX.1-1988), the one that every reader knows. The same entries give the same bytes:
/// all belong to root and are as old as the epoch.
struct TarWriter {
    enum Kind: UInt8 {
        case file = 0x30
        case link = 0x32
        case folder = 0x35
    }

    private(set) var bytes: [UInt8] = []

    /// `path` is relative to the archive's root; folders end in no slash here. Throws `.failed` for a path or a link that
    /// the format cannot hold (100 bytes, and 155 more for the folders before a slash).
    mutating func append(_ kind: Kind, _ path: String, mode: UInt16, link: String = "", content: [UInt8] = []) throws {
        let named = kind == .folder ? "\(path)/" : path
        guard let (prefix, name) = Self.split(Array(named.utf8)), link.utf8.count <= 100 else {
            throw SlipwayError(.failed, doing: "writing a tar archive", cause: "the path is too long for the format: \(path)")
        }
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: some Sequence<UInt8>, at offset: Int) { for (index, byte) in text.enumerated() { header[offset + index] = byte } }
        func octal(_ number: Int, digits: Int) -> [UInt8] {
            let text = Array(String(number, radix: 8).utf8)
            return [UInt8](repeating: 0x30, count: digits - text.count) + text
        }
        put(name, at: 0)
        put(octal(Int(mode), digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)  // owner
        put(octal(0, digits: 7), at: 116)  // group
        put(octal(content.count, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)  // time
        put([kind.rawValue], at: 156)
        put(link.utf8, at: 157)
        put("ustar\u{0}00".utf8, at: 257)
        put("root".utf8, at: 265)
        put("root".utf8, at: 297)
        put(prefix, at: 345)
        // The checksum counts its own field as blanks.
        let sum = header.reduce(8 * 0x20) { $0 + Int($1) }
        put(octal(sum, digits: 6) + [0, 0x20], at: 148)
        bytes += header
        bytes += content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// The two empty blocks that end an archive.
    mutating func finish() { bytes += [UInt8](repeating: 0, count: 1024) }

    /// A long path is cut at a slash. Nil when there is none at the right place.
    private static func split(_ path: [UInt8]) -> (prefix: [UInt8], name: [UInt8])? {
        if path.count <= 100 { return ([], path) }
        for slash in path.indices.dropLast() where path[slash] == 0x2F && slash <= 155 && path.count - slash - 1 <= 100 {
            return (Array(path[..<slash]), Array(path[(slash + 1)...]))
        }
        return nil
    }
}
