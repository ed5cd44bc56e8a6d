import AWSAPI
import AWSCloud
import Assets
import ClusterModel
import Foundation
import KubernetesAPI
import LocalCloud
import Operations
import SSH
import SimulatedCloud
import Synchronization

extension Outside {
    /// The one place where clouds, SSH and HTTP are chosen.
    static func real(_ place: CloudPlace, say: @escaping @Sendable (String) -> Void) throws -> Outside {
        switch place.provider {
        case .aws:
            let sources = sources(say)
            return Outside(
                cloud: try AWSCloud(settings: AWSSettings(), region: place.region, say: say), hosts: SSHHosts(),
                assets: { try sources.source($0) }, connect: { try KubernetesClient(endpoint: $0) })
        case .local:
            let sources = sources(say)
            return Outside(
                cloud: LocalCloud(progress: say), hosts: SSHHosts(), assets: { try sources.source($0) },
                connect: { try KubernetesClient(endpoint: $0) })
        case .simulated:
            throw SlipwayError(.bug, doing: "choosing a cloud", cause: "the simulated one is no way to the outside")
        }
    }

    private static func sources(_ say: @escaping @Sendable (String) -> Void) -> Sources {
        let lines = AssetLines(say: say)
        return Sources { try AssetSources.resolve($0, progress: { lines.show($0) }) }
    }

    /// A world in a file.
    static func simulated(_ file: WorldFile, failpoints: Failpoints?) -> Outside {
        let world = SimulatedWorld(provider: .simulated, failpoints: failpoints, file: file)
        return Outside(cloud: world, hosts: world, assets: { _ in world.assets }, connect: { world.connect($0) })
    }
}

/// Each source made once, as it remembers what it has checked. Connections end with it.
private final class Sources: Sendable {
    private let make: @Sendable (String) throws -> any AssetSource
    private let made = Mutex<[String: any AssetSource]>([:])

    init(make: @escaping @Sendable (String) throws -> any AssetSource) { self.make = make }

    func source(_ text: String) throws -> any AssetSource {
        try made.withLock { made in
            if let known = made[text] { return known }
            let source = try make(text)
            made[text] = source
            return source
        }
    }
}
