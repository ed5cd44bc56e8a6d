import ClusterModel
import StateStore

/// Encrypts secrets anew, under the key that the context's store was opened to seal with. At every moment a cluster's secrets
/// are whole and open with the old key or with the new one. Touches no machine.
public struct RotateKey: Sendable {
    private let context: OperationContext

    public init(_ context: OperationContext) { self.context = context }

    /// - Parameter names: empty for every cluster of the store.
    /// - Returns: by cluster the name of the key that opens its secrets now; nil for one that has no secrets yet.
    public func callAsFunction(_ names: [String]) async throws -> [(cluster: String, key: String?)] {
        for name in names { _ = try await context.state(of: name) }
        let chosen = try await names.isEmpty ? context.store.clusters() : names
        var done: [(cluster: String, key: String?)] = []
        for name in chosen { done.append((name, try await rotate(name))) }
        return done
    }

    private func rotate(_ name: String) async throws -> String? {
        try await context.locked(name, "rotate the key of") { session in
            guard await session.state != nil, let secrets = try await session.secrets() else { return nil }
            let use = try await session.saveSecrets(secrets)
            guard try await session.secrets() == secrets else {
                throw SlipwayError(
                    .bug, at: Address(.secrets, name), doing: "encrypting the secrets anew", cause: "they do not open with the new key",
                    hint: "the old key opens the copy in the store's backups")
            }
            return use.id
        }
    }
}
