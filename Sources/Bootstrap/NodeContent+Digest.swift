import ClusterModel
import Crypto
import Foundation

extension NodeContent {
    /// What the digest is over: no effects (they say how to change, not what is wanted) and nothing outside `inDigest`.
    private struct Digested: Encodable {
        struct File: Encodable {
            var path: String
            var mode: UInt16
            var owner: String
            var content: FileContent
        }

        var format = 1
        var files: [File]
        var folders: [NodeFolder]
        var certificates: [NodeCertificate]
        var services: [NodeService]
        var secretsVersion: String
    }

    func digest(secretsVersion: String) -> String { CanonicalJSON.sha256(digestText(secretsVersion: secretsVersion)) }

    /// What the digest of a machine is over.
    static func digestText(of input: NodeContentInput) throws -> String {
        try NodeRenderer(input.symbolic).content().digestText(secretsVersion: input.secretsVersion)
    }

    private func digestText(secretsVersion: String) -> String {
        let digested = Digested(
            files: files.filter(\.inDigest).map { .init(path: $0.path, mode: $0.mode, owner: $0.owner, content: $0.content) },
            folders: folders, certificates: certificates, services: services, secretsVersion: secretsVersion)
        return CanonicalJSON.text(digested)
    }
}

/// JSON with sorted keys: the same value always gives the same bytes.
enum CanonicalJSON {
    static func text(_ value: some Encodable, pretty: Bool = false) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
        // Only values without floating point numbers come here, and only those can fail to encode.
        guard let data = try? encoder.encode(value) else { preconditionFailure("\(type(of: value)) cannot be encoded") }
        return String(decoding: data, as: UTF8.self)
    }

    /// SHA-256 in lower-case hex.
    static func digest(_ value: some Encodable) -> String { sha256(text(value)) }
    static func sha256(_ text: String) -> String { SHA256.hash(data: Array(text.utf8)).hexadecimal }
}
