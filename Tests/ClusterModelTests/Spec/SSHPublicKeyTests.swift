import Foundation
import Testing

@testable import ClusterModel

@Suite struct SSHPublicKeyTests {
    /// The wire format: each field with its length before it.
    private func key(_ type: String, _ fields: [[UInt8]]) -> String {
        let blob = ([Array(type.utf8)] + fields).flatMap { field in
            withUnsafeBytes(of: UInt32(field.count).bigEndian) { Array($0) } + field
        }
        return "\(type) \(Data(blob).base64EncodedString()) someone@example.com"
    }

    @Test func acceptsEd25519AndECDSA() {
        #expect(SSHPublicKey.problem(key("ssh-ed25519", [Array(repeating: 7, count: 32)])) == nil)
        for (curve, size) in [("nistp256", 65), ("nistp384", 97), ("nistp521", 133)] {
            let point = [4] + [UInt8](repeating: 7, count: size - 1)
            #expect(SSHPublicKey.problem(key("ecdsa-sha2-\(curve)", [Array(curve.utf8), point])) == nil)
        }
    }

    @Test func refusesRSAWithTheReason() throws {
        let problem = try #require(SSHPublicKey.problem(key("ssh-rsa", [[1, 0, 1], Array(repeating: 7, count: 257)])))
        #expect(problem.message.contains("libssh2 1.10"))
        #expect(problem.message.contains("SHA-1"))
        #expect(problem.suggestion?.contains("ed25519") == true)
    }

    @Test func refusesDamage() {
        #expect(SSHPublicKey.problem(key("ssh-ed25519", [Array(repeating: 7, count: 31)])) != nil)
        #expect(SSHPublicKey.problem(key("ssh-ed25519", [Array(repeating: 7, count: 32), [1]])) != nil)
        #expect(SSHPublicKey.problem(key("ecdsa-sha2-nistp256", [Array("nistp384".utf8), Array(repeating: 4, count: 97)])) != nil)
        #expect(SSHPublicKey.problem("ssh-ed25519 AAAA/////w== x") != nil)
        #expect(SSHPublicKey.problem("ssh-ed25519 !!!!") != nil)
        #expect(SSHPublicKey.problem(" ") != nil)
        #expect(SSHPublicKey.problem("") != nil)
        #expect(SSHPublicKey.problem("a\nb") != nil)
    }

    @Test func neverQuotesAPrivateKey() throws {
        for text in ["-----BEGIN OPENSSH PRIVATE KEY-----\nhunter2", "ssh-ed25519 -----BEGIN RSA PRIVATE KEY----- hunter2"] {
            let problem = try #require(SSHPublicKey.problem(text))
            #expect(!problem.message.contains("hunter2"))
            #expect(SSHPublicKey.mayHoldSecret(text))
        }
    }
}
