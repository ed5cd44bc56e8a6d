import ClusterModel

/// Where things are in the official release and in every mirror of it, relative to its root.
enum AssetLayout {
    static let platform = "linux/amd64"
    /// Holds the newest version, as `v1.20.2`.
    static let newest = "stable.txt"
    /// Not part of the official release; mirrors made by `make assets` have it.
    static let pause = "slipway/\(platform)/pause"

    static func binary(_ binary: KubernetesBinary, version: KubernetesVersion) -> String {
        "\(version.tag)/bin/\(platform)/\(binary.rawValue)"
    }

    /// The file beside a binary that holds its bare SHA-256 digest.
    static func digest(of path: String) -> String { "\(path).sha256" }

    static func version(_ text: String) -> KubernetesVersion? { KubernetesVersion(text.trimmingWhitespace()) }
}
