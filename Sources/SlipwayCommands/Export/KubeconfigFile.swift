import ClusterModel
import Foundation
import Operations
import PKI

/// The user's kubeconfig: the first file of `$KUBECONFIG`, or `~/.kube/config`.
enum KubeconfigFile {
    static var path: String {
        let environment = ProcessInfo.processInfo.environment
        if let first = environment["KUBECONFIG"]?.split(separator: ":").first { return String(first) }
        return (environment["HOME"] ?? NSHomeDirectory()) + "/.kube/config"
    }

    static func export(_ cluster: String, ttl: Duration, context: OperationContext, console: Console) async throws {
        let entry = try await AdminAccess(context).kubeconfig(cluster, ttl: ttl)
        let path = path
        try edit(path) { try Kubeconfig.adding(entry, to: $0) }
        let name = try read(path).flatMap { try Kubeconfig.contextName(of: entry.identity, in: $0) } ?? cluster
        console.say("kubectl context \(name) in \(path), valid for \(Seconds(Int(ttl / .seconds(1))))")
    }

    static func remove(_ cluster: ClusterIdentity, console: Console) throws {
        let path = path
        guard let text = try read(path), try Kubeconfig.contextName(of: cluster, in: text) != nil else { return }
        try edit(path) { try Kubeconfig.removing(cluster: cluster, from: $0 ?? "") }
        console.say("removed cluster \(cluster.name) from \(path)")
    }

    private static func read(_ path: String) throws -> String? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw SlipwayError(
                .failed, doing: "reading the kubeconfig \(path)", cause: "it cannot be read as text",
                hint: "set $KUBECONFIG to another file")
        }
        return text
    }

    /// Replaces the file in one act, readable by its owner alone; others who edit it at the same moment wait.
    private static func edit(_ path: String, _ change: (String?) throws -> String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        if !folder.isEmpty {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        // kubectl's own way of locking: a file beside it that only one can make.
        let lock = open(path + ".slipway-lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX) == 0 else {
            throw SlipwayError(.failed, doing: "locking the kubeconfig \(path)", cause: String(cString: strerror(errno)))
        }
        defer {
            unlink(path + ".slipway-lock")
            close(lock)
        }
        let text = try change(try read(path))
        let target =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: path)).map { $0.hasPrefix("/") ? $0 : folder + "/" + $0 } ?? path
        let temporary = "\(target).slipway-\(getpid())"
        guard FileManager.default.createFile(atPath: temporary, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600]),
            rename(temporary, target) == 0
        else {
            let cause = String(cString: strerror(errno))
            unlink(temporary)
            throw SlipwayError(.failed, doing: "writing the kubeconfig \(path)", cause: cause)
        }
    }
}
