import ClusterModel
import Engine

/// A journal in memory: for a rehearsal, and for the delete of a cluster whose state was lost, when the cloud's tags are all
/// that there is.
actor TransientJournal: RunJournal {
    private var current: ClusterState

    init(_ state: ClusterState) { current = state }

    init(_ identity: ClusterIdentity, provider: CloudProvider) {
        current = ClusterState(lineage: "", uid: identity.uid, desired: TransientJournal.unknown(identity.name, provider))
        current.deleting = true
    }

    /// Of its spec nothing is known but the name, and nothing else is asked for.
    private static func unknown(_ name: String, _ provider: CloudProvider) -> Cluster {
        Cluster(
            name: name,
            spec: ClusterSpec(
                kubernetesVersion: nil, cloud: CloudSpec(provider: provider), access: AccessSpec(),
                controlPlane: ControlPlaneSpec(count: 1, zones: [], instanceType: ""), pools: [],
                network: NetworkSpec(podCIDR: SpecDefaults.podCIDR, serviceCIDR: SpecDefaults.serviceCIDR), assets: AssetsSpec(),
                deletionProtection: false))
    }

    func state() async -> ClusterState { current }
    func record(_ change: StateChange) async throws { current.apply(change) }
    func stepStarted(_ id: String) async throws {}
    func stepDone(_ id: String) async throws {}
}
