import Foundation
import Glibc

/// Everything that a run which changes nothing leaves as it was: taken before and after, it must be equal.
struct Stillness: Sendable {
    /// By what it is of.
    private var facts: [String: String] = [:]
    /// Where the API server's audit log ended.
    private var auditEnd = 0
    private let standing: Standing
    private let auditLog: String

    init(_ standing: Standing) async throws {
        self.standing = standing
        let host = try await HostMachines(Standing.name, of: standing.store)
        let cloud = host.folder(in: standing.bench)
        auditLog = "\(cloud)/machines/\(try standing.control.name)/root/upper/var/log/kubernetes/audit.log"
        // Who holds the lock is written beside the state; that is no part of it.
        for path in Self.files(under: standing.store.path) where !path.hasSuffix("/lock") && !path.hasSuffix("/lock.owner") {
            facts[path] = try Self.fingerprint(path)
        }
        for path in Self.files(under: cloud, below: 3) where path.hasSuffix(".json") { facts[path] = try Self.fingerprint(path) }
        for path in [standing.bench.keyFile] { facts[path] = try Self.fingerprint(path) }
        for machine in standing.machines {
            facts["services of \(machine.name)"] = try await standing.on(machine, Self.services)
            facts["files of \(machine.name)"] = try await standing.on(machine, Self.deliveredFiles)
            facts["process 1 of \(machine.name)"] = host.leaders()[machine.name].map { "\($0)" }
        }
        auditEnd = try Data(contentsOf: URL(filePath: auditLog)).count
    }

    func differences(from earlier: Stillness) -> [String] {
        Set(facts.keys).union(earlier.facts.keys).sorted().filter { facts[$0] != earlier.facts[$0] }.map {
            "\($0): was \(earlier.facts[$0] ?? "absent"), is \(facts[$0] ?? "absent")"
        }
    }

    /// When each service came up, how often it was restarted, and as which process it runs.
    private static let services = """
        for unit in etcd kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy containerd \
            slipway-api-address slipway-pod-bridge ssh; do
            systemctl show "$unit" --property=Id,NRestarts,ActiveState,ActiveEnterTimestampMonotonic,MainPID
        done
        """

    /// Times are those of the last change of content or mode.
    private static let deliveredFiles = """
        find /etc/slipway /etc/kubernetes /opt/slipway /etc/systemd/system -type f -exec stat --format '%n %i %s %Z %a' {} + | sort
        """

    // MARK: The API server's own account

    struct Request: Decodable, CustomStringConvertible {
        struct User: Decodable { var username: String }
        var verb: String
        var user: User
        var requestURI: String

        var isWrite: Bool { !["get", "list", "watch"].contains(verb) }
        var description: String { "\(user.username) \(verb) \(requestURI)" }
    }

    /// What Slipway and its admin asked of the API since then.
    func requests(since earlier: Stillness) throws -> [Request] {
        try Self.requests(Data(contentsOf: URL(filePath: auditLog)).dropFirst(earlier.auditEnd))
    }

    func allRequests() throws -> [Request] { try Self.requests(Data(contentsOf: URL(filePath: auditLog))) }

    private static func requests(_ log: Data) throws -> [Request] {
        try log.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Request.self, from: Data($0)) }
            .filter { $0.user.username == "slipway-admin" }
    }

    // MARK: Files of the host

    private static func files(under folder: String, below depth: Int = .max) -> [String] {
        guard depth > 0 else { return [] }
        return HostMachines.names(in: folder).flatMap { name -> [String] in
            let path = "\(folder)/\(name)"
            var found = stat()
            guard lstat(path, &found) == 0 else { return [] }
            return found.st_mode & S_IFMT == S_IFDIR ? files(under: path, below: depth - 1) : [path]
        }
    }

    /// A file's number, size, time of its last change, and content.
    private static func fingerprint(_ path: String) throws -> String {
        var found = stat()
        try check(lstat(path, &found) == 0, "\(path) cannot be looked at")
        let content = try Data(contentsOf: URL(filePath: path))
        // Every session begins with a journal of its own: an empty one is as good as another.
        if path.hasSuffix("/journal.jsonl") { return "\(content.count) \(content.hashValue)" }
        return "\(found.st_ino) \(found.st_size) \(found.st_mtim.tv_sec).\(found.st_mtim.tv_nsec) \(content.hashValue)"
    }
}
