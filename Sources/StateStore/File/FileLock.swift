import ClusterModel
import Glibc

/// The kernel's lock on a cluster's `lock` file: it ends with its process, however that ends.
/// The owner's text beside it only says who it is.
final class FileLock: Sendable {
    let owner: LockInfo
    private let file: Descriptor

    private init(owner: LockInfo, file: Descriptor) {
        self.owner = owner
        self.file = file
    }

    /// One try, which blocks on nothing. Nil when somebody else has it, also within this process.
    static func attempt(_ folder: ClusterFolder, as owner: LockInfo, _ files: FileSystem) throws -> FileLock? {
        // A folder or lock file that is removed between the steps is made anew; that cannot go on for ever.
        for _ in 0..<100 {
            try files.makeFolder(folder.path)
            guard let file = try files.open(folder.lock, O_RDWR | O_CREAT) else { continue }
            try files.before(.lock, folder.lock)
            guard flock(file.number, LOCK_EX | LOCK_NB) == 0 else {
                if errno == EINTR { continue }
                if errno == EWOULDBLOCK { return nil }
                throw SlipwayError(.failed, doing: "locking \(folder.lock)", cause: String(cString: strerror(errno)))
            }
            guard try files.isCurrent(file, at: folder.lock) else { continue }
            let lock = FileLock(owner: owner, file: file)
            try lock.writeOwner(folder, files)
            return lock
        }
        throw SlipwayError(.failed, doing: "locking \(folder.lock)", cause: "it keeps being removed", retry: .transient)
    }

    private func writeOwner(_ folder: ClusterFolder, _ files: FileSystem) throws {
        try files.replace(folder.owner, StateCoding.encode(owner) + [UInt8(ascii: "\n")])
    }

    static func readOwner(_ folder: ClusterFolder, _ files: FileSystem) -> LockInfo? {
        guard let bytes = try? files.read(folder.owner) else { return nil }
        return try? StateCoding.decode(LockInfo.self, bytes)
    }

    /// Other references to the open file do not keep it locked.
    func unlock() { flock(file.number, LOCK_UN) }
}
