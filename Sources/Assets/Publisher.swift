/// Who publishes the programs of a node.
public enum Publisher: String, Codable, Sendable, CaseIterable {
    case kubernetes, etcd, containerd, runc
    case cniPlugins = "cni-plugins"
    /// Serves the pod sandbox's image, which is published as an image only.
    case registry

    /// Where it publishes. Each has its own layout below that (`ReleaseFile`); the registry's is the OCI distribution API.
    var official: String {
        switch self {
        case .kubernetes: "https://dl.k8s.io/release"
        case .etcd: "https://github.com/etcd-io/etcd/releases/download"
        case .containerd: "https://github.com/containerd/containerd/releases/download"
        case .runc: "https://github.com/opencontainers/runc/releases/download"
        case .cniPlugins: "https://github.com/containernetworking/plugins/releases/download"
        case .registry: "https://registry.k8s.io"
        }
    }

    /// The variable that puts another address with the same layout in the place of the publisher's.
    public var variable: String {
        switch self {
        case .kubernetes: "SLIPWAY_RELEASE_URL"
        case .etcd: "SLIPWAY_ETCD_URL"
        case .containerd: "SLIPWAY_CONTAINERD_URL"
        case .runc: "SLIPWAY_RUNC_URL"
        case .cniPlugins: "SLIPWAY_CNI_PLUGINS_URL"
        case .registry: "SLIPWAY_REGISTRY_URL"
        }
    }
}

/// Where each publisher's files are: its own address, or that of a mirror. Without a slash at the end.
struct Addresses: Sendable, Equatable {
    private var bases: [Publisher: String] = [:]

    subscript(publisher: Publisher) -> String { bases[publisher] ?? publisher.official }

    /// The publishers' own, but for those that a variable replaces.
    /// Throws `.usage` for a variable that is no http or https URL.
    static func official(environment: [String: String]) throws -> Addresses {
        var addresses = Addresses()
        for publisher in Publisher.allCases {
            guard let text = environment[publisher.variable], !text.isEmpty else { continue }
            addresses.bases[publisher] = try AssetSources.url(text, named: publisher.variable)
        }
        return addresses
    }

    /// A mirror: Kubernetes' release at its root, as `make assets` makes it, and the others' in folders of their names.
    static func mirror(_ root: String) -> Addresses {
        var addresses = Addresses()
        for publisher in Publisher.allCases {
            addresses.bases[publisher] = publisher == .kubernetes ? root : "\(root)/\(publisher.rawValue)"
        }
        return addresses
    }
}
