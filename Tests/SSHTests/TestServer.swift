import ClusterModel
import Foundation
import Glibc
import Subprocess
import Testing

@testable import SSH

/// A folder that is gone after the test.
func withTemporaryFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = "\(NSTemporaryDirectory())/slipway-ssh-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}

/// A key pair made by ssh-keygen.
struct TestKey {
    let path: String
    let fingerprint: String

    var secret: Secret { Secret(contents(of: path) ?? []) }
    var publicLine: String { text(of: "\(path).pub") ?? "" }

    init(_ type: String, in folder: String, passphrase: String = "") async throws {
        path = "\(folder)/\(UUID().uuidString)"
        let made = try await Subprocess.run(
            .name("ssh-keygen"), arguments: ["-q", "-t", type, "-N", passphrase, "-C", "test", "-f", path], output: .discarded)
        try #require(made.terminationStatus.isSuccess)
        let shown = try await Subprocess.run(
            .name("ssh-keygen"), arguments: ["-l", "-E", "sha256", "-f", "\(path).pub"], output: .string(limit: 4096))
        fingerprint = try #require(shown.standardOutput.split(separator: " ").dropFirst().first.map(String.init))
    }
}

/// An sshd on a loopback port with configuration and keys of its own.
actor TestServer {
    nonisolated let folder: String
    nonisolated let address: IPv4Address
    nonisolated let port: UInt16
    nonisolated let hostKeys: [TestKey]
    nonisolated let userKey: TestKey
    private let namespace: TestNamespace?
    private var process: Process?

    nonisolated var logPath: String { "\(folder)/log" }
    nonisolated var log: String { text(of: logPath) ?? "" }
    private nonisolated let configuration: String

    /// - Parameter configuration: where its configuration is written; nil for its folder.
    init(
        in folder: String, hostKeyTypes: [String], userKeyType: String, settings: [String], configuration: String? = nil,
        namespace: TestNamespace?
    ) async throws {
        self.folder = folder
        self.configuration = configuration ?? "\(folder)/sshd_config"
        self.namespace = namespace
        address = namespace?.address ?? IPv4Address(rawValue: 0x7F00_0001)
        port = try Self.freePort()
        var keys: [TestKey] = []
        for type in hostKeyTypes { keys.append(try await TestKey(type, in: folder)) }
        hostKeys = keys
        userKey = try await TestKey(userKeyType, in: folder)
        // sshd takes the first value of a setting.
        let lines =
            settings + keys.map { "HostKey \($0.path)" } + [
                "Port \(port)", "ListenAddress \(address)", "PidFile none", "AuthorizedKeysFile \(folder)/authorized_keys",
                "StrictModes no",
                "UsePAM no", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "PermitRootLogin prohibit-password",
                "LogLevel VERBOSE",
            ]
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: self.configuration))
        try Data(userKey.publicLine.utf8).write(to: URL(filePath: "\(folder)/authorized_keys"))
        // sshd insists on this empty folder; systemd makes it where there is one.
        try FileManager.default.createDirectory(atPath: "/run/sshd", withIntermediateDirectories: true)
        try await start()
    }

    nonisolated var endpoint: HostEndpoint {
        HostEndpoint(
            machine: "test-a-1", address: address, port: port, hostKeyFingerprint: hostKeys[0].fingerprint,
            identity: userKey.secret)
    }

    /// With host keys that it did not make.
    nonisolated func endpoint(accepting fingerprints: [String]) -> HostEndpoint {
        HostEndpoint(
            machine: "test-a-1", address: address, port: port, acceptedFingerprints: fingerprints, identity: userKey.secret)
    }

    /// Of the process that listens.
    var pid: pid_t? { process?.processIdentifier }

    func start() async throws {
        let process = Process()
        let command = (namespace?.prefix ?? []) + ["/usr/sbin/sshd", "-D", "-f", configuration, "-E", logPath]
        process.executableURL = URL(filePath: command[0])
        process.arguments = Array(command.dropFirst())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let before = listens
        try process.run()
        self.process = process
        let isReady = await eventually { listens > before }
        try #require(isReady, "sshd does not start: \(log)")
    }

    /// How often it said that it listens.
    private nonisolated var listens: Int { log.components(separatedBy: "Server listening on").count }

    /// The processes that serve one connection each.
    nonisolated func sessions(of server: pid_t) -> [pid_t] { children(of: server) }

    private nonisolated func children(of parent: pid_t) -> [pid_t] {
        (text(of: "/proc/\(parent)/task/\(parent)/children") ?? "").split(separator: " ").compactMap { pid_t($0) }
    }

    /// What its connections run, too: a script outlives the connection that it came over.
    private nonisolated func descendants(of parent: pid_t) -> [pid_t] {
        children(of: parent).flatMap { [$0] + descendants(of: $0) }
    }

    var sessions: [pid_t] { process.map { sessions(of: $0.processIdentifier) } ?? [] }

    /// Ends the server, all its connections and what they run.
    func stop() async {
        guard let process else { return }
        let server = process.processIdentifier
        // No new connections while the old ones are ended.
        kill(server, SIGSTOP)
        for process in descendants(of: server) { kill(process, SIGKILL) }
        kill(server, SIGKILL)
        kill(server, SIGCONT)
        _ = await eventually { !process.isRunning }
        self.process = nil
    }

    static func freePort() throws -> UInt16 {
        let listener = try RawSocket.listening()
        return listener.port
    }

    /// A server that is gone after the test, together with the connections to it.
    static func with<Value>(
        hostKeys: [String] = ["ed25519"], userKey: String = "ed25519", settings: [String] = [], configuration: String? = nil,
        namespace: TestNamespace? = nil, options: SSHOptions = SSHOptions(),
        _ body: (TestServer, SSHHosts) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryFolder { folder in
            let server = try await TestServer(
                in: folder, hostKeyTypes: hostKeys, userKeyType: userKey, settings: settings, configuration: configuration,
                namespace: namespace)
            let hosts = SSHHosts(options: options)
            do {
                let value = try await body(server, hosts)
                await hosts.close()
                await server.stop()
                return value
            } catch {
                await hosts.close()
                await server.stop()
                throw error
            }
        }
    }
}

/// A network namespace with an address of its own, linked to this machine: a host that can vanish.
struct TestNamespace: Sendable {
    let name = "slipssh\(getpid())"
    let address = IPv4Address(rawValue: 0xC612_C802)
    private let near = IPv4Address(rawValue: 0xC612_C801)

    /// What runs a command in it.
    var prefix: [String] { ["/usr/sbin/ip", "netns", "exec", name] }

    static func with<Value>(_ body: (TestNamespace) async throws -> Value) async throws -> Value {
        let namespace = TestNamespace()
        do {
            try await namespace.make()
            let value = try await body(namespace)
            try await namespace.remove()
            return value
        } catch {
            try? await namespace.remove()
            throw error
        }
    }

    /// From now on packets to it are lost without any answer.
    func vanish() async throws {
        try await ip("-n", name, "address", "delete", "\(address)/30", "dev", "host0")
    }

    private func make() async throws {
        try await ip("netns", "add", name)
        try await ip("link", "add", name, "type", "veth", "peer", "name", "host0", "netns", name)
        try await ip("address", "add", "\(near)/30", "dev", name)
        try await ip("link", "set", name, "up")
        try await ip("-n", name, "address", "add", "\(address)/30", "dev", "host0")
        try await ip("-n", name, "link", "set", "host0", "up")
    }

    /// With what still runs in it, which would keep it and its link alive.
    private func remove() async throws {
        for process in try await ip("netns", "pids", name).split(separator: "\n").compactMap({ pid_t($0) }) { kill(process, SIGKILL) }
        // A connection that nobody ends any more keeps the namespace for minutes, and the link would stay with it.
        try await ip("link", "delete", name)
        try await ip("netns", "delete", name)
    }

    @discardableResult
    private func ip(_ arguments: String...) async throws -> String {
        let result = try await Subprocess.run(
            .name("ip"), arguments: Arguments(arguments), output: .string(limit: 65536), error: .string(limit: 4096))
        try #require(result.terminationStatus.isSuccess, "ip \(arguments): \(result.standardError)")
        return result.standardOutput
    }
}

/// A loopback socket that speaks no SSH.
final class RawSocket: Sendable {
    let descriptor: Int32

    private init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { Glibc.close(descriptor) }

    private static func make() -> RawSocket {
        RawSocket(socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
    }

    /// Accepts connections in the kernel and never answers.
    static func listening() throws -> RawSocket {
        let raw = make()
        try #require(raw.with(port: 0) { bind(raw.descriptor, $0, $1) } == 0)
        try #require(listen(raw.descriptor, 16) == 0)
        return raw
    }

    static func connected(to port: UInt16) throws -> RawSocket {
        let raw = make()
        try #require(raw.with(port: port) { connect(raw.descriptor, $0, $1) } == 0)
        return raw
    }

    var port: UInt16 {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(descriptor, $0, &size) }
        }
        return UInt16(bigEndian: address.sin_port)
    }

    private func with(port: UInt16, _ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
    }
}
