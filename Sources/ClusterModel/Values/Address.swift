/// The name of anything that a plan can act on, as `machine/demo-nodes-a-3`.
public struct Address: Hashable, Sendable, Comparable {
    public enum Kind: String, Codable, Sendable, CaseIterable, Comparable {
        case cluster, network, machine, host, route, etcd, service, node, pod, manifests, secrets, state, kubeconfig

        public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    public let kind: Kind
    public let name: String

    public init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    public static func < (left: Self, right: Self) -> Bool { (left.kind, left.name) < (right.kind, right.name) }
}

extension Address: TextCodable {
    public init?(text: String) {
        let parts = text.split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let kind = Kind(rawValue: String(parts[0])) else { return nil }
        self.init(kind, String(parts[1]))
    }

    public var description: String { "\(kind.rawValue)/\(name)" }
}
