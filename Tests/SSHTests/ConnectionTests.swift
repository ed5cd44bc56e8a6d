import ClusterModel
import Foundation
import Glibc
import Synchronization
import Testing

@testable import SSH

extension SSHTests {
    @Suite struct Connections {
        /// Puts the process that serves the script's connection into a file.
        private static func tellSession(in folder: String) -> String {
            "ps -o ppid= -p $PPID | tr -d ' ' > \(folder)/session"
        }

        @Test func `A connection that breaks while a script runs is a transient error that says so`() async throws {
            try await TestServer.with { server, hosts in
                let call = Task {
                    try await hosts.run(
                        "echo working >&2; \(Self.tellSession(in: server.folder)); sleep 5", on: server.endpoint, timeout: .seconds(300))
                }
                #expect(await eventually { process(in: "\(server.folder)/session") != nil })
                let session = try #require(process(in: "\(server.folder)/session"))
                #expect(await server.sessions.contains(session))
                kill(session, SIGKILL)
                let error = try await #require(throws: SlipwayError.self) { try await call.value }
                #expect(error.code == .failed)
                #expect(error.retry == .transient)
                #expect(error.cause.contains("broke after the script had begun"))
                #expect(try await hosts.run("echo next", on: server.endpoint).text == "next\n")
            }
        }

        @Test func `A script whose shell is killed is not taken for a success`() async throws {
            try await TestServer.with { server, hosts in
                let error = try await #require(throws: SlipwayError.self) {
                    try await hosts.run("echo last words >&2; kill -9 $$", on: server.endpoint)
                }
                #expect(error.retry == .transient)
                #expect(error.cause.contains("before it could tell its status"))
                #expect(error.log.contains("last words"))
                #expect(try await hosts.run("echo next", on: server.endpoint).text == "next\n")
            }
        }

        @Test func `A server that restarts between two calls is connected to again`() async throws {
            try await TestServer.with { server, hosts in
                #expect(try await hosts.run("echo one", on: server.endpoint).text == "one\n")
                await server.stop()
                try await server.start()
                #expect(try await hosts.run("echo two", on: server.endpoint).text == "two\n")
                #expect(server.log.components(separatedBy: "Accepted publickey").count == 3)
            }
        }

        @Test func `A server that comes up during the call is ridden out`() async throws {
            try await TestServer.with { server, _ in
                await server.stop()
                let transport = CountingTransport()
                let hosts = SSHHosts(options: SSHOptions(), transport: transport)
                let call = Task { try await hosts.run("echo up", on: server.endpoint) }
                #expect(await eventually { transport.failures > 0 })
                try await server.start()
                #expect(try await call.value.text == "up\n")
                await hosts.close()
            }
        }

        /// Counts the connections that could not be made.
        private final class CountingTransport: SSHTransport {
            private let count = Mutex(0)
            var failures: Int { count.withLock { $0 } }

            func connect(to host: HostEndpoint, options: SSHOptions, waiter: Waiter, until deadline: Deadline) throws -> Int32 {
                do {
                    return try TCPTransport().connect(to: host, options: options, waiter: waiter, until: deadline)
                } catch {
                    count.withLock { $0 += 1 }
                    throw error
                }
            }
        }

        @Test func `An open connection that does not answer is replaced`() async throws {
            try await TestServer.with(options: SSHOptions(handshakeTimeout: .seconds(2))) { server, hosts in
                _ = try await hosts.run(Self.tellSession(in: server.folder), on: server.endpoint)
                let session = try #require(process(in: "\(server.folder)/session"))
                kill(session, SIGSTOP)
                defer { kill(session, SIGKILL) }
                #expect(try await hosts.run("echo again", on: server.endpoint).text == "again\n")
            }
        }

        @Test func `A closed port is unreachable after the budget`() async throws {
            try await TestServer.with(options: SSHOptions(connectBudget: .seconds(1))) { server, hosts in
                await server.stop()
                let start = ContinuousClock.now
                let error = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: server.endpoint) }
                #expect(error.code == .unreachable)
                #expect(error.retry == .transient)
                #expect(error.address == Address(.host, "test-a-1"))
                #expect(error.cause.contains("127.0.0.1 port \(server.port)") && error.cause.contains("Connection refused"))
                #expect(ContinuousClock.now - start < .seconds(10))
            }
        }

        @Test func `The call's own timeout bounds the attempts, too`() async throws {
            try await TestServer.with { server, hosts in
                await server.stop()
                let start = ContinuousClock.now
                let error = try await #require(throws: SlipwayError.self) {
                    try await hosts.run("true", on: server.endpoint, timeout: .seconds(1))
                }
                #expect(error.code == .unreachable)
                #expect(ContinuousClock.now - start < .seconds(10))
            }
        }

        @Test func `A port that accepts and says nothing is unreachable`() async throws {
            let silent = try RawSocket.listening()
            try await TestServer.with(options: SSHOptions(connectBudget: .seconds(2), handshakeTimeout: .milliseconds(500))) {
                server, hosts in
                var endpoint = server.endpoint
                endpoint.port = silent.port
                let error = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: endpoint) }
                #expect(error.code == .unreachable)
                #expect(error.retry == .transient)
                #expect(error.cause.contains("does not finish the SSH handshake"))
            }
        }

        @Test func `A call that is cancelled while it connects ends at once`() async throws {
            let silent = try RawSocket.listening()
            try await TestServer.with(options: SSHOptions(connectBudget: .seconds(300), handshakeTimeout: .seconds(300))) { server, hosts in
                var endpoint = server.endpoint
                endpoint.port = silent.port
                let call = Task { [endpoint] in try await hosts.run("true", on: endpoint, timeout: .seconds(600)) }
                let start = ContinuousClock.now
                call.cancel()
                await #expect(throws: CancellationError.self) { try await call.value }
                #expect(ContinuousClock.now - start < .seconds(60))
            }
        }

        @Test func `A host that vanishes without a word ends a silent script by keep-alives`() async throws {
            try await TestNamespace.with { namespace in
                let options = SSHOptions(
                    connectBudget: .seconds(2), connectTimeout: .seconds(1), keepAliveInterval: .seconds(2), deadPeerTimeout: .seconds(2))
                try await TestServer.with(namespace: namespace, options: options) { server, hosts in
                    let call = Task {
                        try await hosts.run("touch \(server.folder)/running; sleep 600", on: server.endpoint, timeout: .seconds(700))
                    }
                    #expect(await eventually { contents(of: "\(server.folder)/running") != nil })
                    try await namespace.vanish()
                    let start = ContinuousClock.now
                    let broken = try await #require(throws: SlipwayError.self) { try await call.value }
                    #expect(broken.retry == .transient)
                    #expect(broken.cause.contains("broke after the script had begun"))
                    #expect(ContinuousClock.now - start < .seconds(60))
                    let gone = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: server.endpoint) }
                    #expect(gone.code == .unreachable)
                }
            }
        }

        @Test func `Connections that sshd drops under load are tried again`() async throws {
            try await TestServer.with(settings: ["MaxStartups 1:100:1"]) { server, hosts in
                var other: RawSocket? = try RawSocket.connected(to: server.port)
                #expect(await eventually { server.log.contains("Connection from") })
                let call = Task { try await hosts.run("echo in", on: server.endpoint, timeout: .seconds(60)) }
                let wasDropped = await eventually { server.log.contains("MaxStartups") }
                #expect(wasDropped, "\(server.log)")
                #expect(other != nil)
                other = nil
                #expect(try await call.value.text == "in\n")
            }
        }

        @Test func `Closing ends what runs and what waits, and the next call connects again`() async throws {
            try await TestServer.with { server, hosts in
                let calls = (0..<3).map { number in
                    Task {
                        try await hosts.run(
                            "echo $$ > \(server.folder)/pid\(number); sleep 600", on: server.endpoint, timeout: .seconds(700))
                    }
                }
                #expect(await eventually { (0..<3).contains { process(in: "\(server.folder)/pid\($0)") != nil } })
                await hosts.close()
                for call in calls {
                    let error = try await #require(throws: SlipwayError.self) { try await call.value }
                    #expect(error.code == .tryAgain)
                }
                #expect(await eventually { await server.sessions.isEmpty })
                #expect(try await hosts.run("echo next", on: server.endpoint).text == "next\n")
            }
        }

        @Test func `A connection that is not used is closed`() async throws {
            try await TestServer.with(options: SSHOptions(idleLimit: .milliseconds(300))) { server, hosts in
                _ = try await hosts.run("true", on: server.endpoint)
                #expect(await eventually { await server.sessions.isEmpty })
                #expect(try await hosts.run("echo next", on: server.endpoint).text == "next\n")
            }
        }

        @Test func `Keep-alives are sent while nothing else is`() async throws {
            let settings = ["LogLevel DEBUG3"]
            try await TestServer.with(settings: settings, options: SSHOptions(keepAliveInterval: .seconds(2))) { server, hosts in
                _ = try await hosts.run("true", on: server.endpoint)
                #expect(await eventually(within: 30) { server.log.contains("keepalive@libssh2.org") }, "while idle")
                let before = server.log.components(separatedBy: "keepalive@libssh2.org").count
                _ = try await hosts.run("sleep 5", on: server.endpoint)
                #expect(server.log.components(separatedBy: "keepalive@libssh2.org").count > before, "during a silent script")
            }
        }

        @Test func `200 calls and 40 connections leave no descriptor and no thread behind`() async throws {
            try await TestServer.with { server, hosts in
                _ = try await hosts.run("true", on: server.endpoint)
                await hosts.close()
                let descriptors = Self.descriptors
                for _ in 0..<200 { _ = try await hosts.run("true", on: server.endpoint) }
                for number in 0..<40 {
                    let others = SSHHosts(options: SSHOptions(connectBudget: .seconds(5)))
                    switch number % 4 {
                    case 0:
                        _ = try await others.run("true", on: server.endpoint)
                        await others.close()
                    case 1:
                        // Never closed by hand.
                        _ = try await others.run("true", on: server.endpoint)
                    case 2:
                        var endpoint = server.endpoint
                        endpoint.hostKeyFingerprint = server.userKey.fingerprint
                        await #expect(throws: SlipwayError.self) { try await others.run("true", on: endpoint) }
                    default:
                        await #expect(throws: SlipwayError.self) {
                            try await others.run("sleep 60", on: server.endpoint, timeout: .milliseconds(300))
                        }
                    }
                }
                await hosts.close()
                // Suites of other targets may run meanwhile and hold a few of their own.
                #expect(await eventually { Self.descriptors < descriptors + 20 }, "\(descriptors) before, \(Self.descriptors) after")
                #expect(await eventually { await server.sessions.isEmpty })
                #expect(await eventually { Self.threads == 0 })
            }
        }

        private static var descriptors: Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0 }

        private static var threads: Int {
            let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
            return tasks.count { text(of: "/proc/self/task/\($0)/comm") == "slipway-ssh\n" }
        }
    }
}
