import ClusterModel
import Foundation
import Glibc
import Synchronization

/// Keeps a world in one file, for processes that follow each other or look in side by side. It is replaced whole, so a kill
/// leaves the old one or the new one; not synced, as nobody simulates the loss of power.
public final class WorldFile: Sendable {
    public let path: String
    /// Tells a file from the one that was read or written last.
    private let known = Mutex<Stamp?>(nil)

    private struct Stamp: Equatable {
        var inode: ino_t
        var seconds: Int
        var nanoseconds: Int
        var size: off_t
    }

    /// The first line: all but the machines. Each of these has a line of its own.
    private struct Document: Codable {
        var formatVersion = WorldFile.formatVersion
        var contents: SimulatedWorld.Contents
    }

    private static let formatVersion = 2
    private static let newline = UInt8(ascii: "\n")

    /// Lines of machines as they were written last: a change concerns one or two, and each has files by the dozen.
    private let written = Mutex<[String: (machine: SimulatedWorld.Machine, line: Data)]>([:])

    public init(path: String) { self.path = path }

    /// Brings `contents` up to what is in the file, lets `act` work on it and writes it back if it changed. Other processes
    /// wait meanwhile; the file is small, so blocking is short.
    func transaction<Result>(
        _ contents: inout SimulatedWorld.Contents, _ act: (inout SimulatedWorld.Contents) throws -> Result
    ) throws -> Result {
        try makeFolder()
        let lock = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw failure("locking it", String(cString: strerror(errno))) }
        defer { close(lock) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw failure("locking it", String(cString: strerror(errno))) }
        }
        try known.withLock { known in
            let stamp = stamp()
            if stamp != known || stamp == nil { contents = try load(stamp) }
            known = stamp
        }
        let before = contents
        do {
            let result = try act(&contents)
            if contents != before { try save(contents) }
            return result
        } catch {
            contents = before
            throw error
        }
    }

    private func stamp() -> Stamp? {
        var found = stat()
        guard stat(path, &found) == 0 else { return nil }
        return Stamp(inode: found.st_ino, seconds: found.st_mtim.tv_sec, nanoseconds: found.st_mtim.tv_nsec, size: found.st_size)
    }

    private func load(_ stamp: Stamp?) throws -> SimulatedWorld.Contents {
        guard stamp != nil else { return SimulatedWorld.Contents() }
        do {
            let lines = try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: Self.newline)
            let document = try JSONDecoder().decode(Document.self, from: lines.first ?? Data())
            guard document.formatVersion == Self.formatVersion else {
                throw failure("reading it", "its format is \(document.formatVersion), not \(Self.formatVersion)")
            }
            var contents = document.contents
            for line in lines.dropFirst() {
                contents.machines.merge(try JSONDecoder().decode([String: SimulatedWorld.Machine].self, from: line)) { $1 }
            }
            return contents
        } catch let error as SlipwayError {
            throw error
        } catch {
            throw failure("reading it", "\(error)")
        }
    }

    private func save(_ contents: SimulatedWorld.Contents) throws {
        let temporary = path + ".new"
        do {
            let bytes = try encode(contents)
            let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
            guard FileManager.default.createFile(atPath: temporary, contents: bytes, attributes: attributes) else {
                throw failure("writing it", "\(temporary) cannot be made")
            }
        } catch let error as SlipwayError {
            throw error
        } catch {
            throw failure("writing it", "\(error)")
        }
        guard rename(temporary, path) == 0 else { throw failure("writing it", String(cString: strerror(errno))) }
        known.withLock { $0 = stamp() }
    }

    private func encode(_ contents: SimulatedWorld.Contents) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var rest = contents
        rest.machines = [:]
        let lines = try written.withLock { written in
            written = try contents.machines.reduce(into: [:]) { now, entry in
                let (name, machine) = entry
                let known = written[name].flatMap { $0.machine == machine ? $0.line : nil }
                now[name] = (machine, try known ?? encoder.encode([name: machine]))
            }
            return written.sorted { $0.key < $1.key }.map(\.value.line)
        }
        return lines.reduce(into: try encoder.encode(Document(contents: rest))) { all, line in
            all.append(Self.newline)
            all.append(line)
        }
    }

    private func makeFolder() throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw failure("making its folder", error.localizedDescription)
        }
    }

    private func failure(_ doing: String, _ cause: String) -> SlipwayError {
        SlipwayError(.failed, doing: "keeping the simulated world in \(path): \(doing)", cause: cause)
    }
}
