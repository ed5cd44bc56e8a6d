import AWSAPI
import ClusterModel
import Foundation
import Synchronization

@testable import StateStore

/// A bucket in memory, with the promises of S3, on a clock of its own, and with faults where a test wants them.
final class MemoryObjects: ObjectStore {
    enum Act: String, Sendable { case get, head, put, delete, list }

    enum Fault: Error, Sendable {
        /// Nothing happened, and no answer came.
        case lostRequest
        /// It happened, and no answer came.
        case lostAnswer
    }

    private struct Stored {
        var bytes: [UInt8]
        var etag: String
        var modified: Date
    }

    private struct Contents {
        var objects: [String: Stored] = [:]
        var puts = 0
    }

    private let contents = Mutex(Contents())
    private let hook = Mutex<@Sendable (Act, String) async throws -> Void>({ _, _ in })
    private let now: @Sendable () -> Date
    /// Services that do not say what time it is are served, too.
    private let tellsTime: Bool

    init(tellsTime: Bool = true, now: @escaping @Sendable () -> Date = { Date() }) {
        self.tellsTime = tellsTime
        self.now = now
    }

    /// Called before every act. It may wait, or throw a `Fault`.
    func before(_ action: @escaping @Sendable (Act, String) async throws -> Void) { hook.withLock { $0 = action } }

    var keys: [String] { contents.withLock { $0.objects.keys.sorted() } }
    func bytes(_ key: String) -> [UInt8]? { contents.withLock { $0.objects[key]?.bytes } }
    func set(_ key: String, _ bytes: [UInt8]?) {
        contents.withLock { contents in
            contents.puts += 1
            contents.objects[key] = bytes.map { Stored(bytes: $0, etag: "\"t\(contents.puts)\"", modified: now()) }
        }
    }

    private func act<Value>(_ act: Act, _ key: String, _ body: (inout Contents) -> Value) async throws -> Value {
        let hook = hook.withLock { $0 }
        var isLost = false
        do {
            try await hook(act, key)
        } catch Fault.lostAnswer {
            isLost = true
        } catch Fault.lostRequest {
            throw Self.unreachable
        }
        let value = contents.withLock { body(&$0) }
        if isLost { throw Self.unreachable }
        return value
    }

    private static let unreachable = SlipwayError(.unreachable, doing: "asking the bucket", cause: "no answer", retry: .transient)

    private func object(_ stored: Stored) -> S3Object {
        // In whole seconds, as headers have it.
        func told(_ date: Date) -> Date? { tellsTime ? Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down)) : nil }
        return S3Object(bytes: stored.bytes, etag: stored.etag, modified: told(stored.modified), answered: told(now()))
    }

    func get(_ key: String) async throws -> S3Object? { try await act(.get, key) { $0.objects[key].map { object($0) } } }
    func head(_ key: String) async throws -> S3Object? { try await act(.head, key) { $0.objects[key].map { object($0) } } }

    func put(_ key: String, _ bytes: [UInt8], if condition: S3Condition) async throws -> S3Put {
        try await act(.put, key) { contents in
            let isTrue =
                switch condition {
                case .none: true
                case .absent: contents.objects[key] == nil
                case .matches(let etag): contents.objects[key]?.etag == etag
                }
            guard isTrue else { return .conditionFailed }
            contents.puts += 1
            let etag = "\"t\(contents.puts)\""
            contents.objects[key] = Stored(bytes: bytes, etag: etag, modified: now())
            return .stored(etag: etag)
        }
    }

    func delete(_ keys: [String]) async throws {
        for key in keys { try await act(.delete, key) { $0.objects[key] = nil } }
    }

    func list(_ prefix: String, delimiter: String?) async throws -> S3Listing {
        try await act(.list, prefix) { contents in
            var listing = S3Listing()
            for (key, stored) in contents.objects.sorted(by: { $0.key < $1.key }) where key.hasPrefix(prefix) {
                if let delimiter, let end = key.dropFirst(prefix.count).range(of: delimiter) {
                    let folder = String(key[..<end.upperBound])
                    if listing.prefixes.last != folder { listing.prefixes.append(folder) }
                } else {
                    listing.entries.append(S3Entry(key: key, size: stored.bytes.count, etag: stored.etag))
                }
            }
            return listing
        }
    }
}
