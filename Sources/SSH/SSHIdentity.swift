internal import ClusterModel
internal import Foundation

/// A user's private key, looked into far enough to know that libssh2 can log in with it.
struct SSHIdentity {
    /// The file's content, as libssh2 reads it.
    let privateKey: [UInt8]
    /// The public half as a line of `authorized_keys`, taken from the private key file.
    let publicKey: [UInt8]

    /// - Throws: `SlipwayError`, permanent, that says why the key does not serve.
    init(_ secret: Secret) throws {
        privateKey = secret.reveal()
        let text = String(decoding: privateKey, as: UTF8.self)
        if text.contains("-----BEGIN RSA PRIVATE KEY-----") { throw Self.rsa() }
        guard let begin = text.range(of: "-----BEGIN OPENSSH PRIVATE KEY-----"),
            let end = text.range(of: "-----END OPENSSH PRIVATE KEY-----", range: begin.upperBound..<text.endIndex),
            let data = Data(base64Encoded: String(text[begin.upperBound..<end.lowerBound]), options: .ignoreUnknownCharacters)
        else { throw Self.unusable("it is not in OpenSSH's own private key format") }

        let magic = Array("openssh-key-v1\0".utf8)
        var fields = SSHFields(Array(data))
        guard fields.take(magic.count) == magic, let cipher = fields.text(), fields.string() != nil, fields.string() != nil,
            fields.number() == 1, let publicBlob = fields.string()
        else { throw Self.unusable("its file is damaged") }
        guard cipher == "none" else { throw Self.unusable("it is protected by a passphrase") }
        var publicFields = SSHFields(publicBlob)
        guard let type = publicFields.text() else { throw Self.unusable("its file is damaged") }
        if type == "ssh-rsa" { throw Self.rsa() }
        guard type == "ssh-ed25519" || type.hasPrefix("ecdsa-sha2-nistp") else { throw Self.unusable("keys of type \(type) are not supported") }
        publicKey = Array("\(type) \(Data(publicBlob).base64EncodedString())".utf8)
    }

    private static func rsa() -> SlipwayError {
        unusable(
            "it is an RSA key: libssh2 \(LibSSH2.version) signs with RSA only by SHA-1 (rsa-sha2 came with 1.11), which OpenSSH refuses")
    }

    private static func unusable(_ why: String) -> SlipwayError {
        SlipwayError(
            .failed, doing: "reading the SSH key to log in with", cause: "this key cannot be used: \(why)",
            hint: "use an ed25519 or ECDSA key without a passphrase (ssh-keygen -t ed25519)")
    }
}

/// Reads the length-prefixed fields that SSH's wire and key formats are made of.
struct SSHFields {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func take(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= bytes.count - position else { return nil }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func number() -> Int? {
        take(4).map { $0.reduce(0) { $0 << 8 | Int($1) } }
    }

    mutating func string() -> [UInt8]? {
        number().flatMap { take($0) }
    }

    mutating func text() -> String? {
        string().map { String(decoding: $0, as: UTF8.self) }
    }
}
