import ClusterModel

extension FileStateStore {
    func secretsDocument(in folder: ClusterFolder, cluster: String) throws -> SecretsDocument? {
        try files.read(folder.secrets).map { try SecretsDocument($0, cluster: cluster) }
    }

    /// Blocks. `lineage`: that of the state, if it is known.
    func secrets(in folder: ClusterFolder, cluster: String, lineage: String?) throws -> [String: Secret]? {
        guard let document = try secretsDocument(in: folder, cluster: cluster) else { return nil }
        if let lineage { try document.check(lineage: lineage, cluster: cluster) }
        guard let key = try keyFile.load(files) else { throw keyFile.missing(document.keyID).at(Address(.secrets, cluster)) }
        return try document.open(with: key, at: keyFile.path, cluster: cluster)
    }

    /// The key for this cluster's secrets. Made only if no cluster of this store has secrets that need another one:
    /// a new key in the place of a lost one would be in the way when that comes back. Blocks.
    func key(for cluster: String, in folder: ClusterFolder) throws -> (key: StoreKey, use: KeyUse) {
        let own = try secretsDocument(in: folder, cluster: cluster)
        let needed = try own?.keyID ?? anyKeyID()
        let (key, created) = try keyFile.loadOrCreate(neededID: needed, files)
        try own?.check(key, at: keyFile.path, cluster: cluster)
        return (key, KeyUse(id: key.id, path: keyFile.path, created: created))
    }

    private func anyKeyID() throws -> String? {
        for name in try clusterNames() {
            if let document = try? secretsDocument(in: folder(name), cluster: name) { return document.keyID }
        }
        return nil
    }
}
