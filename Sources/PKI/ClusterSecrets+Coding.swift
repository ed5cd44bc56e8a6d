public import ClusterModel
import Crypto
import Foundation

extension ClusterSecrets {
    /// The names of the parts in a store.
    private enum Part {
        static let id = "id"
        static let serviceAccountKey = "service-account.key"
        static let encryptionKey = "encryption.key"
        static let sshKey = "ssh.key"
        static let hostKeySeed = "host-key.seed"
        static func certificate(_ authority: AuthorityName) -> String { "\(authority.rawValue)-ca.crt" }
        static func key(_ authority: AuthorityName) -> String { "\(authority.rawValue)-ca.key" }
    }

    /// The set as named texts: PEM for certificates and keys, base64 for plain bytes. `init(decoding:)` reads it back.
    public func encoded() -> [String: Secret] {
        var parts: [String: Secret] = [
            Part.id: Secret(id),
            Part.serviceAccountKey: serviceAccountKey,
            Part.encryptionKey: encryptionKey.base64,
            Part.sshKey: sshKey.privateKeyFile,
            Part.hostKeySeed: hostKeySeed.base64,
        ]
        for name in AuthorityName.allCases {
            parts[Part.certificate(name)] = Secret(authority(name).certificatePEM)
            parts[Part.key(name)] = authority(name).key
        }
        return parts
    }

    /// Reads a set back. Parts of other names are passed over.
    /// - Throws: `SlipwayError` that names every part that is missing or malformed, and no content.
    public init(decoding parts: [String: Secret]) throws {
        var reader = PartReader(parts: parts)
        let id = reader.read(Part.id) { secret -> String? in
            let text = secret.revealText()
            return text.utf8.count == 32 && text.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) ? text : nil
        }
        let serviceAccountKey = reader.read(Part.serviceAccountKey) {
            try P256.Signing.PrivateKey(pemRepresentation: $0.revealText())
        }
        let encryptionKey = reader.read(Part.encryptionKey) { Secret(base64: $0, count: Self.symmetricKeySize) }
        let hostKeySeed = reader.read(Part.hostKeySeed) { Secret(base64: $0, count: Self.symmetricKeySize) }
        let sshKey = reader.read(Part.sshKey) { try SSHKeyPair(privateKeyFile: $0) }
        let kubernetes = reader.readAuthority(certificate: Part.certificate(.kubernetes), key: Part.key(.kubernetes))
        let etcd = reader.readAuthority(certificate: Part.certificate(.etcd), key: Part.key(.etcd))
        let frontProxy = reader.readAuthority(certificate: Part.certificate(.frontProxy), key: Part.key(.frontProxy))
        guard let id, let serviceAccountKey, let encryptionKey, let hostKeySeed, let sshKey, let kubernetes, let etcd, let frontProxy
        else { throw reader.error }
        self.init(
            id: id, kubernetes: kubernetes, etcd: etcd, frontProxy: frontProxy, serviceAccountKey: serviceAccountKey,
            encryptionKey: encryptionKey, sshKey: sshKey, hostKeySeed: hostKeySeed)
    }
}

/// Reads named parts and remembers all that was wrong, so that one error tells everything.
private struct PartReader {
    let parts: [String: Secret]
    private var problems: [String] = []

    init(parts: [String: Secret]) { self.parts = parts }

    mutating func read<Value>(_ name: String, _ decode: (Secret) throws -> Value?) -> Value? {
        guard let secret = parts[name] else {
            problems.append("'\(name)' is missing")
            return nil
        }
        // The decoder's own error is dropped: it might quote what it read.
        guard let value = try? decode(secret) else {
            problems.append("'\(name)' is malformed")
            return nil
        }
        return value
    }

    mutating func readAuthority(certificate: String, key: String) -> CertificateAuthority? {
        let pem = read(certificate) { secret in (try? CertificateDates.notAfter(pem: secret.revealText())).map { _ in secret } }
        let secret = read(key) { secret in (try? P256.Signing.PrivateKey(pemRepresentation: secret.revealText())).map { _ in secret } }
        guard let pem, let secret else { return nil }
        do {
            return try CertificateAuthority(certificatePEM: pem.revealText(), key: secret)
        } catch {
            let cause = (error as? SlipwayError)?.cause ?? "they do not fit together"
            problems.append("'\(certificate)' and '\(key)': \(cause)")
            return nil
        }
    }

    var error: SlipwayError {
        SlipwayError(
            .failed, doing: "reading the cluster's secrets", cause: problems.joined(separator: "; "),
            hint: "Restore the cluster's secrets from a backup of the state store; they cannot be made anew for a cluster that runs.")
    }
}

extension Secret {
    var base64: Secret { Secret(Data(reveal()).base64EncodedString()) }

    /// Nil unless `text` is the base64 of exactly `count` bytes.
    init?(base64 text: Secret, count: Int) {
        guard let data = Data(base64Encoded: text.revealText()), data.count == count else { return nil }
        self.init([UInt8](data))
    }
}
