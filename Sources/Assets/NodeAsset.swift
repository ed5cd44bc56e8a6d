public import ClusterModel

/// One thing that a node is made of, and where a source has it.
public struct NodeAsset: Sendable {
    public enum Kind: Sendable, Equatable {
        case file(ReleaseFile)
        case sandboxImage
    }

    public let kind: Kind
    public let component: String
    /// Empty where the source does not say.
    public let version: String
    /// A URL or a path.
    public let location: String
}

extension ClosableAssetSource {
    /// Kubernetes' own programs and the pod sandbox's image; with `companions`, what a machine needs beside them, too.
    /// Asks nobody. Throws `.usage` for a release that the table does not have.
    public func assets(for version: KubernetesVersion, companions: Bool) throws -> [NodeAsset] {
        let files =
            try ReleaseFile.kubernetes(version, architecture) + (companions ? ReleaseFile.companions(of: version, architecture) : [])
        let listed = files.map {
            NodeAsset(kind: .file($0), component: $0.component, version: $0.version, location: location(of: $0))
        }
        return listed + [try sandboxImage(for: version)]
    }

    /// A file of this machine that holds it, checked. Throws as `binary` does.
    /// - Parameter name: what the image is called in its archive.
    public func fetch(_ asset: NodeAsset, for version: KubernetesVersion, imageNamed name: String) async throws -> AssetFile {
        switch asset.kind {
        case .file(let wanted): try await file(wanted)
        case .sandboxImage: try await pauseImage(named: name, for: version)
        }
    }
}
