public import ClusterModel
import Foundation
public import PKI

/// The cluster's secrets during one run: read once, made once, kept in memory.
public actor Vault {
    private let load: @Sendable () async throws -> [String: Secret]?
    private let save: @Sendable ([String: Secret]) async throws -> Void
    private var cached: ClusterSecrets?

    public init(
        load: @escaping @Sendable () async throws -> [String: Secret]?, save: @escaping @Sendable ([String: Secret]) async throws -> Void
    ) {
        self.load = load
        self.save = save
    }

    /// Nil while they were never made.
    public func existing() async throws -> ClusterSecrets? {
        if let cached { return cached }
        cached = try await load().map { try ClusterSecrets(decoding: $0) }
        return cached
    }

    /// - Throws: `.failed` when they were never made.
    public func secrets() async throws -> ClusterSecrets {
        guard let secrets = try await existing() else {
            throw SlipwayError(
                .failed, doing: "reading the cluster's secrets", cause: "the store has none",
                hint: "run create or update again; it makes them first")
        }
        return secrets
    }

    /// Makes them unless they exist. True when they were made now.
    func ensure(clusterName: String, now: Date) async throws -> Bool {
        guard try await existing() == nil else { return false }
        let made = try ClusterSecrets.generate(clusterName: clusterName, now: now)
        try await save(made.encoded())
        cached = made
        return true
    }
}
