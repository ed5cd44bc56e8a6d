import ClusterModel
import Foundation
import Testing

@testable import SSH

extension SSHTests {
    /// Hosts behind another one, each a real sshd.
    @Suite struct Jumps {
        private func withGate(
            settings: [String] = [],
            _ body: (_ gate: TestServer, _ target: TestServer, _ endpoint: HostEndpoint, SSHHosts) async throws -> Void
        ) async throws {
            try await TestServer.with(settings: settings) { gate, hosts in
                try await TestServer.with { target, _ in
                    var endpoint = target.endpoint
                    var way = gate.endpoint
                    way.machine = "gate"
                    endpoint.via = [way]
                    try await body(gate, target, endpoint, hosts)
                    // Before the servers: one that still serves a connection takes its time to end.
                    await hosts.close()
                }
            }
        }

        @Test func `A host is reached through another one, and both are verified`() async throws {
            try await withGate { gate, target, endpoint, hosts in
                let first = try await hosts.run("echo yes", on: endpoint)
                #expect(first.text == "yes\n")
                #expect(gate.log.contains("Accepted publickey") && target.log.contains("Accepted publickey"))
                // The gate forwards and runs nothing.
                #expect(!gate.log.contains("Starting session"))
                #expect(try await hosts.run("cat", on: endpoint, input: Array("again".utf8), timeout: .seconds(20)).text == "again")
                #expect(target.log.components(separatedBy: "Accepted publickey").count == 2, "on the same connection")
            }
        }

        @Test func `Large files pass both ways`() async throws {
            try await withGate { _, target, endpoint, hosts in
                let bytes = noise(9 << 20)
                let path = "\(target.folder)/large"
                try await hosts.upload(.bytes(bytes), to: path, mode: 0o600, on: endpoint, timeout: .seconds(120))
                #expect(contents(of: path) == bytes)
                let back = try await hosts.run("cat \(path)", on: endpoint, input: [], timeout: .seconds(120))
                #expect(back.output == bytes)
            }
        }

        @Test func `Another host key ends it, the gate's as well as the host's`() async throws {
            try await withGate { gate, target, endpoint, hosts in
                var strange = endpoint
                strange.hostKeyFingerprint = target.userKey.fingerprint
                let atTarget = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: strange) }
                #expect(atTarget.code == .refused && atTarget.address == Address(.host, "test-a-1"))
                strange = endpoint
                strange.via[0].hostKeyFingerprint = gate.userKey.fingerprint
                let atGate = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: strange) }
                #expect(atGate.code == .refused && atGate.address == Address(.host, "gate"))
                strange = endpoint
                strange.via[0].hostKeyFingerprint = ""
                let unknown = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: strange) }
                #expect(unknown.code == .refused)
                #expect(!target.log.contains("Accepted publickey"))
            }
        }

        @Test func `A gate that does not forward is told`() async throws {
            try await withGate(settings: ["AllowTcpForwarding no"]) { _, target, endpoint, _ in
                let hosts = SSHHosts(options: SSHOptions(connectBudget: .seconds(15)))
                let error = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: endpoint) }
                #expect(error.code == .unreachable && error.retry == .transient)
                #expect(error.cause.contains("gate does not lead to \(target.address) port \(target.port)"), "\(error.cause)")
                await hosts.close()
            }
        }

        @Test func `Two gates in a row`() async throws {
            try await withGate { first, target, endpoint, hosts in
                try await TestServer.with { second, _ in
                    var endpoint = endpoint
                    var way = second.endpoint
                    way.machine = "second"
                    endpoint.via.append(way)
                    let result = try await hosts.run("echo yes", on: endpoint)
                    #expect(result.text == "yes\n")
                    await hosts.close()
                    #expect([first, second, target].allSatisfy { $0.log.contains("Accepted publickey") })
                }
            }
        }

        @Test func `A closed connection leaves nothing at the gate`() async throws {
            try await withGate { gate, _, endpoint, hosts in
                let result = try await hosts.run("echo yes", on: endpoint)
                #expect(result.text == "yes\n")
                #expect(!(await gate.sessions.isEmpty))
                await hosts.close()
                let isLeft = await eventually { await gate.sessions.isEmpty }
                #expect(isLeft)
            }
        }

        @Test func `A gate that dies breaks the connection, and the next call makes another`() async throws {
            try await withGate { gate, _, endpoint, hosts in
                #expect(try await hosts.run("echo yes", on: endpoint).text == "yes\n")
                await gate.stop()
                try await gate.start()
                #expect(try await hosts.run("echo yes", on: endpoint).text == "yes\n")
            }
        }
    }
}
