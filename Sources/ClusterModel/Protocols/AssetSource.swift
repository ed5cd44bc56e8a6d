/// Where Kubernetes' binaries come from: the official releases, or a mirror of their layout.
public protocol AssetSource: Sendable {
    /// As the user named it.
    var name: String { get }
    /// The newest release that the source has (`stable.txt`); of the official ones, the newest of the newest supported minor.
    func newestVersion() async throws -> KubernetesVersion
    /// A file of this machine that holds the binary, checked against the source's checksum.
    /// Throws `.unreachable` when the source cannot be asked or lacks it, `.failed` when the checksum does not match.
    func binary(_ binary: KubernetesBinary, version: KubernetesVersion) async throws -> AssetFile
    /// A `docker save`-style archive with the pod sandbox's image that goes with the release, named `name`.
    func pauseImage(named name: String, for version: KubernetesVersion) async throws -> AssetFile
}

public enum KubernetesBinary: String, Codable, Sendable, CaseIterable {
    case apiserver = "kube-apiserver"
    case controllerManager = "kube-controller-manager"
    case scheduler = "kube-scheduler"
    case kubelet
    case proxy = "kube-proxy"
}

public struct AssetFile: Sendable, Equatable {
    public var path: String
    /// Lower-case hexadecimal digits.
    public var sha256: String
    /// In bytes.
    public var size: Int

    public init(path: String, sha256: String, size: Int) {
        self.path = path
        self.sha256 = sha256
        self.size = size
    }
}
