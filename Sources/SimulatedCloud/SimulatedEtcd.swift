import Bootstrap
import ClusterModel
import Foundation

/// The members of a cluster's etcd, as etcd itself counts them: at the level of what Slipway asks of them.
public struct SimulatedEtcd: Codable, Sendable, Equatable {
    public struct Member: Codable, Sendable, Equatable {
        public var id: UInt64
        /// Empty until it has started.
        public var name: String
        public var url: String
        public var isLearner: Bool
    }

    public private(set) var members: [Member] = []
    private var lastID: UInt64 = 0

    public init() {}

    public var voters: [Member] { members.filter { !$0.isLearner } }

    func member(_ id: UInt64?) -> Member? { members.first { $0.id == id } }

    /// The first start of a member, with the formation file that it has. Nil when etcd would refuse it.
    mutating func start(_ name: String, formation text: String) -> UInt64? {
        let fields = Dictionary(
            text.split(separator: "\n").compactMap { line -> (String, String)? in
                let name = line.prefix { $0 != "=" }
                return (String(name), line.dropFirst(name.count + 1).trimmingCharacters(in: ["'"]))
            }, uniquingKeysWith: { $1 })
        let listed = (fields["ETCD_INITIAL_CLUSTER"] ?? "").split(separator: ",").compactMap { entry -> (name: String, url: String)? in
            let name = entry.prefix { $0 != "=" }
            return (String(name), String(entry.dropFirst(name.count + 1)))
        }
        if fields["ETCD_INITIAL_CLUSTER_STATE"] == "new", members.isEmpty {
            for entry in listed { _ = add(name: entry.name, url: entry.url, isLearner: false) }
        }
        // A list that is not the cluster's own is refused.
        guard Set(listed.map(\.url)) == Set(members.map(\.url)), let own = listed.first(where: { $0.name == name }),
            let index = members.firstIndex(where: { $0.url == own.url })
        else { return nil }
        members[index].name = name
        return members[index].id
    }

    /// A member that was there before the world was looked at.
    mutating func adopt(_ name: String, url: String) -> UInt64 { add(name: name, url: url, isLearner: false).id }

    /// Nobody has data any more: whatever forms next is another cluster.
    mutating func forget() { members = [] }

    private mutating func add(name: String, url: String, isLearner: Bool) -> Member {
        lastID += 1
        let member = Member(id: lastID, name: name, url: url, isLearner: isLearner)
        members.append(member)
        return member
    }

    // MARK: etcdctl

    /// What `etcdctl member ...` answers, with a majority.
    mutating func answer(_ words: [String]) -> HostResult {
        switch words.prefix(1) {
        case ["list"]: return SimulatedEtcd.said(listing)
        case ["add"]:
            let url = words.first { $0.hasPrefix("--peer-urls=") }.map { String($0.dropFirst(12)) } ?? ""
            guard !members.contains(where: { $0.url == url }) else { return SimulatedEtcd.refused("Peer URLs already exists") }
            guard !members.contains(where: \.isLearner) else { return SimulatedEtcd.refused("too many learner members in cluster") }
            _ = add(name: "", url: url, isLearner: true)
            return SimulatedEtcd.said("")
        case ["promote"]:
            guard let index = index(words), members[index].isLearner else {
                return SimulatedEtcd.refused("can only promote a learner member")
            }
            guard !members[index].name.isEmpty else {
                return SimulatedEtcd.refused("can only promote a learner member which is in sync with leader")
            }
            members[index].isLearner = false
            return SimulatedEtcd.said("")
        case ["remove"]:
            guard let index = index(words) else { return SimulatedEtcd.refused("member not found") }
            members.remove(at: index)
            return SimulatedEtcd.said("")
        default: return SimulatedEtcd.refused("unknown command")
        }
    }

    private func index(_ words: [String]) -> Int? {
        words.dropFirst().first.flatMap { UInt64($0, radix: 16) }.flatMap { id in members.firstIndex { $0.id == id } }
    }

    /// As `member list` prints it in JSON.
    var listing: String {
        struct Listed: Encodable {
            var ID: UInt64
            var name: String
            var peerURLs: [String]
            var isLearner: Bool
        }
        let listed = members.map { Listed(ID: $0.id, name: $0.name, peerURLs: [$0.url], isLearner: $0.isLearner) }
        guard let json = try? JSONEncoder().encode(["members": listed]) else { preconditionFailure("members are encodable") }
        return String(decoding: json, as: UTF8.self)
    }

    private static func said(_ text: String) -> HostResult { HostResult(exitStatus: 0, output: Array(text.utf8), errorOutput: []) }
    private static func refused(_ why: String) -> HostResult {
        HostResult(exitStatus: 1, output: [], errorOutput: Array("Error: etcdserver: \(why)\n".utf8))
    }
}

extension SimulatedWorld.Contents {
    /// Whether the voters that are healthy are a majority.
    func hasQuorum(_ cluster: ClusterIdentity, _ moment: Moment) -> Bool {
        guard let etcd = networks[cluster.uid]?.etcd, !etcd.voters.isEmpty else { return false }
        let healthy = masters(cluster).filter { $0.record.status == .running && $0.isHealthy(.etcd, moment) }
        let ids = Set(healthy.compactMap(\.etcdID))
        return etcd.voters.count { ids.contains($0.id) } * 2 > etcd.voters.count
    }
}
