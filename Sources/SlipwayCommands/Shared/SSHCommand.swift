import ArgumentParser
import ClusterModel
import Foundation
import Operations

struct SSHCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ssh",
        abstract: "Log in to a machine, or run a command on it.",
        usage: "slipway ssh <name> <machine> [options] [-- <command> ...]",
        discussion: """
            Uses the OpenSSH client with the cluster's key (kept in memory by an agent of its own) and the machine's pinned host key.

            Examples:
              slipway ssh demo demo-nodes-a-1
              slipway ssh demo demo-nodes-a-1 -- journalctl -u kubelet -n 50
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Argument(help: "The machine's name, as slipway get machines lists it.", completion: LiveNames.machines) var machine: String
    @Argument(parsing: .postTerminator, help: "A command to run instead of a shell, after --.") var command: [String] = []
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let way = try await World.with(store) { try await AdminAccess($0).login(name, machine: machine) }
        guard let last = way.last else { return }
        let agent = try SSHAgent(key: last.endpoint.identity)
        defer { agent.stop() }
        let ssh = Process()
        ssh.executableURL = URL(fileURLWithPath: "/usr/bin/ssh")
        let through = way.dropLast().last.map { gate -> [String] in
            let words = ["/usr/bin/ssh"] + Self.options(gate, agent: agent) + ["-W", "%h:%p", "\(gate.endpoint.address)"]
            // Nothing in these words is special to a shell but the blanks.
            return ["-o", "ProxyCommand=" + words.map { "'\($0)'" }.joined(separator: " ")]
        }
        ssh.arguments =
            (through ?? []) + Self.options(last, agent: agent) + ["\(last.endpoint.address)"] + (command.isEmpty ? [] : ["--"] + command)
        do {
            try ssh.runWithPlainSignals()
        } catch {
            throw SSHAgent.missing("the OpenSSH client", error).at(Address(.machine, machine))
        }
        ssh.waitUntilExit()
        agent.stop()
        if ssh.terminationStatus != 0 { throw Answer(code: ssh.terminationStatus) }
    }

    private static func options(_ host: AdminAccess.KnownHost, agent: SSHAgent) -> [String] {
        [
            "-o", "IdentityAgent=\(agent.socket)", "-o", "StrictHostKeyChecking=yes", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "GlobalKnownHostsFile=/dev/null", "-o", "KnownHostsCommand=/bin/echo \(host.line)", "-o", "LogLevel=ERROR",
            "-o", "PasswordAuthentication=no", "-p", "\(host.endpoint.port)", "-l", host.endpoint.user,
        ]
    }
}

/// An ssh-agent of our own that holds one key in memory, so that the key is in no file and no argument.
private final class SSHAgent {
    let socket: String
    private let folder: String
    private let process = Process()

    init(key: Secret) throws {
        var template = Array("/tmp/slipway-agent.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw SlipwayError(.failed, doing: "starting an ssh-agent", cause: String(cString: strerror(errno)))
        }
        folder = template.withUnsafeBufferPointer { buffer in
            String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        socket = folder + "/agent"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/ssh-agent")
        process.arguments = ["-D", "-a", socket]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        do {
            try process.runWithPlainSignals()
            try add(key)
        } catch {
            stop()
            throw error is SlipwayError ? error : SSHAgent.missing("an ssh-agent", error)
        }
    }

    static func missing(_ program: String, _ error: any Error) -> SlipwayError {
        SlipwayError(
            .failed, doing: "starting \(program)", cause: error.localizedDescription, hint: "install the package openssh-client")
    }

    private func add(_ key: Secret) throws {
        // The agent makes its socket right after it starts.
        for _ in 0..<500 where !FileManager.default.fileExists(atPath: socket) && process.isRunning { usleep(10_000) }
        let add = Process()
        add.executableURL = URL(fileURLWithPath: "/usr/bin/ssh-add")
        add.arguments = ["-q", "-"]
        add.environment = ["SSH_AUTH_SOCK": socket, "PATH": "/usr/bin:/bin"]
        let input = Pipe()
        add.standardInput = input
        add.standardOutput = FileHandle.nullDevice
        try add.runWithPlainSignals()
        try input.fileHandleForWriting.write(contentsOf: Data(key.reveal()))
        try input.fileHandleForWriting.close()
        add.waitUntilExit()
        guard add.terminationStatus == 0 else {
            throw SlipwayError(.failed, doing: "giving the key to the ssh-agent", cause: "ssh-add ended with \(add.terminationStatus)")
        }
    }

    func stop() {
        if process.isRunning {
            process.terminate()
            process.waitUntilExit()
        }
        try? FileManager.default.removeItem(atPath: folder)
    }
}
