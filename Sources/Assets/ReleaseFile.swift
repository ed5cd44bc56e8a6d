public import ClusterModel

/// A file of a publisher's release, in the publisher's own layout.
public struct ReleaseFile: Sendable, Hashable {
    public let publisher: Publisher
    /// Without a leading `v`.
    public let version: String
    /// For people, as `kubelet` or `etcd`.
    public let component: String
    /// Below the publisher's address.
    public let path: String
    /// The file with the publisher's SHA-256 digest, below its address: the bare digest, or lines as sha256sum prints them.
    let checksums: String

    /// For errors, as `kubelet 1.20.2`.
    var title: String { version.isEmpty ? component : "\(component) \(version)" }

    /// Its own name.
    public var name: String { String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]) }

    public static func kubernetes(_ binary: KubernetesBinary, _ version: KubernetesVersion, _ architecture: Architecture) -> ReleaseFile {
        let path = "\(version.tag)/bin/linux/\(architecture.rawValue)/\(binary.rawValue)"
        return ReleaseFile(
            publisher: .kubernetes, version: "\(version)", component: binary.rawValue, path: path, checksums: "\(path).sha256")
    }

    /// All of Kubernetes' own programs.
    public static func kubernetes(_ version: KubernetesVersion, _ architecture: Architecture) -> [ReleaseFile] {
        KubernetesBinary.allCases.map { kubernetes($0, version, architecture) }
    }

    /// What a machine needs beside Kubernetes' own programs when its image has none of it: archives, and runc as a program.
    /// Throws `.usage` for a release that the table does not have.
    public static func companions(of version: KubernetesVersion, _ architecture: Architecture) throws -> [ReleaseFile] {
        let companions = try ReleaseTable.companions(of: version)
        let arch = architecture.rawValue
        func file(_ publisher: Publisher, _ version: String, _ name: String, checksums: String) -> ReleaseFile {
            ReleaseFile(
                publisher: publisher, version: version, component: publisher.rawValue, path: "v\(version)/\(name)",
                checksums: "v\(version)/\(checksums)")
        }
        let etcd = "etcd-v\(companions.etcd)-linux-\(arch).tar.gz"
        let containerd = "containerd-\(companions.containerd)-linux-\(arch).tar.gz"
        let plugins = "cni-plugins-linux-\(arch)-v\(companions.cniPlugins).tgz"
        return [
            file(.etcd, companions.etcd, etcd, checksums: "SHA256SUMS"),
            file(.containerd, companions.containerd, containerd, checksums: "\(containerd).sha256sum"),
            file(.runc, companions.runc, "runc.\(arch)", checksums: "runc.sha256sum"),
            file(.cniPlugins, companions.cniPlugins, plugins, checksums: "\(plugins).sha256"),
        ]
    }

    /// The program in the sandbox's image. No publisher has it as a file; mirrors made by `make assets` do.
    static func pause(_ architecture: Architecture) -> ReleaseFile {
        let path = "slipway/linux/\(architecture.rawValue)/pause"
        return ReleaseFile(publisher: .kubernetes, version: "", component: "pause", path: path, checksums: "\(path).sha256")
    }
}

/// The files of a release that say what is the newest, each with a version as `v1.20.2`.
enum NewestFile {
    /// Of all releases. In a mirror: of those that it has.
    static let ofAll = "stable.txt"

    static func of(minor: (major: Int, minor: Int)) -> String { "stable-\(minor.major).\(minor.minor).txt" }

    static func version(_ text: String) -> KubernetesVersion? { KubernetesVersion(text.trimmingWhitespace()) }
}
