import Crypto
import Foundation

/// The publishers' releases on one loopback server, each in its own layout below a folder of its name: small files that only
/// look like what they are called, with true checksums.
public struct ReleaseServer: Sendable {
    /// Path to content. ETags are made of the content.
    public private(set) var files: [String: [UInt8]] = [:]

    public init() {}

    public static func digest(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined() }

    /// Of a size and content that depend on the name.
    public static func content(_ name: String, size: Int = 300_000) -> [UInt8] {
        let seed = Array(SHA256.hash(data: Array(name.utf8)))
        return (0..<size + Int(seed[0])).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) ^ seed[$0 % 32] }
    }

    /// Kubernetes, as dl.k8s.io/release has it.
    public mutating func addKubernetes(_ version: String, architectures: [String] = ["amd64", "arm64"], size: Int = 300_000) {
        for architecture in architectures {
            for name in ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy"] {
                let path = "/kubernetes/v\(version)/bin/linux/\(architecture)/\(name)"
                files[path] = Self.content(path, size: size)
                files["\(path).sha256"] = Array(Self.digest(files[path] ?? []).utf8)
            }
        }
        let minor = version.split(separator: ".").prefix(2).joined(separator: ".")
        files["/kubernetes/stable-\(minor).txt"] = Array("v\(version)".utf8)
        files["/kubernetes/stable.txt"] = Array("v1.99.0".utf8)
    }

    /// The others, as their releases on GitHub are.
    public mutating func addCompanions(etcd: String, containerd: String, runc: String, plugins: String) {
        func add(_ folder: String, _ names: [String], sums: (String) -> String, star: String = " ") {
            var lines: [String: String] = [:]
            for name in names {
                let content = Self.content(name)
                files["\(folder)/\(name)"] = content
                lines[sums(name), default: ""] += "\(Self.digest(content)) \(star)\(name)\n"
            }
            for (name, text) in lines { files["\(folder)/\(name)"] = Array(text.utf8) }
        }
        let both = ["amd64", "arm64"]
        add("/etcd/v\(etcd)", both.map { "etcd-v\(etcd)-linux-\($0).tar.gz" }, sums: { _ in "SHA256SUMS" })
        add(
            "/containerd/v\(containerd)", both.map { "containerd-\(containerd)-linux-\($0).tar.gz" }, sums: { "\($0).sha256sum" })
        add("/runc/v\(runc)", both.map { "runc.\($0)" } + ["runc.ppc64le"], sums: { _ in "runc.sha256sum" }, star: "*")
        add("/cni-plugins/v\(plugins)", both.map { "cni-plugins-linux-\($0)-v\(plugins).tgz" }, sums: { "\($0).sha256" })
    }

    /// The image `pause` as a registry has it: an index, a manifest for each architecture, their parts by digest.
    public mutating func addPause(_ tag: String) {
        var entries: [String] = []
        for architecture in ["amd64", "arm64"] {
            let config = add(blob: Array("{\"architecture\":\"\(architecture)\",\"os\":\"linux\"}".utf8))
            let layer = add(blob: Self.content("pause \(architecture)", size: 2000))
            let manifest = Array(
                """
                {"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
                "config": {"digest": "sha256:\(config)", "size": 1}, "layers": [{"digest": "sha256:\(layer)", "size": 1}]}
                """.utf8)
            files["/registry/v2/pause/manifests/sha256:\(Self.digest(manifest))"] = manifest
            entries.append(
                """
                {"digest": "sha256:\(Self.digest(manifest))", "platform": {"architecture": "\(architecture)", "os": "linux"}}
                """)
        }
        files["/registry/v2/pause/manifests/\(tag)"] = Array(
            "{\"schemaVersion\": 2, \"manifests\": [\(entries.joined(separator: ", "))]}".utf8)
    }

    private mutating func add(blob: [UInt8]) -> String {
        files["/registry/v2/pause/blobs/sha256:\(Self.digest(blob))"] = blob
        return Self.digest(blob)
    }

    /// What the server answers when it is well.
    public func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Answer {
        guard let body = files[request.path] else { return .missing }
        return .file(body, tag: "\"\(Self.digest(body).prefix(12))\"", to: request)
    }

    /// The variables that put a server in the place of all publishers.
    public static func environment(_ url: String) -> [String: String] {
        [
            "SLIPWAY_RELEASE_URL": "\(url)/kubernetes", "SLIPWAY_ETCD_URL": "\(url)/etcd", "SLIPWAY_CONTAINERD_URL": "\(url)/containerd",
            "SLIPWAY_RUNC_URL": "\(url)/runc", "SLIPWAY_CNI_PLUGINS_URL": "\(url)/cni-plugins", "SLIPWAY_REGISTRY_URL": "\(url)/registry",
        ]
    }
}
