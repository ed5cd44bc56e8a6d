import Glibc

enum WholeFile {
    /// The file's bytes, `limit` at most. Blocks.
    static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        let file = try SystemError.check(path) { open(path, O_RDONLY | O_CLOEXEC) }
        defer { close(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: min(limit, 1 << 20))
        while bytes.count < limit {
            let count = try SystemError.check(path) { Glibc.read(file, &piece, min(piece.count, limit - bytes.count)) }
            if count == 0 { break }
            bytes += piece[..<count]
        }
        return bytes
    }
}
