public import ClusterModel

/// Everything that a machine needs on disk to be a node of the cluster, but for the binaries and the etcd formation.
///
/// Rendered twice: with symbolic late values by whoever plans, for `specDigest`, and with the true ones by the driver that
/// delivers it. `specDigest` is the same in both, as it is always taken over the symbolic content.
public struct NodeContent: Codable, Sendable, Equatable {
    /// Sorted by path; paths are unique.
    public var files: [NodeFile]
    /// Sorted by path, so that a folder comes before those inside.
    public var folders: [NodeFolder]
    /// Sorted by name.
    public var certificates: [NodeCertificate]
    /// What runs on the node, in the order of starting. Each has a unit file of exactly its unit's name.
    public var services: [NodeService]
    /// SHA-256 in lower-case hex over the desired content with late values symbolic and secrets as a version.
    public var specDigest: String

    /// - Parameter digests: what knows the digest of this machine already, or keeps it.
    /// - Throws: `SlipwayError` (`bug`) when a late value is neither symbolic nor well formed.
    public static func render(_ input: NodeContentInput, digests: NodeDigests = NodeDigests()) throws -> NodeContent {
        var content = try NodeRenderer(input).content()
        content.specDigest =
            input.late.isSymbolic
            ? content.digest(secretsVersion: input.secretsVersion) : try digests.specDigest(of: input)
        return content
    }

    /// The digest that `render` puts into `specDigest`, whatever the late values are.
    public static func specDigest(of input: NodeContentInput) throws -> String {
        try NodeRenderer(input.symbolic).content().digest(secretsVersion: input.secretsVersion)
    }

    public func file(at path: String) -> NodeFile? { files.first { $0.path == path } }
    public func certificate(named name: String) -> NodeCertificate? { certificates.first { $0.name == name } }
}
