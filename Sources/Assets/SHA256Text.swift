import ClusterModel
import Crypto
import Glibc

/// SHA-256 digests as lower-case hexadecimal text.
enum SHA256Text {
    /// A digest file's content: the bare digest, white space around it aside. Nil when it is anything else.
    static func parse(_ text: String) -> String? {
        let word = text.trimmingWhitespace().lowercased()
        guard word.utf8.count == 64, word.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else { return nil }
        return word
    }

    static func of(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hexadecimal }

    /// Reads the file piece by piece; 100 MB take a few tenths of a second. Blocks.
    static func ofFile(_ path: String) throws(SystemError) -> (digest: String, size: Int) {
        let file = try SystemError.check(path) { open(path, O_RDONLY | O_CLOEXEC) }
        defer { close(file) }
        var hash = SHA256()
        var size = 0
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try SystemError.check(path) { read(file, &piece, piece.count) }
            if count == 0 { return (hash.finalize().hexadecimal, size) }
            piece.withUnsafeBytes { hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            size += count
        }
    }
}

extension String {
    func trimmingWhitespace() -> String {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(self[first...last])
    }
}
