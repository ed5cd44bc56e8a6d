import AWSAPI
public import ClusterModel
import Foundation

/// A store below a prefix of a bucket, of S3 or of what speaks its language.
///
///     PREFIX/CLUSTER/state.json                 the state document, replaced by compare-and-swap
///                    journal/.../000000000042.jsonl   the changes since, in segments that are never changed
///                    secrets.enc                the secrets, encrypted
///                    lock.json                  whose the lock is, or was last
///                    history/                   the last ten state documents, and a copy of the secrets
///                    runs/RUN/000001.jsonl      the log of each run, in parts
///
/// Who writes proves with each put that nobody else did meanwhile; the lock only spares everyone from finding that out.
public struct S3StateStore: StateStore {
    public let bucket: String
    /// Without slashes at its ends; may be empty.
    public let prefix: String
    public let key: SecretsKey
    let context: RunContext
    let objects: any ObjectStore
    /// How long a lock outlives its holder's last sign of life.
    var lease = S3StateStore.standardLease
    var clock: @Sendable () -> Duration = { BootClock.now() }
    /// A journal of more segments than this, or of more bytes and more than four times the document, is folded while a run
    /// goes on.
    var foldingSegments = 128
    var foldingSize = 8 << 20

    public static let standardLease = Duration.seconds(90)
    static let leaseVariable = "SLIPWAY_S3_LEASE"

    /// Touches nothing yet.
    /// - Parameter environment: where credentials, region and endpoint are looked for. Nil: that of this process.
    /// - Throws: `.usage` for a lease that cannot be.
    public init(
        bucket: String, prefix: String, key: SecretsKey = SecretsKey(keyFile: .standard()), environment: [String: String]? = nil,
        context: RunContext = .live
    ) throws {
        let environment = environment ?? ProcessInfo.processInfo.environment
        self.init(
            bucket: bucket, prefix: prefix, key: key, context: context,
            objects: LazyBucket(bucket, environment: environment, context: context))
        lease = try Self.lease(environment) ?? lease
    }

    /// Too short a lease would be lost to a slow answer.
    private static let leases = 2.0...3600.0

    private static func lease(_ environment: [String: String]) throws -> Duration? {
        guard let text = environment[leaseVariable], !text.isEmpty else { return nil }
        guard let seconds = Double(text), leases.contains(seconds) else {
            throw SlipwayError(
                .usage, doing: "opening the store", cause: "$\(leaseVariable) is '\(text)'",
                hint: "give seconds from 2 to 3600, or unset it: \(Int(standardLease / .seconds(1))) is the standard")
        }
        return .seconds(seconds)
    }

    init(bucket: String, prefix: String, key: SecretsKey, context: RunContext, objects: any ObjectStore) {
        self.bucket = bucket
        self.prefix = prefix
        self.key = key
        self.context = context
        self.objects = objects
    }

    public var location: String { "s3://\(bucket)" + (prefix.isEmpty ? "" : "/\(prefix)") }

    func url(_ key: String) -> String { "s3://\(bucket)/\(key)" }

    private var root: String { prefix.isEmpty ? "" : "\(prefix)/" }

    func keys(_ cluster: String) throws -> ClusterKeys {
        try FileName.check(cluster, "cluster")
        return ClusterKeys(root: "\(root)\(cluster)/")
    }

    // MARK: Reading

    public func clusters() async throws -> [String] {
        let names = try await objects.list(root, delimiter: "/").prefixes.map { String($0.dropFirst(root.count).dropLast()) }
        return try await withThrowingTaskGroup(of: String?.self) { group in
            for name in names {
                guard let keys = try? keys(name) else { continue }
                group.addTask { try await hasCluster(keys) ? name : nil }
            }
            return try await group.reduce(into: []) { if let name = $1 { $0.append(name) } }.sorted()
        }
    }

    private func hasCluster(_ keys: ClusterKeys) async throws -> Bool {
        let listing = try await objects.list(keys.root, delimiter: "/")
        guard let state = listing.entries.first(where: { $0.key == keys.state }) else {
            return listing.prefixes.contains(keys.journal) || listing.prefixes.contains(keys.history)
                || listing.entries.contains { $0.key == keys.secrets }
        }
        guard state.size <= Tombstone.largest, let object = try await objects.get(keys.state) else { return true }
        return !Tombstone.isOne(object.bytes)
    }

    public func readState(_ cluster: String) async throws -> ClusterState? {
        let keys = try keys(cluster)
        switch try await load(keys, name: cluster) {
        case .state(let loaded): return loaded.document.state
        case .removed: return nil
        case .nothing:
            if let loss = try await loss(keys, name: cluster) { throw loss }
            return nil
        }
    }

    public func readSecrets(_ cluster: String) async throws -> [String: Secret]? {
        guard let object = try await objects.get(try keys(cluster).secrets) else { return nil }
        return try await open(object.bytes, cluster: cluster, lineage: nil)
    }

    public func runs(_ cluster: String) async throws -> [String] {
        let keys = try keys(cluster)
        return try await objects.list(keys.runs, delimiter: "/").prefixes.map { String($0.dropFirst(keys.runs.count).dropLast()) }.sorted()
    }

    public func runEvents(_ cluster: String, run: String) async throws -> [RunEvent] {
        let keys = try keys(cluster)
        try FileName.check(run, "run")
        let parts = try await objects.list(keys.run(run), delimiter: nil).entries.map(\.key).sorted()
        guard !parts.isEmpty else {
            throw SlipwayError(
                .notFound, at: Address(.cluster, cluster), doing: "reading the log of run \(run)", cause: "there is no such run",
                hint: "slipway get runs \(cluster)")
        }
        return StateCoding.events(in: try await objects.get(parts).flatMap { $0?.bytes ?? [] })
    }
}
