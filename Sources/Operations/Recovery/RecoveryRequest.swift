public import ClusterModel

/// That a lost state or lost secrets are to be rebuilt before anything else is done.
public struct RecoveryRequest: Sendable {
    /// The private key of one of `access.sshPublicKeys`, for when the cluster's own is lost with its secrets.
    public var sshKey: Secret?
    /// Where to look for the cluster.
    public var places: [CloudPlace]
    /// Whether masters that are stopped may be started to be asked.
    public var mayStart: Bool

    public init(sshKey: Secret? = nil, places: [CloudPlace] = [CloudPlace(.local)], mayStart: Bool = false) {
        self.sshKey = sshKey
        self.places = places
        self.mayStart = mayStart
    }
}
