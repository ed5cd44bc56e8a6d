public import ClusterModel

public import struct Foundation.Date

/// Everything a plan is made from. Identical inputs give byte-identical plans.
public struct PlanningInput: Sendable {
    public var desired: Cluster
    public var state: ClusterState
    /// Of what was observed only what planning looks at, see `facts(of:state:content:)`.
    public let observation: Observation
    /// Whether the cluster's secrets exist in the store.
    public var hasSecrets: Bool
    public var content: ContentDesign
    /// Decides which certificates are due.
    public var now: Date
    public var drain = DrainOverrides()
    /// The observation by name.
    private(set) var seen: ObservationIndex

    public init(
        desired: Cluster, state: ClusterState, observation: Observation, hasSecrets: Bool, content: ContentDesign, now: Date,
        drain: DrainOverrides = DrainOverrides()
    ) {
        self.desired = desired
        self.state = state
        let facts = PlanningInput.facts(of: observation, state: state, content: content)
        self.observation = facts
        seen = ObservationIndex(facts)
        self.hasSecrets = hasSecrets
        self.content = content
        self.now = now
        self.drain = drain
    }
}

/// What machines and cluster should hold, as digests and node designs. Computed by `Bootstrap`.
public struct ContentDesign: Sendable {
    public var specDigest: @Sendable (MachineDesign) throws -> String
    public var node: @Sendable (MachineDesign) -> NodeDesign
    public var manifestsDigest: String
    /// Of what each control plane machine keeps for the day on which the state store is lost.
    public var recoveryDigest: String

    public init(
        specDigest: @escaping @Sendable (MachineDesign) throws -> String, node: @escaping @Sendable (MachineDesign) -> NodeDesign,
        manifestsDigest: String, recoveryDigest: String
    ) {
        self.specDigest = specDigest
        self.node = node
        self.manifestsDigest = manifestsDigest
        self.recoveryDigest = recoveryDigest
    }
}
