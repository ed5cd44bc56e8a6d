import Foundation

/// The API server's account of what was asked of it, as it is on the only master's disk.
struct AuditLog: Sendable {
    struct Entry: Decodable, CustomStringConvertible {
        struct User: Decodable {
            var username: String
            var groups: [String]?
        }
        struct Object: Decodable {
            var resource: String?
            var subresource: String?
            var name: String?
        }
        struct Body: Decodable {}

        var level: String
        var verb: String
        var user: User
        var requestURI: String
        var objectRef: Object?
        var requestObject: Body?
        var responseObject: Body?

        var hasBody: Bool { requestObject != nil || responseObject != nil }
        var isNodes: Bool { user.groups?.contains("system:nodes") == true }
        var description: String { "\(level) \(user.username) \(verb) \(requestURI)" }
    }

    var text: Data
    var entries: [Entry]

    init(_ standing: Standing) async throws {
        let folder = try await HostMachines(Standing.name, of: standing.store).folder(in: standing.bench)
        let path = "\(folder)/machines/\(try standing.control.name)/root/upper/var/log/kubernetes/audit.log"
        text = try Data(contentsOf: URL(filePath: path))
        entries = try text.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Entry.self, from: Data($0)) }
    }

    /// What the cluster's parts do all the time, and nobody would read.
    var noise: [Entry] {
        entries.filter { entry in
            let resource = entry.objectRef?.resource
            return entry.requestURI.contains(/^\/(healthz|livez|readyz)/) || resource == "events"
                || entry.isNodes
                    && (resource == "leases" && entry.verb != "create" || entry.objectRef?.subresource == "status" && resource == "nodes")
                || entry.user.username.hasPrefix("system:kube-") && resource == "leases" && ["get", "update"].contains(entry.verb)
        }
    }
}
