import ClusterModel
import Foundation
import Glibc

/// Changes a text file that others change, too. Our own editors take turns, in this process and in others; at every moment
/// the old file or the new one is there, whole, and readable by its owner only. A symbolic link stays one: what it leads to
/// is changed. All of it blocks.
struct ExclusiveEdit {
    /// What the path leads to in the end.
    private let path: String
    private let doing: String

    /// - Parameter change: gets the text, nil when there is no file, and gives the new one, nil for none. Called again when
    ///   someone who does not know our lock changed the file meanwhile.
    static func run(_ path: String, doing: String, _ change: (String?) throws -> String?) throws {
        try ExclusiveEdit(path, doing: doing).run(change)
    }

    private init(_ path: String, doing: String) throws {
        self.doing = doing
        var path = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        // As many links as the kernel follows.
        for _ in 0..<40 {
            guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) else {
                self.path = path
                return
            }
            path = target.hasPrefix("/") ? target : (path as NSString).deletingLastPathComponent + "/" + target
        }
        throw SlipwayError(.failed, doing: doing, cause: "too many symbolic links lead on from \(path)")
    }

    private func run(_ change: (String?) throws -> String?) throws {
        try makeFolder()
        let lock = try lock()
        defer {
            // While it is still ours: whoever waits for this very file sees that it is gone and makes another.
            unlink(lockPath)
            close(lock)
        }
        while true {
            let before = stamp()
            let old = try read()
            let new = try change(old)
            guard new != old else { return }
            let temporary = try new.map(write)
            // kubectl and others do not know our lock: what they wrote meanwhile is not written over.
            guard stamp() == before else {
                if let temporary { unlink(temporary) }
                continue
            }
            guard (temporary.map { rename($0, path) } ?? unlink(path)) == 0 else {
                let failed = failure()
                if let temporary { unlink(temporary) }
                throw failed
            }
            return
        }
    }

    // MARK: Lock

    private var lockPath: String { path + ".slipway-lock" }

    /// The open lock file, locked, and still the one at its path: a lock on a file that another editor removed protects
    /// nothing.
    private func lock() throws -> Int32 {
        while true {
            let file = open(lockPath, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard file >= 0 else { throw failure() }
            var status = flock(file, LOCK_EX)
            while status != 0, errno == EINTR { status = flock(file, LOCK_EX) }
            guard status == 0 else {
                let failed = failure()
                close(file)
                throw failed
            }
            var held = stat()
            var there = stat()
            if fstat(file, &held) == 0, lstat(lockPath, &there) == 0, held.st_ino == there.st_ino, held.st_dev == there.st_dev {
                return file
            }
            close(file)
        }
    }

    // MARK: File

    private func makeFolder() throws {
        let folder = (path as NSString).deletingLastPathComponent
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw SlipwayError(.failed, doing: doing, cause: "the folder \(folder) cannot be made")
        }
    }

    private struct Stamp: Equatable {
        var inode: UInt64
        var size: Int
        var seconds: Int
        var nanoseconds: Int
    }

    /// Nil when there is no file.
    private func stamp() -> Stamp? {
        var found = stat()
        guard stat(path, &found) == 0 else { return nil }
        return Stamp(
            inode: UInt64(found.st_ino), size: Int(found.st_size), seconds: found.st_mtim.tv_sec, nanoseconds: found.st_mtim.tv_nsec)
    }

    private func read() throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw SlipwayError(.failed, doing: doing, cause: "\(path) cannot be read as text", hint: "set $KUBECONFIG to another file")
        }
        return text
    }

    /// Writes beside the file, durably, and gives the name. Always the same name: what a killed run left is written over.
    private func write(_ text: String) throws -> String {
        let temporary = path + ".slipway-new"
        unlink(temporary)
        let file = open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure() }
        defer { close(file) }
        // Somebody's file stays theirs, also when root edits it.
        var owner = stat()
        if stat(path, &owner) == 0, owner.st_uid != geteuid() { _ = fchown(file, owner.st_uid, owner.st_gid) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                let failed = failure()
                unlink(temporary)
                throw failed
            }
        }
        guard fsync(file) == 0 else {
            let failed = failure()
            unlink(temporary)
            throw failed
        }
        return temporary
    }

    private func failure() -> SlipwayError {
        SlipwayError(.failed, doing: doing, cause: "\(path): \(String(cString: strerror(errno)))", hint: "set $KUBECONFIG to another file")
    }
}
