import ClusterModel

extension FileStateStore {
    /// Blocks. `lineage`: that of the state, if it is known.
    func secrets(in folder: ClusterFolder, cluster: String, lineage: String?) throws -> [String: Secret]? {
        guard let bytes = try files.read(folder.secrets) else { return nil }
        do {
            let document = try SecretsDocument(bytes, cluster: cluster)
            if let lineage { try document.check(lineage: lineage, cluster: cluster) }
            return try key.open(document, cluster: cluster, files)
        } catch var error as SlipwayError where SecretsDocument.isDamage(error) {
            if let copy = goodCopy(in: folder, cluster: cluster, lineage: lineage) {
                error.hint = "copy \(copy) over \(folder.secrets): it is whole, and of the same moment or the save before"
            }
            throw error
        }
    }

    /// What seals this cluster's secrets. A key is made only if no cluster of this store has secrets that need another one:
    /// a new key in the place of a lost one would be in the way when that comes back. Blocks.
    func seal(for cluster: String, in folder: ClusterFolder) throws -> SecretsKey.Seal {
        let own = try files.read(folder.secrets).map { try SecretsDocument($0, cluster: cluster) }
        return try key.seal(replacing: own, cluster: cluster, neededElsewhere: { try anyKeyID() }, files)
    }

    /// Saves the secrets, and then a copy: what a disk does to one of them it seldom does to both. Blocks.
    func save(_ document: SecretsDocument, in folder: ClusterFolder) throws {
        let bytes = try document.bytes()
        try files.replace(folder.secrets, bytes)
        try files.makeFolder(folder.backups)
        try files.replace(folder.secretsCopy, bytes)
    }

    private func goodCopy(in folder: ClusterFolder, cluster: String, lineage: String?) -> String? {
        guard let bytes = try? files.read(folder.secretsCopy), let document = try? SecretsDocument(bytes, cluster: cluster),
            lineage == nil || document.lineage == lineage, (try? key.open(document, cluster: cluster, files)) != nil
        else { return nil }
        return folder.secretsCopy
    }

    private func anyKeyID() throws -> String? {
        for name in try clusterNames() {
            guard let bytes = try files.read(folder(name).secrets), let document = try? SecretsDocument(bytes, cluster: name),
                document.isOfKeyFile
            else { continue }
            return document.keyID
        }
        return nil
    }
}
