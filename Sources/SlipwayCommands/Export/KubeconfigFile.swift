import ClusterModel
import Foundation
import Operations
import PKI

/// The user's kubeconfig: the first file of `$KUBECONFIG`, or `~/.kube/config`.
struct KubeconfigFile: Sendable {
    let path: String

    init(path: String) { self.path = path }

    init(environment: [String: String]) {
        if let first = environment["KUBECONFIG"]?.split(separator: ":").first {
            path = String(first)
        } else {
            path = (environment["HOME"] ?? NSHomeDirectory()) + "/.kube/config"
        }
    }

    static var current: KubeconfigFile { KubeconfigFile(environment: Surroundings.current.environment) }

    /// Adds the cluster with a fresh certificate, or brings it up to date, and makes it the current context.
    func export(_ cluster: String, ttl: Duration, context: OperationContext, console: Console) async throws {
        let entry = try await AdminAccess(context).kubeconfig(cluster, ttl: ttl)
        let name = try await add(entry)
        console.say("kubectl context \(name) in \(path), valid for \(Seconds(Int(ttl / .seconds(1))))")
    }

    /// The name of the cluster's context.
    func add(_ entry: KubeconfigEntry) async throws -> String {
        try await offPool {
            var name: String?
            try edit {
                let text = try Kubeconfig.adding(entry, to: $0)
                name = try Kubeconfig.contextName(of: entry.identity, in: text)
                return text
            }
            return name ?? entry.identity.name
        }
    }

    /// Removes the cluster, and a file that then holds nothing. True when the cluster was there.
    func remove(_ cluster: ClusterIdentity) async throws -> Bool {
        try await offPool {
            // A file without the cluster is none of our business, and one that is not there needs no lock either.
            guard try contains(cluster) else { return false }
            try edit { text in
                guard let text else { return nil }
                let rest = try Kubeconfig.removing(cluster: cluster, from: text)
                return try !isLink && Kubeconfig.isEmpty(rest) ? nil : rest
            }
            return true
        }
    }

    /// Where the user's own link leads to, a file stays.
    private var isLink: Bool { (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil }

    private func contains(_ cluster: ClusterIdentity) throws -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
        return try Kubeconfig.contextName(of: cluster, in: text) != nil
    }

    private func edit(_ change: (String?) throws -> String?) throws {
        try ExclusiveEdit.run(path, doing: "editing the kubeconfig \(path)", change)
    }

    /// Locks and disks make one wait: not on a thread that tasks share.
    private func offPool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "slipway.kubeconfig").async { continuation.resume(with: Result { try work() }) }
        }
    }
}
