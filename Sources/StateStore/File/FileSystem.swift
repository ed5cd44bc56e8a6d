import ClusterModel
import Foundation
import Glibc

/// The few file operations a store needs, each durable where it says so. All of them block.
/// Files are made with mode 600, folders with 700; descriptors are never inherited by children.
struct FileSystem: Sendable {
    /// What is about to be done. The first two change nothing on disk.
    enum Act: String, Sendable, CaseIterable {
        case open, lock
        case makeFolder, create, write, sync, link, rename, remove
    }

    /// Called before every act, with its path. Tests fail it, stop the process or let others act here.
    var before: @Sendable (Act, String) throws -> Void = { _, _ in }

    // MARK: Reading

    /// Nil when there is no such file (and `flags` do not make it).
    func open(_ path: String, _ flags: Int32) throws -> Descriptor? {
        try before(flags & O_CREAT == 0 ? .open : .create, path)
        while true {
            let number = Glibc.open(path, flags | O_CLOEXEC, 0o600)
            if number >= 0 { return Descriptor(number) }
            if errno == EINTR { continue }
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure("opening", path)
        }
    }

    func readAll(_ file: Descriptor, _ path: String) throws -> [UInt8] {
        let size = max(0, Int(try status(of: file, path).st_size))
        var content: [UInt8] = []
        content.reserveCapacity(size + 1)
        // One byte more than the size, so that the end is seen with the first read.
        var chunk = [UInt8](repeating: 0, count: max(size + 1, 4096))
        while true {
            let count = Glibc.read(file.number, &chunk, chunk.count)
            if count > 0 { content.append(contentsOf: chunk.prefix(count)) }
            if count == 0 { return content }
            if count < 0, errno != EINTR { throw failure("reading", path) }
        }
    }

    /// Nil when there is no such file.
    func read(_ path: String) throws -> [UInt8]? {
        guard let file = try open(path, O_RDONLY) else { return nil }
        return try readAll(file, path)
    }

    func status(of file: Descriptor, _ path: String) throws -> stat {
        var status = stat()
        guard fstat(file.number, &status) == 0 else { throw failure("examining", path) }
        return status
    }

    /// True when the open file is still the one at this path.
    func isCurrent(_ file: Descriptor, at path: String) throws -> Bool {
        var there = stat()
        guard stat(path, &there) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return false }
            throw failure("examining", path)
        }
        // The number of an open file is not given to another one.
        let here = try status(of: file, path)
        return here.st_ino == there.st_ino && here.st_dev == there.st_dev
    }

    func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    /// When the content was last written; nil when there is nothing.
    func modified(_ path: String) -> Date? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9)
    }

    /// Names of what is in a folder, sorted. Empty when there is no such folder.
    func list(_ folder: String) throws -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT || errno == ENOTDIR { return [] }
            throw failure("listing", folder)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    // MARK: Changing

    /// Makes a folder and those above it. One that exists is left as it is.
    func makeFolder(_ path: String) throws {
        if let mode = mode(path) {
            guard mode & S_IFMT == S_IFDIR else {
                throw SlipwayError(.failed, doing: "making the folder \(path)", cause: "there is something else of that name")
            }
            return
        }
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if parent != path { try makeFolder(parent) }
        try before(.makeFolder, path)
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("making the folder", path) }
        try syncFolder(parent)
    }

    /// Type and permissions; nil when there is nothing.
    func mode(_ path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode : nil
    }

    func write(_ bytes: [UInt8], to file: Descriptor, _ path: String) throws {
        try before(.write, path)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(file.number, $0.baseAddress, $0.count) }
            if count >= 0 { written += count } else if errno != EINTR { throw failure("writing", path) }
        }
    }

    /// Returns when the file's content and size are on disk.
    func sync(_ file: Descriptor, _ path: String) throws {
        try before(.sync, path)
        guard fdatasync(file.number) == 0 else { throw failure("syncing", path) }
    }

    /// Returns when the folder's entries are on disk.
    func syncFolder(_ path: String) throws {
        guard let folder = try open(path, O_RDONLY | O_DIRECTORY) else { throw failure("opening", path) }
        try before(.sync, path)
        // Some network file systems cannot sync folders; they have nothing better.
        guard fsync(folder.number) == 0 || errno == EINVAL else { throw failure("syncing", path) }
    }

    /// Puts a file with this content in place of the one at `path`: at every moment one of the two is there, whole.
    /// Durable. `keep` is called when the new one is on disk and before it takes the place of the old one.
    /// Returns the new file, open for appending.
    @discardableResult
    func replace(_ path: String, _ bytes: [UInt8], keep: () throws -> Void = {}) throws -> Descriptor {
        let (file, temporary) = try makeTemporary(beside: path, bytes)
        do {
            try keep()
            try rename(temporary, path)
        } catch {
            unlink(temporary)
            throw error
        }
        try syncFolder(parent(path))
        return file
    }

    /// Makes a file unless there is one. Durable. True when this call made it.
    func createOnce(_ path: String, _ bytes: [UInt8]) throws -> Bool {
        let (_, temporary) = try makeTemporary(beside: path, bytes)
        defer { unlink(temporary) }
        let made = try link(temporary, path)
        try syncFolder(parent(path))
        return made
    }

    static let temporarySuffix = ".tmp"

    private func makeTemporary(beside path: String, _ bytes: [UInt8]) throws -> (file: Descriptor, path: String) {
        var generator = SystemRandomNumberGenerator()
        let temporary = "\(path).\(String(UInt32.random(in: .min ... .max, using: &generator), radix: 16))\(Self.temporarySuffix)"
        guard let file = try open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_APPEND) else { throw failure("making", temporary) }
        do {
            try write(bytes, to: file, temporary)
            try sync(file, temporary)
        } catch {
            unlink(temporary)
            throw error
        }
        return (file, temporary)
    }

    /// Gives the file a second name. False when that name is taken.
    func link(_ path: String, _ other: String) throws -> Bool {
        try before(.link, other)
        if Glibc.link(path, other) == 0 { return true }
        if errno == EEXIST { return false }
        throw failure("making", other)
    }

    func rename(_ path: String, _ other: String) throws {
        try before(.rename, other)
        guard Glibc.rename(path, other) == 0 else { throw failure("moving \(path) to", other) }
    }

    /// No such file is not an error.
    func remove(_ path: String) throws {
        try before(.remove, path)
        guard unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else { throw failure("removing", path) }
    }

    /// Removes an empty folder. False when it is not empty; no such folder is not an error.
    @discardableResult
    func removeEmptyFolder(_ path: String) throws -> Bool {
        try before(.remove, path)
        if rmdir(path) == 0 || errno == ENOENT { return true }
        if errno == ENOTEMPTY || errno == EEXIST { return false }
        throw failure("removing", path)
    }

    /// Removes a file or a folder with all that is in it.
    func removeAll(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFDIR else { return try remove(path) }
        for name in try list(path) { try removeAll("\(path)/\(name)") }
        try removeEmptyFolder(path)
    }

    // MARK: Failing

    private func parent(_ path: String) -> String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

    private func failure(_ doing: String, _ path: String) -> SlipwayError {
        let number = errno
        let hint: String? =
            switch number {
            case ENOSPC, EDQUOT: "make space on its disk and run the same again"
            case EACCES, EPERM, EROFS: "run as the user who owns the state store, or name another with --state"
            default: nil
            }
        return SlipwayError(.failed, doing: "\(doing) \(path)", cause: String(cString: strerror(number)), hint: hint)
    }
}

/// An open file; closed when nobody refers to it any more.
final class Descriptor: Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { close(number) }
}
