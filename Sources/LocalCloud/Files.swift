import ClusterModel
import Glibc
import SystemPackage

/// Files and folders of the cloud's own, by path.
enum Files {
    /// The file's bytes, nil when there is no such file.
    static func read(_ path: String) throws -> [UInt8]? {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        } catch Errno.noSuchFileOrDirectory, Errno.notDirectory {
            return nil
        }
        defer { try? file.close() }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = try chunk.withUnsafeMutableBytes { try file.read(into: $0) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }

    static func text(_ path: String) throws -> String? {
        try read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Writes a file that is seen whole or not at all, also after a power failure.
    static func writeDurably(_ bytes: [UInt8], to path: String, mode: UInt16 = 0o600) throws {
        let staged = path + ".new"
        try write(bytes, to: staged, mode: mode)
        try check(rename(staged, path), "renaming", path)
        try sync(folder: FilePath(path).removingLastComponent().string)
    }

    /// Writes a new file and waits until it is on the disk.
    static func write(_ bytes: [UInt8], to path: String, mode: UInt16) throws {
        unlink(path)
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: FilePermissions(rawValue: CModeT(mode)))
        defer { try? file.close() }
        try file.writeAll(bytes)
        try check(fchmod(file.rawValue, mode_t(mode)), "setting the mode of", path)
        try check(fsync(file.rawValue), "syncing", path)
    }

    /// Writes to a file of the kernel's.
    static func poke(_ text: String, to path: String) throws {
        let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: .closeOnExec)
        defer { try? file.close() }
        try file.writeAll(Array(text.utf8))
    }

    static func sync(folder: String) throws {
        let file = try FileDescriptor.open(FilePath(folder), .readOnly, options: [.directory, .closeOnExec])
        defer { try? file.close() }
        try check(fsync(file.rawValue), "syncing", folder)
    }

    /// Makes a folder and those above it. The last one gets `mode` exactly; ones that exist stay as they are.
    static func makeFolder(_ path: String, mode: UInt16 = 0o700) throws {
        if mkdir(path, mode_t(mode)) == 0 {
            try check(chmod(path, mode_t(mode)), "setting the mode of", path)
            return
        }
        switch errno {
        case EEXIST: return
        case ENOENT:
            let parent = FilePath(path).removingLastComponent().string
            guard !parent.isEmpty, parent != path else { break }
            try makeFolder(parent, mode: mode)
            try makeFolder(path, mode: mode)
            return
        default: break
        }
        try check(-1, "making", path)
    }

    /// Names in a folder, sorted, without `.` and `..`. Empty when there is no such folder.
    static func list(_ path: String) throws -> [String] {
        guard let folder = opendir(path) else {
            if errno == ENOENT || errno == ENOTDIR { return [] }
            throw failure("listing", path)
        }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    struct Status {
        var isFolder: Bool
        var mode: UInt16
        var owner: UInt32
        var group: UInt32
        var device: UInt64
        var inode: UInt64
        /// In bytes.
        var size: Int
    }

    /// Nil when there is nothing at the path.
    static func status(_ path: String, followLinks: Bool = false) -> Status? {
        var found = stat()
        guard (followLinks ? stat(path, &found) : lstat(path, &found)) == 0 else { return nil }
        return Status(found)
    }

    static func status(of file: FileDescriptor) -> Status? {
        var found = stat()
        guard fstat(file.rawValue, &found) == 0 else { return nil }
        return Status(found)
    }

    static func exists(_ path: String) -> Bool { status(path) != nil }

    /// Bytes that root can still use at the path, nil when nothing is there.
    static func freeBytes(_ path: String) -> UInt64? {
        var found = statvfs()
        return statvfs(path, &found) == 0 ? UInt64(found.f_bavail) * UInt64(found.f_frsize) : nil
    }

    static func move(_ path: String, to target: String) throws {
        try check(rename(path, target), "renaming", path)
    }

    static func own(_ path: String, owner: UInt32, group: UInt32) throws {
        try check(lchown(path, owner, group), "setting the owner of", path)
    }

    static func check(_ result: Int32, _ doing: String, _ path: String) throws {
        if result != 0 { throw failure(doing, path) }
    }

    /// The error that `errno` tells of.
    static func failure(_ doing: String, _ path: String) -> SlipwayError {
        SlipwayError(.failed, doing: "\(doing) \(path)", cause: String(cString: strerror(errno)))
    }
}

extension Files.Status {
    fileprivate init(_ found: stat) {
        isFolder = found.st_mode & S_IFMT == S_IFDIR
        mode = UInt16(found.st_mode & 0o7777)
        owner = found.st_uid
        group = found.st_gid
        device = UInt64(found.st_dev)
        inode = UInt64(found.st_ino)
        size = Int(found.st_size)
    }
}
