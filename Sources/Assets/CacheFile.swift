import ClusterModel
import Crypto
import Glibc

/// A file of the cache while it is written: under a temporary name beside its own, locked, digested on the way.
/// It begins with what an earlier try, perhaps of another process, left under the temporary name. All calls block.
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
            try takeOver()
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Digests what is there, to write on behind it.
    private mutating func takeOver() throws {
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = try SystemError.check(part) { read(descriptor, &piece, piece.count) }
            if count == 0 { return }
            hash.update(data: piece[..<count])
            size += count
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

    var digest: String { hash.finalize().hexadecimal }

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

    /// Lets go of the name. What was written stays for the next try, or is removed.
    func abandon(keeping: Bool) {
        var written = stat()
        if !keeping || fstat(descriptor, &written) != 0 || written.st_size == 0 { unlink(part) }
        close(descriptor)
    }

    /// Throws `.failed` when the disk has no room for so many bytes more.
    func checkRoom(for more: Int) throws {
        var disk = statvfs()
        guard fstatvfs(descriptor, &disk) == 0 else { return }
        let free = UInt64(disk.f_bavail) * UInt64(disk.f_frsize)
        guard free < UInt64(max(0, more)) else { return }
        throw SlipwayError(
            .failed, doing: "keeping a file in the cache",
            cause: "\(path) takes \(Self.size(more)) more, and there are \(Self.size(Int(free))) free",
            hint: AssetCache.roomHint)
    }

    private static func size(_ bytes: Int) -> String { bytes < 10_000_000 ? "\(bytes / 1000) kB" : "\(bytes / 1_000_000) MB" }
}
