import Assets
import ClusterModel
import Foundation
import KubernetesAPI
import LocalCloud
import Operations
import SSH
import SimulatedCloud

extension Outside {
    /// The one place where clouds, SSH and HTTP are chosen.
    static func real(_ provider: CloudProvider, say: @escaping @Sendable (String) -> Void) throws -> Outside {
        switch provider {
        case .local:
            Outside(
                cloud: LocalCloud(progress: say), hosts: SSHHosts(), assets: { try AssetSources.resolve($0) },
                connect: { try KubernetesClient(endpoint: $0) })
        case .simulated:
            throw SlipwayError(.bug, doing: "choosing a cloud", cause: "the simulated one is no way to the outside")
        }
    }

    /// A world in a file.
    static func simulated(_ file: WorldFile, failpoints: Failpoints?) -> Outside {
        let world = SimulatedWorld(provider: .simulated, failpoints: failpoints, file: file)
        return Outside(cloud: world, hosts: world, assets: { _ in world.assets }, connect: { world.connect($0) })
    }
}
