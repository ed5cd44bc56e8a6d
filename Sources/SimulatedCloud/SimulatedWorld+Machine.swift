import Bootstrap
import ClusterModel
import Foundation

extension SimulatedWorld.Machine {
    func text(_ path: String) -> String { files[path]?.text ?? "" }

    /// The release that was installed whole; empty before.
    var binariesVersion: String { text(NodePaths.binariesVersion).trimmingCharacters(in: .whitespacesAndNewlines) }

    /// What the observation script prints.
    func facts(_ cluster: SimulatedEtcd, _ moment: Moment) -> String {
        struct Facts: Encodable {
            var specDigest: String
            var damagedFiles: [String]
            var binaries: String
            var services: [String: String]
            var hasEtcdData: Bool
            var isFormingEtcd: Bool
            var bootID: String
            var certificatesUntil: Int?
            var recoveryKit: String?
            var etcd: Etcd?
        }
        struct Etcd: Encodable {
            var status: [[String: Status]]
            var members: JSONValue
        }
        struct Status: Encodable {
            var header: [String: UInt64]
            var leader: UInt64
        }
        var etcd: Etcd?
        if isHealthy(.etcd, moment), let own = etcdID,
            let members = try? JSONDecoder().decode(JSONValue.self, from: Data(cluster.listing.utf8))
        {
            let leader = cluster.voters.map(\.id).min() ?? 0
            etcd = Etcd(status: [["Status": Status(header: ["member_id": own], leader: leader)]], members: members)
        }
        let facts = Facts(
            specDigest: specDigest ?? "", damagedFiles: damagedFiles.sorted(),
            binaries: binariesVersion,
            services: Dictionary(services.map { ($0.key.unit, status(of: $0.key, moment) ?? $0.value) }, uniquingKeysWith: { $1 }),
            hasEtcdData: hasEtcdData, isFormingEtcd: files[EtcdFormation.path] != nil,
            bootID: "boot-\(boots)", certificatesUntil: certificatesUntil, recoveryKit: recoveryDigest,
            etcd: etcd)
        guard let json = try? JSONEncoder().encode(facts) else { preconditionFailure("facts are encodable") }
        return String(decoding: json, as: UTF8.self) + "\n"
    }

    /// Takes a delivery and gives the paths of what is new or differs.
    mutating func receive(_ archive: [UInt8]) -> [String] {
        var changed: [String] = []
        for (name, bytes) in TarReader.files(archive) where name != ".slipway-folders" {
            let path = "/" + name
            let file = SimulatedFile(bytes, keepsText: [EtcdFormation.path, NodePaths.authorizedKeys].contains(path))
            if files[path] != file { changed.append(path) }
            files[path] = file
            if path.hasPrefix(NodePaths.units + "/"), let service = NodeService.allCases.first(where: { path.hasSuffix("/" + $0.unit) }),
                services[service] == nil
            {
                services[service] = "inactive"
            }
        }
        return changed.sorted()
    }

    mutating func start(_ units: [String], _ etcd: inout SimulatedEtcd, _ moment: Moment) {
        for service in NodeService.allCases where units.contains(service.unit) {
            // The unit of etcd refuses without data and without permission to form.
            if service == .etcd, !hasEtcdData {
                guard files[EtcdFormation.path] != nil, let id = etcd.start(record.name, formation: text(EtcdFormation.path)) else {
                    services[.etcd] = "failed"
                    continue
                }
                hasEtcdData = true
                etcdID = id
            }
            activate(service, moment)
        }
    }

    mutating func stop(_ unit: String) {
        guard let service = NodeService.allCases.first(where: { $0.unit == unit }) else { return }
        services[service] = "inactive"
    }

    /// What the script prints that asks for certificates: those of which every file is here.
    func certificates(_ script: String) -> String {
        var answer = ""
        for block in script.components(separatedBy: "if [ -s ").dropFirst() {
            let lines = block.split(separator: "\n").map(String.init)
            let quote = CharacterSet(charactersIn: "'")
            guard let inUse = lines.first?.split(separator: " ").first.map({ String($0).trimmingCharacters(in: quote) }),
                let name = lines.first(where: { $0.hasPrefix("echo ") }).map({ $0.dropFirst(5).trimmingCharacters(in: ["\""]) }),
                let sums = lines.first(where: { $0.hasPrefix("sha256sum ") }), files[inUse] != nil
            else { continue }
            let paths = sums.split(separator: " ").map { String($0).trimmingCharacters(in: quote) }.filter { $0.hasPrefix("/") }
            answer += name + "\n"
            for path in paths where path != "/dev/null" { answer += files[path].map { "\($0.sha256)  \(path)\n" } ?? "" }
            answer += text(inUse)
        }
        return answer
    }
}

extension SimulatedWorld.Contents {
    /// Whether a packet to a pod bridge arrives.
    func reaches(_ address: IPv4Address, of cluster: ClusterIdentity, _ moment: Moment) -> Bool {
        guard let network = networks[cluster.uid], network.isUp,
            let route = network.routes.first(where: { IPv4CIDR($0.key)?.contains(address) == true }), let machine = machines[route.value]
        else { return false }
        return machine.record.status == .running && machine.isHealthy(.podBridge, moment)
    }
}

/// Reads tar archives, as far as deliveries go.
enum TarReader {
    static func files(_ archive: [UInt8]) -> [(name: String, bytes: [UInt8])] {
        var found: [(name: String, bytes: [UInt8])] = []
        var offset = 0
        while offset + 512 <= archive.count, archive[offset] != 0 {
            func field(_ start: Int, _ length: Int) -> String {
                String(decoding: archive[offset + start..<offset + start + length].prefix { $0 != 0 && $0 != 0x20 }, as: UTF8.self)
            }
            let size = Int(field(124, 12), radix: 8) ?? 0
            found.append((field(0, 100), Array(archive[offset + 512..<offset + 512 + size])))
            offset += 512 + (size + 511) / 512 * 512
        }
        return found
    }
}
