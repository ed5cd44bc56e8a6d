import AWSAPI
import ClusterModel

extension S3StateStore {
    /// The documents under `history/` and what is now. A damaged one is left out.
    public func history(_ cluster: String) async throws -> [KeptState] {
        guard let now = try await readState(cluster) else { return [] }
        let keys = try keys(cluster)
        var kept: [KeptState] = []
        for object in try await objects.get(keys.states(in: objects.list(keys.history, delimiter: nil).entries)) {
            guard let object, let document = try? StateDocument(object.bytes), document.state.lineage == now.lineage,
                document.state.serial < now.serial
            else { continue }
            kept.append(KeptState(document.state, written: object.modified))
        }
        return kept + [KeptState(now, written: nil)]
    }
}
