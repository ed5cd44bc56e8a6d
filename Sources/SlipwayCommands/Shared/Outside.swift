import Assets
import ClusterModel
import KubernetesAPI
import LocalCloud
import SSH

/// The ways to clouds, machines and APIs.
struct Outside: Sendable {
    var run: RunContext
    var cloud: @Sendable (CloudProvider) throws -> any Cloud
    var hosts: any HostAccess
    var assets: @Sendable (String) throws -> any AssetSource
    var connect: @Sendable (APIEndpoint) throws -> any ClusterAccess

    /// The one place where clouds, SSH and HTTP are chosen.
    static func real(say: @escaping @Sendable (String) -> Void) -> Outside {
        Outside(
            run: .live,
            cloud: { provider in
                switch provider {
                case .local: LocalCloud(progress: say)
                }
            },
            hosts: SSHHosts(), assets: { try AssetSources.resolve($0) }, connect: { try KubernetesClient(endpoint: $0) })
    }
}
