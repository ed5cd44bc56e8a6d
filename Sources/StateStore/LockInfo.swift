public import ClusterModel
public import Foundation
import Glibc

/// Who holds a lock, since when and for what. Shown to everyone who wanted it, too.
public struct LockInfo: Codable, Sendable, Equatable {
    public var id: String
    /// What is being done, as the user typed it: `update cluster demo`.
    public var operation: String
    public var user: String
    public var host: String
    public var pid: Int32
    public var since: Date
    /// The version of Slipway.
    public var version: String

    public init(id: String, operation: String, user: String, host: String, pid: Int32, since: Date, version: String) {
        self.id = id
        self.operation = operation
        self.user = user
        self.host = host
        self.pid = pid
        self.since = since
        self.version = version
    }

    /// This process, on this host, from now on.
    public static func current(operation: String, version: String, context: RunContext = .live) -> LockInfo {
        LockInfo(
            id: context.randomHex(12), operation: operation, user: ProcessInfo.processInfo.userName, host: hostName(), pid: getpid(),
            since: context.now(), version: version)
    }

    /// `user@host`
    public var who: String { "\(user)@\(host)" }

    /// True when the process is of this host and does not run any more.
    var isOfDeadProcess: Bool {
        host == LockInfo.hostName() && kill(pid, 0) != 0 && errno == ESRCH
    }

    // ProcessInfo.hostName asks the resolver, which can take seconds.
    static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension LockInfo: CustomStringConvertible {
    public var description: String {
        "\(who) (process \(pid)) since \(StateCoding.text(of: since)), for '\(operation)', lock \(id)"
    }
}
