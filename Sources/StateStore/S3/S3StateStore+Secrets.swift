import AWSAPI
import ClusterModel

extension S3StateStore {
    /// `lineage`: that of the state, if it is known.
    func open(_ bytes: [UInt8], cluster: String, lineage: String?) async throws -> [String: Secret] {
        do {
            return try await unseal(bytes, cluster: cluster, lineage: lineage)
        } catch var error as SlipwayError where SecretsDocument.isDamage(error) {
            let keys = try keys(cluster)
            if let copy = try? await objects.get(keys.secretsCopy),
                (try? await unseal(copy.bytes, cluster: cluster, lineage: lineage)) != nil
            {
                error.hint =
                    "copy \(url(keys.secretsCopy)) over \(url(keys.secrets)): it is whole, and of the same moment or the save before"
            }
            throw error
        }
    }

    private func unseal(_ bytes: [UInt8], cluster: String, lineage: String?) async throws -> [String: Secret] {
        try await BlockingWork.run { [key] in
            let document = try SecretsDocument(bytes, cluster: cluster)
            if let lineage { try document.check(lineage: lineage, cluster: cluster) }
            return try key.open(document, cluster: cluster)
        }
    }

    /// What seals this cluster's secrets. A key is made only if no cluster of this store has secrets that need another one.
    /// - Parameter own: the secrets as they are stored.
    func seal(for cluster: String, own: [UInt8]?) async throws -> SecretsKey.Seal {
        let document = try own.map { try SecretsDocument($0, cluster: cluster) }
        // Only a key that has to be made asks what the others need.
        let isMade = try await BlockingWork.run { [key] in
            try document == nil && key.preferred == .keyFile && key.keyFile.load() == nil
        }
        let needed = isMade ? try await anyKeyID() : nil
        return try await BlockingWork.run { [key] in
            try key.seal(replacing: document, cluster: cluster, neededElsewhere: { needed })
        }
    }

    private func anyKeyID() async throws -> String? {
        for name in try await clusters() {
            guard let bytes = try await objects.get(try keys(name).secrets)?.bytes,
                let document = try? SecretsDocument(bytes, cluster: name), document.isOfKeyFile
            else { continue }
            return document.keyID
        }
        return nil
    }
}
