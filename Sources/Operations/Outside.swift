public import ClusterModel

/// The ways to one provider's cloud, to its machines and to the APIs on them.
public struct Outside: Sendable {
    public var cloud: any Cloud
    public var hosts: any HostAccess
    /// The asset source that a spec names.
    public var assets: @Sendable (String) throws -> any AssetSource
    public var connect: @Sendable (APIEndpoint) throws -> any ClusterAccess

    public init(
        cloud: any Cloud, hosts: any HostAccess, assets: @escaping @Sendable (String) throws -> any AssetSource,
        connect: @escaping @Sendable (APIEndpoint) throws -> any ClusterAccess
    ) {
        self.cloud = cloud
        self.hosts = hosts
        self.assets = assets
        self.connect = connect
    }
}
