import Foundation

/// Public keys as `authorized_keys` has them: type, base64 and a comment.
enum SSHPublicKey {
    private static let ed25519 = "ssh-ed25519"
    private static let ecdsa = ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"]

    /// True when the text is, or may be, a private key: it must not be shown.
    static func mayHoldSecret(_ text: String) -> Bool { text.uppercased().contains("PRIVATE KEY") }

    /// The part of a line that makes the key.
    static func withoutComment(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: true).prefix(2).joined(separator: " ")
    }

    /// What is wrong with a line; nil when nothing is.
    static func problem(_ text: String) -> SpecTextProblem? {
        let example = "as 'ssh-ed25519 AAAA... me@example.com'"
        if mayHoldSecret(text) {
            return SpecTextProblem("this is a private key: it does not belong into a spec", "the content of the .pub file beside it")
        }
        let fields = text.split(separator: " ", omittingEmptySubsequences: true)
        guard let type = fields.first.map(String.init) else { return SpecTextProblem("an SSH public key is empty", example) }
        if text.contains(where: \.isNewline) { return SpecTextProblem("an SSH public key is one line", "one list item for each key") }
        if text.hasPrefix("/") || text.hasPrefix("~") || text.hasSuffix(".pub") {
            return SpecTextProblem("\(TerminalText.quoted(text)) names a file; a spec holds the key itself", example)
        }
        if type == "ssh-rsa" || type.hasPrefix("rsa-sha2-") {
            return SpecTextProblem(
                "RSA keys cannot be used: libssh2 1.10 signs with them by SHA-1 only, which OpenSSH 9 refuses",
                "an ed25519 key: ssh-keygen -t ed25519")
        }
        if type == "ssh-dss" {
            return SpecTextProblem("DSA keys are refused by every current OpenSSH", "an ed25519 key: ssh-keygen -t ed25519")
        }
        guard type == ed25519 || ecdsa.contains(type) else {
            if type.hasPrefix("sk-") {
                return SpecTextProblem("keys on security tokens (\(type)) are not supported yet", "an ed25519 or ECDSA key")
            }
            if fields.dropFirst().contains(where: { $0 == ed25519 || ecdsa.contains(String($0)) || $0 == "ssh-rsa" }) {
                return SpecTextProblem("options before an SSH public key are not supported", example)
            }
            return SpecTextProblem("\(TerminalText.quoted(type)) is not the type of an SSH public key", example)
        }
        guard fields.count >= 2, let blob = Data(base64Encoded: String(fields[1])), isKey([UInt8](blob), type: type) else {
            return SpecTextProblem(
                "the key after \(TerminalText.quoted(type)) is damaged or cut short", "copy the whole line of the .pub file")
        }
        return nil
    }

    /// The blob repeats its type and holds exactly the fields of that type (RFC 8709, RFC 5656).
    private static func isKey(_ blob: [UInt8], type: String) -> Bool {
        var fields: [ArraySlice<UInt8>] = []
        var rest = blob[...]
        while !rest.isEmpty {
            guard rest.count >= 4 else { return false }
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard length <= rest.count else { return false }
            fields.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        guard let name = fields.first, name.elementsEqual(type.utf8) else { return false }
        if type == ed25519 { return fields.count == 2 && fields[1].count == 32 }
        let sizes = ["nistp256": 65, "nistp384": 97, "nistp521": 133]
        guard fields.count == 3, let size = sizes[String(decoding: fields[1], as: UTF8.self)],
            type.hasSuffix(String(decoding: fields[1], as: UTF8.self))
        else { return false }
        return fields[2].count == size && fields[2].first == 4
    }
}
