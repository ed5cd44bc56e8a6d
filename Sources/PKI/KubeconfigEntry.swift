public import ClusterModel

/// A cluster as it is to stand in a kubeconfig file.
public struct KubeconfigEntry: Sendable {
    public var identity: ClusterIdentity
    public var endpoint: APIEndpoint

    public init(identity: ClusterIdentity, endpoint: APIEndpoint) {
        self.identity = identity
        self.endpoint = endpoint
    }
}
