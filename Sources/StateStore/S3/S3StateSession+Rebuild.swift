import AWSAPI
public import ClusterModel

extension S3StateSession {
    /// Segments and history of the lost document are left as they are; somebody may want to look at them.
    @discardableResult
    public func rebuild(_ state: ClusterState, secrets: [String: Secret]) async throws -> KeyUse {
        try phase.checkMayBegin(state, cluster: cluster, doing: "rebuilding the state")
        var state = state
        if let backup = try await store.newestGoodBackup(keys) { state.serial = max(state.serial, backup.serial + 1) }
        let use = try await seal(secrets, lineage: state.lineage)
        var document = StateDocument(state)
        // So its segments have a folder that no document before had.
        document.body.sequence = max(state.serial, try await lastSequenceStored()) + 1
        try await begin(document, doing: "rebuilding the state")
        return use
    }

    /// The highest number in the names of segments and their folders, whichever document they are of.
    private func lastSequenceStored() async throws -> Int {
        try await objects.list(keys.journal, delimiter: nil).entries.flatMap { entry in
            entry.key.dropFirst(keys.journal.count).split { !$0.isASCII || !$0.isNumber }.filter { $0.count == 12 }.compactMap { Int($0) }
        }.max() ?? 0
    }
}
