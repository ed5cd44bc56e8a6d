import Foundation
import Testing

/// Runs programs of the machine, to see our files through other eyes.
enum Tool {
    struct Result: Sendable {
        var status: Int32
        var output: String
    }

    /// Runs a program found in PATH and gives its two outputs together. Waits on a thread of its own.
    static func run(_ arguments: String..., in folder: Folder) async throws -> Result {
        try await run(arguments, in: folder)
    }

    static func run(_ arguments: [String], in folder: Folder) async throws -> Result {
        let log = folder.url.appending(path: "output-\(UUID().uuidString)")
        guard FileManager.default.createFile(atPath: log.path, contents: nil) else { throw CocoaError(.fileWriteUnknown) }
        let output = try FileHandle(forWritingTo: log)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = folder.url
        process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C", "HOME": folder.url.path]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        try output.close()
        return Result(status: process.terminationStatus, output: try String(contentsOf: log, encoding: .utf8))
    }

    /// Whether PATH has a program of this name.
    static func exists(_ name: String) -> Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
}

/// A folder of one test, mode 700, removed with everything in it.
struct Folder: Sendable {
    let url: URL

    /// Makes one for the time of `body`, whatever its end.
    static func with<Value>(_ body: (Folder) async throws -> Value) async throws -> Value {
        let folder = Folder(url: FileManager.default.temporaryDirectory.appending(path: "slipway-pki-\(UUID().uuidString)"))
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder.url) }
        return try await body(folder)
    }

    func read(_ name: String) throws -> String { try String(contentsOf: url.appending(path: name), encoding: .utf8) }

    /// Writes a file that only its owner may read, as ssh-keygen wants it.
    func write(_ text: String, to name: String) throws {
        let path = url.appending(path: name).path
        guard FileManager.default.createFile(atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]) else {
            throw CocoaError(.fileWriteUnknown)
        }
    }
}

/// A moment that is not on a full second.
let someMoment = Date(timeIntervalSince1970: 1_900_000_000.75)

extension Date {
    /// As openssl prints it.
    var openSSLText: String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: self)
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func padded(_ value: Int?, _ fill: Character) -> String { (value ?? 0) < 10 ? "\(fill)\(value ?? 0)" : "\(value ?? 0)" }
        let time = [parts.hour, parts.minute, parts.second].map { padded($0, "0") }.joined(separator: ":")
        return "\(months[(parts.month ?? 1) - 1]) \(padded(parts.day, " ")) \(time) \(parts.year ?? 0) GMT"
    }
}
