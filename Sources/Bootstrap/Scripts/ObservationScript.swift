public import ClusterModel
import Foundation
import Templates

/// Reads what a machine says of itself, in one quick round trip.
public enum ObservationScript {
    /// Prints one JSON document; exits with 0 also on a machine that has nothing installed.
    public static let text =
        "set -- \(ShellQuoting.words(NodeService.allCases.map(\.unit)))\nETCDCTL=\(ShellQuoting.word(Etcdctl.observing))\n"
        + NodeTemplates.observeScript

    /// The facts in what the script printed.
    /// - Throws: `SlipwayError` when it printed something else.
    public static func facts(from output: String) throws -> HostFacts {
        let printed: Printed
        do {
            printed = try JSONDecoder().decode(Printed.self, from: Data(output.utf8))
        } catch {
            throw SlipwayError(
                .failed, doing: "reading what the machine says of itself", cause: "its answer cannot be read",
                log: output.split(separator: "\n").prefix(5).map(String.init))
        }
        var services: [NodeService: String] = [:]
        for (unit, state) in printed.services {
            if let service = NodeService.allCases.first(where: { $0.unit == unit }) { services[service] = state }
        }
        return HostFacts(
            specDigest: printed.specDigest.isEmpty ? nil : printed.specDigest, damagedFiles: printed.damagedFiles.sorted(),
            binaries: KubernetesVersion(printed.binaries), services: services, hasEtcdData: printed.hasEtcdData,
            isFormingEtcd: printed.isFormingEtcd ?? false, bootID: printed.bootID,
            certificatesUntil: printed.certificatesUntil, etcd: printed.etcd.flatMap(EtcdFacts.init),
            recoveryKit: printed.recoveryKit.flatMap { $0.isEmpty ? nil : $0 })
    }

    /// The members that `Etcdctl.membersScript` printed, sorted by id.
    /// - Throws: `SlipwayError` when it printed something else.
    public static func etcdMembers(from output: String) throws -> [EtcdFacts.Member] {
        do {
            return try JSONDecoder().decode(PrintedEtcd.Members.self, from: Data(output.utf8)).facts
        } catch {
            throw SlipwayError(
                .failed, doing: "listing etcd's members", cause: "etcdctl's answer cannot be read", log: [String(output.prefix(200))])
        }
    }

    private struct Printed: Decodable {
        var specDigest: String
        var damagedFiles: [String]
        var binaries: String
        var services: [String: String]
        var hasEtcdData: Bool
        var isFormingEtcd: Bool?
        var bootID: String
        var certificatesUntil: Int?
        var recoveryKit: String?
        var etcd: PrintedEtcd?
    }
}

/// What `etcdctl endpoint status` and `member list` print as JSON, as far as it matters.
private struct PrintedEtcd: Decodable {
    struct Endpoint: Decodable {
        var Status: Status
    }
    struct Status: Decodable {
        var header: Header
        var leader: UInt64?
        var errors: [String]?
    }
    struct Header: Decodable {
        var member_id: UInt64
    }
    struct Members: Decodable {
        var members: [Member]

        var facts: [EtcdFacts.Member] {
            members.map {
                EtcdFacts.Member(id: $0.ID, name: $0.name ?? "", peerURLs: $0.peerURLs ?? [], isLearner: $0.isLearner ?? false)
            }.sorted { $0.id < $1.id }
        }
    }
    struct Member: Decodable {
        var ID: UInt64
        var name: String?
        var peerURLs: [String]?
        var isLearner: Bool?
    }

    var status: [Endpoint]?
    var members: Members?
}

extension EtcdFacts {
    /// Nil when the member said nothing of itself.
    fileprivate init?(_ printed: PrintedEtcd) {
        guard let status = printed.status?.first?.Status else { return nil }
        self.init(
            id: status.header.member_id, leader: status.leader.flatMap { $0 == 0 ? nil : $0 },
            members: printed.members?.facts ?? [], errors: status.errors ?? [])
    }
}
