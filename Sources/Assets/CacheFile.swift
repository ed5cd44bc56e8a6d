import ClusterModel
import Crypto
import Glibc

/// A file of the cache while it is written: under a temporary name beside its own, locked, digested on the way.
/// What a killed process left under the temporary name is overwritten by the next one. All calls block.
struct CacheFile: Sendable {
    let path: String
    private let descriptor: Int32
    private var hash = SHA256()
    private(set) var size = 0

    private var part: String { "\(path).part" }

    /// Nil when another process (or another part of this one) is writing the same file.
    init?(replacing path: String) throws {
        self.path = path
        let part = "\(path).part"
        try Self.makeFolder(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        descriptor = try SystemError.check(part) { open(part, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }
        do {
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                guard errno == EWOULDBLOCK else { throw SystemError(part) }
                close(descriptor)
                return nil
            }
            // The name may have gone to another file, or to none, before the lock was ours.
            var mine = stat()
            var named = stat()
            try SystemError.check(part) { fstat(descriptor, &mine) }
            guard stat(part, &named) == 0, named.st_ino == mine.st_ino, named.st_dev == mine.st_dev else {
                close(descriptor)
                return nil
            }
            try clear()
        } catch {
            close(descriptor)
            throw error
        }
    }

    private static func makeFolder(_ path: String) throws {
        guard mkdir(path, 0o755) != 0, errno != EEXIST else { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else { throw SystemError(path) }
        try makeFolder(String(path[..<slash]))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw SystemError(path) }
    }

    /// Throws away what was written so far.
    mutating func clear() throws {
        hash = SHA256()
        size = 0
        try SystemError.check(part) { ftruncate(descriptor, 0) }
        try SystemError.check(part) { lseek(descriptor, 0, SEEK_SET) }
    }

    mutating func append(_ bytes: [UInt8]) throws {
        hash.update(data: bytes)
        size += bytes.count
        var written = 0
        while written < bytes.count {
            written += try bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                return try SystemError.check(part) { write(descriptor, rest.baseAddress, rest.count) }
            }
        }
    }

    var digest: String { SHA256Text.text(hash.finalize()) }

    /// Gives the file its name, durably, and closes it. Throws `.failed` when its digest is another.
    func finish(expecting expected: String) throws -> AssetFile {
        let digest = digest
        guard digest == expected else {
            throw SlipwayError(.failed, doing: "keeping \(path)", cause: "its SHA-256 is \(digest), not \(expected)")
        }
        try SystemError.check(part) { fsync(descriptor) }
        try SystemError.check(path) { rename(part, path) }
        close(descriptor)
        return AssetFile(path: path, sha256: digest, size: size)
    }

    /// Removes what was written and lets go of the name.
    func abandon() {
        unlink(part)
        close(descriptor)
    }
}
