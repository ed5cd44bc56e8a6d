import ClusterModel
import Crypto
import Foundation

/// Secrets as they are stored: sealed under a key, bound to one cluster's lineage and to the format.
struct SecretsDocument: Codable, Sendable {
    /// The newest. Documents without an envelope are written as version 1 knows them, so that it goes on reading them.
    static let formatVersion = 2
    private static let versionWithoutEnvelope = 1

    var formatVersion: Int
    /// In clear, so that the secrets can be opened when the state is lost.
    var lineage: String
    var keyID: String
    /// How the key was made of a passphrase; nil for the key of a key file.
    var derivation: Derivation?
    /// The key as a KMS key encrypted it; nil for the key of a key file or a passphrase. Since version 2.
    var envelope: Envelope?
    /// Base64 of nonce, ciphertext and tag of ChaCha20-Poly1305.
    var box: String

    private static func associatedData(_ lineage: String, _ envelope: Envelope?) -> Data {
        guard let envelope else { return Data("slipway secrets \(versionWithoutEnvelope) \(lineage)".utf8) }
        return Data("slipway secrets \(formatVersion) \(lineage) \(envelope.kmsKey) \(envelope.dataKey)".utf8)
    }

    /// Whether a key file has the key.
    var isOfKeyFile: Bool { derivation == nil && envelope == nil }

    init(sealing secrets: [String: Secret], lineage: String, key: StoreKey, derivation: Derivation? = nil, envelope: Envelope? = nil) throws
    {
        let content = try StateCoding.encode(secrets.mapValues { Data($0.reveal()).base64EncodedString() })
        // The nonce is random: 96 bits, and a key seals far fewer than 2^32 documents in its life.
        let sealed = try ChaChaPoly.seal(content, using: key.encryption, authenticating: Self.associatedData(lineage, envelope))
        formatVersion = envelope == nil ? Self.versionWithoutEnvelope : Self.formatVersion
        self.lineage = lineage
        keyID = key.id
        self.derivation = derivation
        self.envelope = envelope
        box = sealed.combined.base64EncodedString()
    }

    init(sealing secrets: [String: Secret], lineage: String, with seal: SecretsKey.Seal) throws {
        try self.init(sealing: secrets, lineage: lineage, key: seal.key, derivation: seal.derivation, envelope: seal.envelope)
    }

    /// Reads the document, not yet its secrets. Throws `.refused`.
    init(_ bytes: [UInt8], cluster: String) throws {
        struct Version: Decodable { var formatVersion: Int }
        if let version = try? StateCoding.decode(Version.self, bytes), version.formatVersion > Self.formatVersion {
            throw Self.refusal(
                cluster, "their format version is \(version.formatVersion), this version of Slipway reads up to \(Self.formatVersion)",
                hint: "use the version of Slipway that wrote them, or a newer one")
        }
        guard let document = try? StateCoding.decodeWhole(Self.self, bytes.last == Self.newline ? bytes.dropLast() : bytes[...]),
            document.formatVersion == (document.envelope == nil ? Self.versionWithoutEnvelope : Self.formatVersion),
            document.derivation == nil || document.envelope == nil
        else {
            throw Self.damaged(cluster)
        }
        self = document
    }

    func bytes() throws -> [UInt8] { try StateCoding.encode(self) + [UInt8(ascii: "\n")] }

    /// Throws `.refused` when `key` is not the one that sealed them, or they are damaged or of another cluster.
    func open(with key: StoreKey, at path: String, cluster: String) throws -> [String: Secret] {
        guard key.id == keyID else { throw wrongKey(key, at: path, cluster: cluster) }
        guard let combined = Data(base64Encoded: box), let sealed = try? ChaChaPoly.SealedBox(combined: combined),
            let content = try? ChaChaPoly.open(sealed, using: key.encryption, authenticating: Self.associatedData(lineage, envelope)),
            let texts = try? StateCoding.decode([String: String].self, content)
        else { throw Self.damaged(cluster) }
        return try texts.mapValues { text in
            guard let bytes = Data(base64Encoded: text) else { throw Self.damaged(cluster) }
            return Secret([UInt8](bytes))
        }
    }

    /// Says that another key is there than the one that sealed them.
    func wrongKey(_ key: StoreKey, at path: String, cluster: String) -> SlipwayError {
        Self.refusal(
            cluster, "the key in \(path) is \(key.id), but \(keyID) encrypted the secrets",
            hint: "bring the key file of \(keyID) back, or name it with --key-file")
    }

    func check(lineage: String, cluster: String) throws {
        guard lineage == self.lineage else {
            throw Self.refusal(
                cluster, "the secrets are of lineage \(self.lineage), the state is of \(lineage)",
                hint: "state and secrets of two clusters were mixed: restore both from the same copy")
        }
    }

    private static let newline = UInt8(ascii: "\n")
    private static let damage = "secrets.enc is damaged"

    static func damaged(_ cluster: String) -> SlipwayError { refusal(cluster, damage, hint: "restore it from a copy") }

    /// Whether it says that the document is not as it was written.
    static func isDamage(_ error: SlipwayError) -> Bool { error.code == .refused && error.cause == damage }

    private static func refusal(_ cluster: String, _ cause: String, hint: String) -> SlipwayError {
        SlipwayError(.refused, at: Address(.secrets, cluster), doing: "opening the secrets", cause: cause, hint: hint)
    }
}
