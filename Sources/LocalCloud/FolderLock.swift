import ClusterModel
import Glibc
import SystemPackage

/// Holds an exclusive kernel lock on a folder while a body runs. It dies with the process; no child inherits it.
enum FolderLock {
    /// Waits for the lock without blocking a thread. With `make`, a missing folder is made (mode 700), also when it was
    /// removed while this waited; otherwise a missing folder is `.notFound`.
    static func with<Result: Sendable>(
        _ folder: String, make: Bool = false, waiting: (@Sendable () -> Void)? = nil, _ body: () async throws -> Result
    ) async throws -> Result {
        let lock = try await acquire(folder, make: make, waiting: waiting)
        defer { try? lock.close() }
        return try await body()
    }

    private static func acquire(_ folder: String, make: Bool, waiting: (@Sendable () -> Void)?) async throws -> FileDescriptor {
        var hasWaited = false
        while true {
            if make { try Files.makeFolder(folder) }
            let file: FileDescriptor
            do {
                file = try FileDescriptor.open(FilePath(folder), .readOnly, options: [.directory, .closeOnExec])
            } catch Errno.noSuchFileOrDirectory {
                if make { continue }
                throw SlipwayError(.notFound, doing: "locking \(folder)", cause: "there is no such folder")
            }
            do {
                while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
                    guard errno == EWOULDBLOCK || errno == EINTR else { throw Files.failure("locking", folder) }
                    if !hasWaited { waiting?() }
                    hasWaited = true
                    try await Task.sleep(for: .milliseconds(20))
                }
            } catch {
                try? file.close()
                throw error
            }
            // Whoever held the lock before may have removed the folder: then this lock is of nothing.
            if let held = Files.status(of: file), let there = Files.status(folder), held.inode == there.inode,
                held.device == there.device
            {
                return file
            }
            try? file.close()
        }
    }
}
