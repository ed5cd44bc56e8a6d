import ClusterModel

/// A tar archive in the POSIX (ustar) format, written from memory.
struct TarArchive {
    private var bytes: [UInt8] = []

    mutating func add(_ path: String, mode: UInt16, owner: String, bytes content: [UInt8]) throws {
        guard path.utf8.count <= 100, owner.utf8.count < 32 else {
            throw SlipwayError(.bug, doing: "packing files for a machine", cause: "path or owner is too long: \(path), \(owner)")
        }
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) { header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8) }
        func octal(_ value: Int, digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        put(path, at: 0)
        put(octal(Int(mode), digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(content.count, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put("        ", at: 148)
        put("0", at: 156)
        put("ustar\0" + "00", at: 257)
        put(owner, at: 265)
        put(owner, at: 297)
        let sum = header.reduce(0) { $0 + Int($1) }
        put(octal(sum, digits: 6) + "\0 ", at: 148)
        bytes += header
        bytes += content
        bytes += [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// The archive with its end mark.
    var finished: [UInt8] { bytes + [UInt8](repeating: 0, count: 1024) }
}
