public import ClusterModel

/// The first start of an etcd member: of the initial members together, the only one with a new cluster state, or of one
/// that joins later.
///
/// The unit of a member refuses to start without data unless this file is there. The etcd driver writes it on each of the
/// initial members, starts them, waits until all are healthy and removes it everywhere before the cluster is marked as
/// initialised; from then on nothing on a host can start an etcd with a new cluster state.
public enum EtcdFormation {
    public static let path = "/etc/slipway/etcd-formation.env"

    /// One initial member.
    public struct Member: Codable, Sendable, Equatable {
        public var name: String
        public var address: IPv4Address

        public init(name: String, address: IPv4Address) {
            self.name = name
            self.address = address
        }
    }

    /// The formation file of a new cluster, the same on every member.
    public static func environment(token: String, members: [Member]) -> NodeFile {
        file(state: "new", token: token, members: members)
    }

    /// The file with which one more member joins a cluster that is there: it names all of its members and the new one.
    public static func joining(token: String, members: [Member]) -> NodeFile {
        file(state: "existing", token: token, members: members)
    }

    private static func file(state: String, token: String, members: [Member]) -> NodeFile {
        let cluster = members.sorted { $0.name < $1.name }.map { "\($0.name)=\(peerURL($0.address.description))" }.joined(separator: ",")
        let text = """
            ETCD_INITIAL_CLUSTER=\(ShellQuoting.word(cluster))
            ETCD_INITIAL_CLUSTER_TOKEN=\(ShellQuoting.word(token))
            ETCD_INITIAL_CLUSTER_STATE=\(state)

            """
        return NodeFile(path, mode: 0o600, owner: "etcd", content: .text(text), effect: .nothing, part: .machine, inDigest: false)
    }

    /// Removes what an earlier formation that broke off left behind: allowed between the two marks only. Stops etcd first.
    public static let wipeScript = """
        set -eu
        systemctl stop \(NodeService.etcd.unit) 2>/dev/null || true
        rm -rf \(NodePaths.etcdData)/member \(path)

        """

    /// Ends the formation on a member: from here on its etcd starts with the data it has, or not at all.
    public static let finishScript = "rm -f \(path)\n"

    public static func peerURL(_ address: String) -> String { "https://\(address):\(NodePorts.etcdPeer)" }
}

/// etcdctl as root calls it on a master.
public enum Etcdctl {
    /// The command with everything it needs to reach the member of the same machine, without a subcommand.
    public static let command = """
        ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:\(NodePorts.etcdClient) \
        --cacert=\(NodePaths.authority(.etcd)) --cert=\(NodePaths.etcdClientCertificate).crt \
        --key=\(NodePaths.etcdClientCertificate).key
        """

    /// Exits with 0 when this member is healthy: it serves reads that need a quorum.
    public static let healthScript = "\(command) --command-timeout=5s endpoint health\n"
    public static let membersScript = "\(command) --command-timeout=5s --write-out=json member list\n"
    /// A new member without a vote.
    public static func addLearner(_ name: String, peerURL: String) -> String {
        "\(command) --command-timeout=10s member add \(ShellQuoting.word(name)) --learner --peer-urls=\(peerURL)\n"
    }
    public static func promote(_ id: UInt64) -> String { "\(command) --command-timeout=10s member promote \(hex(id))\n" }
    public static func remove(_ id: UInt64) -> String { "\(command) --command-timeout=10s member remove \(hex(id))\n" }
    /// To be run on the leader itself.
    public static func moveLeader(to id: UInt64) -> String { "\(command) --command-timeout=10s move-leader \(hex(id))\n" }
    /// Exits with 0 when the member of this machine runs and answers, with a vote or without.
    public static let runsScript = "\(command) --command-timeout=5s endpoint status >/dev/null\n"

    private static func hex(_ id: UInt64) -> String { String(id, radix: 16) }

    /// For observation: answers soon or not at all, in JSON.
    static let observing = "\(command) --command-timeout=3s --write-out=json"
}
