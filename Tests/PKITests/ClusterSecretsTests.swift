import ClusterModel
import Crypto
import Foundation
import Testing

@testable import PKI

@Suite struct ClusterSecretsTests {
    let secrets: ClusterSecrets

    init() throws { secrets = try ClusterSecrets.generate(clusterName: "demo", now: someMoment) }

    @Test func surviveCoding() throws {
        let parts = secrets.encoded()
        #expect(parts.count == 11)
        let again = try ClusterSecrets(decoding: parts)
        #expect(again == secrets)
        #expect(again.encoded() == parts)
        #expect(again.versionID == secrets.versionID)
        #expect(again.hostKey(for: "demo-nodes-a-1") == secrets.hostKey(for: "demo-nodes-a-1"))
        // A later version may keep more.
        #expect(try ClusterSecrets(decoding: parts.merging(["later": Secret("x")]) { $1 }) == secrets)
    }

    @Test func areDifferentEachTime() throws {
        let other = try ClusterSecrets.generate(clusterName: "demo", now: someMoment)
        let (mine, theirs) = (secrets.encoded(), other.encoded())
        for (name, part) in mine { #expect(part != theirs[name], "\(name)") }
        #expect(other.versionID != secrets.versionID)
        #expect(Set(AuthorityName.allCases.map { secrets.authority($0).key.revealText() }).count == 3)
        #expect(Set(AuthorityName.allCases.map { secrets.authority($0).certificatePEM }).count == 3)
        #expect(secrets.encryptionKey.reveal().count == 32)
        #expect(secrets.encryptionKey != secrets.hostKeySeed)
    }

    @Test func everyMissingPartIsNamed() {
        for name in secrets.encoded().keys {
            var parts = secrets.encoded()
            parts[name] = nil
            let error = #expect(throws: SlipwayError.self) { try ClusterSecrets(decoding: parts) }
            #expect(error?.cause == "'\(name)' is missing")
        }
        let error = #expect(throws: SlipwayError.self) { try ClusterSecrets(decoding: [:]) }
        #expect(error?.cause.split(separator: ";").count == 11)
    }

    @Test func everyMalformedPartIsNamedAndNotShown() {
        for name in secrets.encoded().keys {
            for nonsense in ["", "hunter2", "aHVudGVyMg==", "-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n"] {
                var parts = secrets.encoded()
                parts[name] = Secret(nonsense)
                let error = #expect(throws: SlipwayError.self) { try ClusterSecrets(decoding: parts) }
                #expect(error?.cause == "'\(name)' is malformed")
                #expect(error?.hint?.contains("hunter2") == false)
            }
        }
    }

    @Test func partsThatDoNotFitTogetherAreRefused() {
        var parts = secrets.encoded()
        (parts["etcd-ca.key"], parts["kubernetes-ca.key"]) = (parts["kubernetes-ca.key"], parts["etcd-ca.key"])
        let error = #expect(throws: SlipwayError.self) { try ClusterSecrets(decoding: parts) }
        #expect(error?.cause.contains("'etcd-ca.crt' and 'etcd-ca.key': the private key does not belong") == true)
        #expect(error?.cause.contains("'kubernetes-ca.crt' and 'kubernetes-ca.key'") == true)
        #expect(error?.cause.contains("front-proxy") == false)
    }

    @Test func referencesGiveWhatFilesHold() async throws {
        for name in AuthorityName.allCases {
            #expect(secrets.bytes(of: .authorityCertificate(name)).revealText() == secrets.authority(name).certificatePEM)
            #expect(secrets.bytes(of: .authorityKey(name)) == secrets.authority(name).key)
        }
        let encryption = try #require(Data(base64Encoded: secrets.bytes(of: .encryptionKey).revealText()))
        #expect([UInt8](encryption) == secrets.encryptionKey.reveal())
        try await Folder.with { folder in
            try folder.write(secrets.bytes(of: .serviceAccountKey).revealText(), to: "sa.key")
            let publicHalf = try await Tool.run("openssl", "pkey", "-in", "sa.key", "-pubout", in: folder)
            #expect(publicHalf.output == secrets.bytes(of: .serviceAccountPublicKey).revealText())
        }
    }

    @Test func authoritiesDoNotTrustEachOther() async throws {
        let request = CertificateRequest(
            name: "peer", authority: .etcd, commonName: "peer", dnsNames: ["peer"], usages: [.server, .client])
        let issued = try secrets.issue(request, now: someMoment)
        try await Folder.with { folder in
            try folder.write(issued.certificatePEM, to: "peer.crt")
            for name in AuthorityName.allCases {
                try folder.write(secrets.authority(name).certificatePEM, to: "ca.crt")
                let result = try await Tool.run(
                    "openssl", "verify", "-no-CApath", "-attime", "1900000000", "-CAfile", "ca.crt", "peer.crt", in: folder)
                #expect((result.status == 0) == (name == .etcd))
            }
        }
    }

    /// The version may stand in any log: it depends on public parts alone.
    @Test func versionIsShortAndTellsNothing() throws {
        #expect(secrets.versionID.count == 16)
        #expect(secrets.versionID.allSatisfy { $0.isHexDigit && !$0.isUppercase })
        var parts = secrets.encoded()
        parts["encryption.key"] = Secret(randomBytes(32)).base64
        parts["host-key.seed"] = Secret(randomBytes(32)).base64
        #expect(try ClusterSecrets(decoding: parts).versionID == secrets.versionID)
        parts["id"] = Secret(randomBytes(16).hexadecimal)
        #expect(try ClusterSecrets(decoding: parts).versionID != secrets.versionID)
        parts = secrets.encoded()
        parts["ssh.key"] = SSHKeyPair().privateKeyFile
        #expect(try ClusterSecrets(decoding: parts).versionID != secrets.versionID)
        parts = secrets.encoded()
        parts["service-account.key"] = Secret(P256.Signing.PrivateKey().pemRepresentation)
        #expect(try ClusterSecrets(decoding: parts).versionID != secrets.versionID)
    }

    @Test func hostKeysFollowFromTheMachinesName() async throws {
        let key = secrets.hostKey(for: "demo-nodes-a-1")
        #expect(key == secrets.hostKey(for: "demo-nodes-a-1"))
        #expect(key != secrets.hostKey(for: "demo-nodes-a-2"))
        #expect(key != secrets.sshKey)
        let other = try ClusterSecrets.generate(clusterName: "demo", now: someMoment)
        #expect(key != other.hostKey(for: "demo-nodes-a-1"))
        #expect(Set((0..<100).map { secrets.hostKey(for: "m-\($0)").fingerprint }).count == 100)
        try await Folder.with { folder in
            try folder.write(key.privateKeyFile.revealText(), to: "host")
            let listed = try await Tool.run("ssh-keygen", "-l", "-f", "host", in: folder)
            #expect(listed.output.contains(key.fingerprint))
        }
    }

    /// Pinned: another derivation would change the host keys of every machine that runs.
    @Test func hostKeyDerivationNeverChanges() throws {
        var parts = secrets.encoded()
        parts["host-key.seed"] = Secret(Array(UInt8(0)..<32)).base64
        let pinned = try ClusterSecrets(decoding: parts)
        #expect(pinned.hostKey(for: "demo-control-plane-a-1").fingerprint == "SHA256:Y2jBKQpNKSctafgJ9FXYx3lku36marr4mmexaainWOM")
    }

    @Test func adminEndpointIsAShortLivedAdministrator() async throws {
        let endpoint = try secrets.adminEndpoint(url: "https://100.96.8.2:6443", now: someMoment)
        #expect(endpoint.url == "https://100.96.8.2:6443")
        #expect(endpoint.authority == secrets.authority(.kubernetes).certificatePEM)
        #expect(try CertificateDates.notAfter(pem: endpoint.certificate) == Date(timeIntervalSince1970: 1_900_000_000 + 18 * 3600))
        let other = try secrets.adminEndpoint(url: "https://100.96.8.2:6443", ttl: .seconds(60), now: someMoment, user: "me")
        #expect(try CertificateDates.notAfter(pem: other.certificate) == Date(timeIntervalSince1970: 1_900_000_060))
        #expect(other.key != endpoint.key)
        try await Folder.with { folder in
            for (certificate, subject) in [
                (endpoint.certificate, "subject=CN=slipway-admin,O=system:masters\n"),
                (other.certificate, "subject=CN=me,O=system:masters\n"),
            ] {
                try folder.write(certificate, to: "admin.crt")
                let shown = try await Tool.run(
                    "openssl", "x509", "-in", "admin.crt", "-noout", "-subject", "-nameopt", "RFC2253", in: folder)
                #expect(shown.output == subject)
            }
            try folder.write(endpoint.authority, to: "ca.crt")
            let verified = try await Tool.run(
                "openssl", "verify", "-no-CApath", "-attime", "1900000000", "-purpose", "sslclient", "-CAfile", "ca.crt", "admin.crt",
                in: folder)
            #expect(verified.status == 0, "\(verified.output)")
        }
        #expect(throws: SlipwayError.self) { try secrets.adminEndpoint(url: "https://a", ttl: .zero, now: someMoment) }
        #expect(throws: SlipwayError.self) { try secrets.adminEndpoint(url: "https://a", now: someMoment, user: "a\nb") }
    }

    /// However a value is printed, no private part of it is seen: neither as text nor as bytes, hex or base64.
    @Test func nothingPrintsAKey() throws {
        let issued = try secrets.issue(
            CertificateRequest(name: "a", authority: .etcd, commonName: "a", usages: [.client]), now: someMoment)
        let endpoint = try secrets.adminEndpoint(url: "https://a", now: someMoment)
        let entry = KubeconfigEntry(identity: ClusterIdentity(name: "demo", uid: "0a1b2c3d"), endpoint: endpoint)
        let keys = AuthorityName.allCases.map { secrets.authority($0).key } + [secrets.serviceAccountKey, issued.key, endpoint.key]
        var hidden: [String] = []
        for key in keys {
            // The middle lines of the PEM, and the raw key in the usual spellings.
            hidden += key.revealText().split(separator: "\n").dropFirst().dropLast().map(String.init)
            hidden += spellings([UInt8](try P256.Signing.PrivateKey(pemRepresentation: key.revealText()).rawRepresentation))
        }
        for bytes in [secrets.encryptionKey, secrets.hostKeySeed, secrets.sshKey.seed, secrets.hostKey(for: "m").seed] {
            hidden += spellings(bytes.reveal())
        }
        let values: [Any] = [
            secrets, secrets.encoded(), secrets.sshKey, secrets.hostKey(for: "m"), secrets.authority(.etcd), issued, endpoint, entry,
            secrets.bytes(of: .encryptionKey), [secrets.authority(.kubernetes)], Optional(secrets) as Any,
        ]
        for value in values {
            var dumped = ""
            dump(value, to: &dumped)
            for text in [String(describing: value), String(reflecting: value), dumped, "\(value)"] {
                #expect(!text.isEmpty)
                for secret in hidden { #expect(!text.contains(secret), "\(type(of: value)) shows a secret") }
            }
        }
    }

    private func spellings(_ bytes: [UInt8]) -> [String] {
        [bytes.hexadecimal, Data(bytes).base64EncodedString(), bytes.prefix(8).map { "\($0)" }.joined(separator: ", ")]
    }

    @Test func aNameThatCannotStandInACertificateIsRefused() {
        #expect(throws: SlipwayError.self) { try ClusterSecrets.generate(clusterName: "a\nb", now: someMoment) }
    }

    /// A create issues some twenty certificates for a large control plane; none of it may be felt.
    @Test func signingIsFast() throws {
        let request = CertificateRequest(name: "a", authority: .etcd, commonName: "a", dnsNames: ["a"], usages: [.server, .client])
        let elapsed = try ContinuousClock().measure {
            for _ in 0..<50 { _ = try secrets.issue(request, now: someMoment) }
        }
        #expect(elapsed < .seconds(10), "50 certificates took \(elapsed)")
    }
}
