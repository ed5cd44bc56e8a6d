import ClusterModel
import Engine

/// A journal in memory, for the delete of a cluster whose state was lost: the cloud's tags are all that there is.
actor TransientJournal: RunJournal {
    private var current: ClusterState

    init(_ identity: ClusterIdentity, provider: CloudProvider) {
        current = ClusterState(lineage: "", uid: identity.uid, desired: SpecDefaults.cluster(named: identity.name, provider: provider))
        current.deleting = true
    }

    func state() async -> ClusterState { current }
    func record(_ change: StateChange) async throws { current.apply(change) }
    func stepStarted(_ id: String) async throws {}
    func stepDone(_ id: String) async throws {}
}
