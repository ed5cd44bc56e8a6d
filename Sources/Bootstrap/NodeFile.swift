public import ClusterModel

/// One file of a node.
public struct NodeFile: Codable, Sendable, Equatable {
    /// Whether a file is the same on all machines of a pool.
    public enum Part: String, Codable, Sendable {
        case pool, machine
    }

    public var path: String
    public var mode: UInt16
    /// User and group.
    public var owner: String
    public var content: FileContent
    /// What has to happen when it changed.
    public var effect: Effect
    public var part: Part
    /// False for what is written for the first boot only and for what the node itself rewrites: in no digest.
    public var inDigest: Bool

    public init(
        _ path: String, mode: UInt16, owner: String = "root", content: FileContent, effect: Effect, part: Part, inDigest: Bool = true
    ) {
        self.path = path
        self.mode = mode
        self.owner = owner
        self.content = content
        self.effect = effect
        self.part = part
        self.inDigest = inDigest
    }
}

/// What is in a file. Secrets are referred to; only the driver that delivers the file sees their bytes.
public enum FileContent: Codable, Sendable, Equatable {
    case text(String)
    case secret(SecretReference)
    /// Text in which each placeholder is replaced by a secret's own text.
    case template(String, placeholders: [String: SecretReference])
    /// PEM of the certificate that was issued for the request of this name.
    case certificate(String)
    /// PEM of its private key.
    case key(String)
    /// PEM of both, certificate first.
    case certificateWithKey(String)
}

/// What has to happen on a node when a file changed. Unit files need `systemctl daemon-reload` besides.
public enum Effect: Codable, Sendable, Equatable {
    case nothing
    case reload([NodeService])
    case restart([NodeService])
    /// Apiserver, controller manager and scheduler start again, one machine after the other.
    case restartControlPlane
    /// The machine cannot be changed so: it is to be replaced.
    case replace
}

/// A folder whose mode matters. All others on the way to a file are made with mode 755.
public struct NodeFolder: Codable, Sendable, Equatable {
    public var path: String
    public var mode: UInt16

    public init(_ path: String, mode: UInt16) {
        self.path = path
        self.mode = mode
    }
}
