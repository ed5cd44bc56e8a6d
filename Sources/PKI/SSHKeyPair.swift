import ClusterModel
import Crypto
import Foundation

/// An ed25519 key pair for SSH: a user's, or a machine's host key.
///
/// The private half appears in no description and no reflection.
public struct SSHKeyPair: Sendable {
    static let keyType = "ssh-ed25519"

    /// The 32 bytes of the public key.
    let publicKey: [UInt8]
    /// The 32 bytes that the private key is made from (RFC 8032).
    let seed: Secret

    /// Makes a new pair from the system's random generator.
    public init() {
        let key = Curve25519.Signing.PrivateKey()
        publicKey = [UInt8](key.publicKey.rawRepresentation)
        seed = Secret([UInt8](key.rawRepresentation))
    }

    /// The pair that belongs to a seed. Nil unless it has 32 bytes.
    init?(seed: Secret) {
        guard let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed.reveal()) else { return nil }
        publicKey = [UInt8](key.publicKey.rawRepresentation)
        self.seed = seed
    }

    /// The line for `authorized_keys` and `known_hosts`, without a newline.
    ///
    /// In `comment`, whatever could begin a line of its own is left out: such a line would be another key.
    public func authorizedKey(comment: String) -> String {
        let line = "\(Self.keyType) \(Data(publicBlob).base64EncodedString())"
        let safe = String(String.UnicodeScalarView(comment.unicodeScalars.filter { !$0.properties.generalCategory.isInvisible }))
            .trimmingCharacters(in: .whitespaces)
        return safe.isEmpty ? line : "\(line) \(safe)"
    }

    /// `SHA256:...`, base64 without padding, as OpenSSH prints it.
    public var fingerprint: String {
        "SHA256:" + Data(SHA256.hash(data: publicBlob)).base64EncodedString().trimmingCharacters(in: ["="])
    }
}

extension SSHKeyPair: Equatable {}

extension SSHKeyPair: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "SSHKeyPair(\(fingerprint))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["fingerprint": fingerprint]) }
}
