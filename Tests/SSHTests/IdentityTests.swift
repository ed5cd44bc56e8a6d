import ClusterModel
import Testing

@testable import SSH

extension SSHTests {
    @Suite struct Identities {
        @Test(arguments: ["ed25519", "ecdsa"])
        func `The public key is read out of the private one`(type: String) async throws {
            try await withTemporaryFolder { folder in
                let key = try await TestKey(type, in: folder)
                let identity = try SSHIdentity(key.secret)
                #expect(key.publicLine == String(decoding: identity.publicKey, as: UTF8.self) + " test\n")
            }
        }

        @Test func `An RSA key is refused with the true reason, before any connection`() async throws {
            try await withTemporaryFolder { folder in
                let key = try await TestKey("rsa", in: folder)
                let error = try await #require(throws: SlipwayError.self) { try await self.use(key.secret) }
                #expect(error.cause.contains("RSA") && error.cause.contains("SHA-1"))
                #expect(error.hint?.contains("ed25519") == true)
                #expect(error.address == Address(.host, "test-a-1"))
                #expect(error.retry == .permanent)
            }
        }

        @Test func `A key with a passphrase is refused`() async throws {
            try await withTemporaryFolder { folder in
                let key = try await TestKey("ed25519", in: folder, passphrase: "very secret")
                let error = try await #require(throws: SlipwayError.self) { try await self.use(key.secret) }
                #expect(error.cause.contains("passphrase"))
            }
        }

        @Test(arguments: [
            "", "nothing", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA/////w==\n-----END OPENSSH PRIVATE KEY-----\n",
            "-----END OPENSSH PRIVATE KEY-----\n-----BEGIN OPENSSH PRIVATE KEY-----\n",
        ])
        func `Damaged keys are refused`(text: String) async throws {
            let error = try await #require(throws: SlipwayError.self) { try await use(Secret(text)) }
            #expect(error.cause.contains("cannot be used"))
        }

        /// Against a port that nobody listens on: an answer that is not about the connection came before it.
        private func use(_ secret: Secret) async throws {
            let host = HostEndpoint(
                machine: "test-a-1", address: IPv4Address(rawValue: 0x7F00_0001), port: 1, hostKeyFingerprint: "SHA256:none",
                identity: secret)
            _ = try await SSHHosts().run("true", on: host)
        }
    }
}
