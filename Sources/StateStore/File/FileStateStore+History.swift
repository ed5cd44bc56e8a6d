import ClusterModel
import Foundation

extension FileStateStore {
    /// The backups and what is now. A damaged backup is left out.
    public func history(_ cluster: String) async throws -> [KeptState] {
        let folder = try folder(cluster)
        guard let now = try await readState(cluster) else { return [] }
        return try await BlockingWork.run {
            let kept = try folder.backupNames(files).reversed().compactMap { name -> KeptState? in
                let path = "\(folder.backups)/\(name)"
                guard let bytes = try? files.read(path), let document = try? StateDocument(bytes), document.state.lineage == now.lineage,
                    document.state.serial < now.serial
                else { return nil }
                return KeptState(document.state, written: files.modified(path))
            }
            return kept + [KeptState(now, written: nil)]
        }
    }
}
