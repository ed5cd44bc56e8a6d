import AWSAPI
import ClusterModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import StateStore

/// A store on S3 and a key file in a folder that is removed at the end.
struct S3Fixture: Sendable {
    enum Kind: String, Sendable, CaseIterable, CustomTestStringConvertible {
        /// In memory.
        case memory
        /// A server process of this test run.
        case server

        var testDescription: String { rawValue }

        static var available: [Kind] { S3Server.python == nil ? [.memory] : allCases }
    }

    var store: S3StateStore
    var objects: any ObjectStore
    /// Goes on only when told.
    let clock: ManualClock
    let folder: String

    var keys: ClusterKeys { ClusterKeys(root: "\(store.prefix)/demo/") }

    static func with<Result>(
        _ kind: Kind = .memory, objects given: MemoryObjects? = nil, _ body: (S3Fixture) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-s3-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = ManualClock()
        let objects: any ObjectStore
        switch kind {
        case .memory: objects = given ?? MemoryObjects()
        case .server:
            let server = try S3Server.shared
            objects = LazyBucket(server.bucket, environment: server.environment, context: .live)
        }
        var store = S3StateStore(
            bucket: "slipway-test", prefix: UUID().uuidString.lowercased(), key: SecretsKey(keyFile: KeyFile(path: "\(folder)/key")),
            context: .live,
            objects: objects)
        store.clock = { clock.now }
        return try await body(S3Fixture(store: store, objects: objects, clock: clock, folder: folder))
    }

    func lock(_ cluster: String = "demo", timeout: Duration = .zero) async throws -> S3StateSession {
        let session = try await store.lock(cluster, as: Sample.owner("test"), timeout: timeout, waiting: { _ in })
        return try #require(session as? S3StateSession)
    }

    /// As if the session's process had died and its lock had ended.
    func kill(_ session: S3StateSession) async throws {
        await session.abandon()
        try await store.breakLock("demo", id: session.owner.id)
    }

    func names(_ prefix: String) async throws -> [String] {
        try await objects.list(prefix, delimiter: nil).entries.map { String($0.key.dropFirst(prefix.count)) }
    }
}

/// A clock that moves only when it is told to.
final class ManualClock: Sendable {
    private let time = Mutex(Duration.seconds(1000))

    var now: Duration { time.withLock { $0 } }
    var date: Date { Date(timeIntervalSince1970: 1_800_000_000 + now / .seconds(1)) }
    func advance(_ by: Duration) { time.withLock { $0 += by } }
}
