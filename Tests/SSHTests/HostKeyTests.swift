import ClusterModel
import Testing

@testable import SSH

extension SSHTests {
    @Suite struct HostKeys {
        @Test func `Another key than the pinned one is refused, and both are told`() async throws {
            try await TestServer.with(hostKeys: ["ed25519", "ecdsa"]) { server, hosts in
                var endpoint = server.endpoint
                endpoint.hostKeyFingerprint = server.userKey.fingerprint
                let error = try await #require(throws: SlipwayError.self) {
                    try await hosts.run("touch \(server.folder)/ran", on: endpoint)
                }
                #expect(error.code == .refused)
                #expect(error.retry == .permanent)
                #expect(error.cause.contains(server.hostKeys[0].fingerprint))
                #expect(error.cause.contains(server.userKey.fingerprint))
                #expect(error.hint != nil)
                #expect(contents(of: "\(server.folder)/ran") == nil)
                #expect(!server.log.contains("Accepted publickey"))
                // The connection of the right pin is another one, and works.
                #expect(try await hosts.run("echo yes", on: server.endpoint).text == "yes\n")
            }
        }

        @Test func `An open connection does not serve a call with another pin`() async throws {
            try await TestServer.with { server, hosts in
                _ = try await hosts.run("true", on: server.endpoint)
                var endpoint = server.endpoint
                endpoint.hostKeyFingerprint = server.userKey.fingerprint
                let error = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: endpoint) }
                #expect(error.code == .refused)
            }
        }

        @Test func `Of two keys that are accepted either may be served, and no third`() async throws {
            try await TestServer.with { server, hosts in
                let others = [server.userKey.fingerprint, "SHA256:none"]
                for accepted in [others + [server.hostKeys[0].fingerprint], [server.hostKeys[0].fingerprint] + others] {
                    #expect(try await hosts.run("echo yes", on: server.endpoint(accepting: accepted)).text == "yes\n")
                }
                let error = try await #require(throws: SlipwayError.self) {
                    try await hosts.run("true", on: server.endpoint(accepting: others))
                }
                #expect(error.code == .refused && others.allSatisfy(error.cause.contains))
                let none = try await #require(throws: SlipwayError.self) {
                    try await hosts.run("true", on: server.endpoint(accepting: []))
                }
                #expect(none.code == .refused)
            }
        }

        @Test func `An open connection does not serve a call with another identity`() async throws {
            try await TestServer.with { server, hosts in
                _ = try await hosts.run("true", on: server.endpoint)
                var endpoint = server.endpoint
                endpoint.identity = try await TestKey("ed25519", in: server.folder).secret
                let error = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: endpoint) }
                #expect(error.cause.contains("does not let root in"))
            }
        }

        @Test func `No pin, no connection`() async throws {
            try await TestServer.with { server, hosts in
                var endpoint = server.endpoint
                endpoint.hostKeyFingerprint = ""
                let error = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: endpoint) }
                #expect(error.code == .refused)
                #expect(!server.log.contains("Connection from"))
            }
        }

        @Test func `A pinned ECDSA key is found although ed25519 is preferred`() async throws {
            try await TestServer.with(hostKeys: ["ecdsa", "ed25519"]) { server, hosts in
                let result = try await hosts.run("echo yes", on: server.endpoint)
                #expect(result.text == "yes\n")
            }
        }

        @Test(arguments: ["ed25519", "ecdsa"], ["ed25519", "ecdsa"])
        func `ed25519 and ECDSA serve as host and user keys`(hostKey: String, userKey: String) async throws {
            try await TestServer.with(hostKeys: [hostKey], userKey: userKey) { server, hosts in
                let result = try await hosts.run("echo yes", on: server.endpoint)
                #expect(result.text == "yes\n")
            }
        }

        @Test func `A host with only an RSA key is told so`() async throws {
            try await TestServer.with(hostKeys: ["rsa"]) { server, hosts in
                let error = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: server.endpoint) }
                #expect(error.cause.contains("only an RSA host key (rsa-sha2-512, rsa-sha2-256)"), "\(error.cause)")
                #expect(error.hint?.contains("ed25519") == true)
                #expect(error.retry == .permanent)
            }
        }

        @Test func `A host without a common cipher is not blamed for its RSA key`() async throws {
            try await TestServer.with(settings: ["Ciphers chacha20-poly1305@openssh.com"]) { server, hosts in
                let error = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: server.endpoint) }
                #expect(error.cause.contains("no method in common"))
                #expect(!error.cause.contains("RSA"))
            }
        }

        @Test func `A key that the host does not know is no reason to try again`() async throws {
            try await TestServer.with { server, hosts in
                var endpoint = server.endpoint
                endpoint.identity = try await TestKey("ed25519", in: server.folder).secret
                let error = try await #require(throws: SlipwayError.self) { try await hosts.run("true", on: endpoint) }
                #expect(error.retry == .permanent)
                #expect(error.cause.contains("does not let root in"))
            }
        }
    }
}
