/// One thing that a security group lets through. What no rule names is dropped.
public struct SecurityRule: Sendable, Hashable {
    public enum Direction: String, Sendable, Hashable {
        case ingress, egress
    }

    /// Who is on the other side.
    public enum Peer: Sendable, Hashable {
        case range(IPv4CIDR)
        case group(MachineRole)

        public var words: String {
            switch self {
            case .range(let range): "\(range)"
            case .group(let role): role.groupName
            }
        }
    }

    /// The machines it is for.
    public var group: MachineRole
    public var direction: Direction
    /// As EC2 has it: `tcp`, `udp`, `icmp`, or `-1` for all.
    public var ipProtocol: String
    /// Nil where the protocol has none, or all of them are meant.
    public var port: Int?
    public var peer: Peer
    /// Why it is there.
    public var purpose: String

    /// Every description of a rule begins with it: rules of others in our groups are left alone.
    public static let mark = "slipway: "

    /// Of the rule that a group has from the start.
    public static let egressPurpose = "to anywhere"

    public init(group: MachineRole, direction: Direction, ipProtocol: String, port: Int?, peer: Peer, purpose: String) {
        self.group = group
        self.direction = direction
        self.ipProtocol = ipProtocol
        self.port = port
        self.peer = peer
        self.purpose = purpose
    }

    /// Its name among the parts of a network.
    public var part: String {
        let what = ipProtocol == "-1" ? "all" : [ipProtocol, port.map { "\($0)" }].compactMap { $0 }.joined(separator: " ")
        return "rule \(group.groupName): \(what) \(direction == .ingress ? "from" : "to") \(peer.words)"
    }

    private static func allow(
        _ group: MachineRole, _ ipProtocol: String, _ port: Int? = nil, from peer: Peer, _ purpose: String
    ) -> SecurityRule {
        SecurityRule(group: group, direction: .ingress, ipProtocol: ipProtocol, port: port, peer: peer, purpose: purpose)
    }

    /// Those of a cluster. Each is needed by something that a test does.
    static func all(_ spec: ClusterSpec, vpcCIDR: IPv4CIDR) -> [SecurityRule] {
        let pods = Peer.range(spec.network.podCIDR)
        let api = NodePorts.api
        var rules: [SecurityRule] = []
        let hasBastion = spec.hasBastion
        for role in MachineRole.ofNodes + (hasBastion ? [.bastion] : []) {
            if hasBastion, role.isOfNodes {
                rules.append(allow(role, "tcp", 22, from: .group(.bastion), "SSH through the bastion"))
            } else {
                rules += spec.access.ssh.map { allow(role, "tcp", 22, from: .range($0), "SSH") }
            }
            rules.append(
                SecurityRule(
                    group: role, direction: .egress, ipProtocol: "-1", port: nil, peer: .range(.everywhere), purpose: egressPurpose)
            )
        }
        rules += spec.access.api.map { allow(.controlPlane, "tcp", api, from: .range($0), "API") }
        rules += [
            // A balancer keeps its clients' addresses; its health checks come from its own, in the VPC.
            allow(.controlPlane, "tcp", api, from: .range(vpcCIDR), "API for machines, and health checks"),
            allow(.controlPlane, "tcp", api, from: pods, "API for pods"),
            allow(.controlPlane, "tcp", NodePorts.etcdClient, from: .group(.controlPlane), "etcd's clients"),
            allow(.controlPlane, "tcp", NodePorts.etcdPeer, from: .group(.controlPlane), "etcd's members"),
            allow(.controlPlane, "tcp", NodePorts.kubelet, from: .group(.controlPlane), "kubelets"),
            allow(.controlPlane, "icmp", from: .group(.controlPlane), "reachability of pod ranges"),
            allow(.worker, "-1", from: .group(.controlPlane), "kubelets, webhooks and proxied pods"),
            allow(.worker, "-1", from: .group(.worker), "services by node port, and nodes among themselves"),
            allow(.worker, "-1", from: pods, "pods among themselves"),
        ]
        // A range that stands twice is one rule.
        var seen: Set<String> = []
        return rules.filter { seen.insert($0.part).inserted }
    }
}
