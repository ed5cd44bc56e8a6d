public import ClusterModel
import Crypto
import Foundation

/// The `openssh-key-v1` file format, unencrypted (PROTOCOL.key in OpenSSH's source).
extension SSHKeyPair {
    private static let magic = Array("openssh-key-v1\0".utf8)
    private static let header = "-----BEGIN OPENSSH PRIVATE KEY-----"
    private static let footer = "-----END OPENSSH PRIVATE KEY-----"

    /// The public key as it travels in the protocol: what is hashed for the fingerprint.
    var publicBlob: [UInt8] {
        var wire = SSHWireWriter()
        wire.write(Self.keyType)
        wire.write(publicKey)
        return wire.bytes
    }

    /// The private key as the content of a key file that OpenSSH and libssh2 read. The same key gives the same bytes.
    public var privateKeyFile: Secret {
        var inner = SSHWireWriter()
        // Twice the same number: with it a reader tells a wrong passphrase. Any number does where there is none.
        let check = SHA256.hash(data: publicBlob).prefix(4)
        inner.append(check)
        inner.append(check)
        inner.write(Self.keyType)
        inner.write(publicKey)
        inner.write(seed.reveal() + publicKey)
        inner.write("")
        inner.pad(to: 8)

        var file = SSHWireWriter()
        file.append(Self.magic)
        file.write("none")
        file.write("none")
        file.write("")
        file.write(UInt32(1))
        file.write(publicBlob)
        file.write(inner.bytes)

        var lines = [Self.header]
        var rest = Data(file.bytes).base64EncodedString()[...]
        while !rest.isEmpty {
            lines.append(String(rest.prefix(70)))
            rest = rest.dropFirst(70)
        }
        lines.append(Self.footer)
        return Secret(lines.joined(separator: "\n") + "\n")
    }

    /// Reads a key file back.
    /// - Throws: `SlipwayError` when it is not one unencrypted ed25519 key in this format, or its halves do not match.
    public init(privateKeyFile: Secret) throws {
        func failure(_ cause: String) -> SlipwayError {
            SlipwayError(
                .failed, doing: "reading an SSH private key", cause: cause,
                hint: "Give an unencrypted ed25519 key in OpenSSH's own format.")
        }
        let lines = privateKeyFile.revealText().split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        guard lines.first == Self.header, lines.last == Self.footer, lines.count > 2 else {
            throw failure("it is not an OpenSSH private key file")
        }
        guard let data = Data(base64Encoded: lines.dropFirst().dropLast().joined()) else { throw failure("its base64 is damaged") }
        var file = SSHWireReader(bytes: [UInt8](data)[...])
        guard file.take(Self.magic.count) == Self.magic[...], let cipher = file.text(), file.text() != nil, file.string() != nil else {
            throw failure("it is cut short or damaged")
        }
        guard cipher == "none" else { throw failure("it is encrypted with a passphrase") }
        guard file.number() == 1 else { throw failure("it does not hold exactly one key") }
        guard file.string() != nil, let innerBytes = file.string(), file.rest.isEmpty else { throw failure("it is cut short or damaged") }

        var inner = SSHWireReader(bytes: innerBytes)
        guard let first = inner.number(), first == inner.number(), let type = inner.text() else { throw failure("it is damaged") }
        guard type == Self.keyType else { throw failure("its key is not ed25519") }
        guard let publicKey = inner.string(), let secret = inner.string(), secret.count == 64,
            let pair = SSHKeyPair(seed: Secret(Array(secret.prefix(32))))
        else { throw failure("it is cut short or damaged") }
        guard pair.publicKey[...] == publicKey, secret.dropFirst(32) == publicKey else {
            throw failure("its private and public half do not belong together")
        }
        self = pair
    }
}
