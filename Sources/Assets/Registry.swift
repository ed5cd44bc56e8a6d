import ClusterModel
import Foundation

/// Reads an image out of a registry by the OCI distribution API, as far as one small public image needs it: no login.
struct Registry {
    /// Without a slash at its end.
    let url: String
    let requests: Requests

    /// For a manifest, a configuration, and a layer. The image that this is for has less than one MB in all.
    private static let limit = 8 << 20

    private static let indexes = ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"]
    private static let manifests = ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"]

    /// The image as an archive under another name. All but the tag's own document is checked against its digest.
    /// Throws a `RequestFailure` when the registry does not give it, `.failed` for what is not as it should be.
    func archive(of repository: String, tag: String, _ architecture: Architecture, named name: String) async throws -> [UInt8] {
        let base = "\(url)/v2/\(repository)"
        let top = try await document(Document.self, "\(base)/manifests/\(tag)", accept: Self.indexes + Self.manifests)
        let manifest: Document
        if let all = top.manifests {
            let mine = all.first { $0.platform?.os == "linux" && $0.platform?.architecture == architecture.rawValue }
            guard let mine else { throw refusal("\(base)/manifests/\(tag) has nothing for linux/\(architecture.rawValue)") }
            let bytes = try await checked(mine.digest, "\(base)/manifests/\(mine.digest)", accept: Self.manifests)
            manifest = try decode(Document.self, bytes, "\(base)/manifests/\(mine.digest)")
        } else {
            manifest = top
        }
        guard let config = manifest.config, let layers = manifest.layers, !layers.isEmpty else {
            throw refusal("\(base)/manifests/\(tag) is no manifest of an image")
        }
        let configBytes = try await checked(config.digest, "\(base)/blobs/\(config.digest)")
        var parts: [(name: String, bytes: [UInt8])] = []
        for layer in layers {
            let bytes = try await checked(layer.digest, "\(base)/blobs/\(layer.digest)")
            parts.append(("\(hex(layer.digest))/layer.tar", bytes))
        }
        return try ImageArchive.archive(name: name, config: ("\(hex(config.digest)).json", configBytes), layers: parts)
    }

    /// Manifests and lists of them have these fields, each some of them.
    private struct Document: Decodable {
        var manifests: [Entry]?
        var config: Entry?
        var layers: [Entry]?
    }

    private struct Entry: Decodable {
        struct Platform: Decodable {
            var architecture: String
            var os: String
        }

        var digest: String
        var platform: Platform?
    }

    private func document<Value: Decodable>(_ type: Value.Type, _ url: String, accept: [String]) async throws -> Value {
        try decode(type, await requests.bytes(url, accept: accept, limit: Self.limit), url)
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8], _ url: String) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw refusal(
                "\(url) is no document of an image: \(ChecksumText.beginning(String(decoding: bytes.prefix(400), as: UTF8.self)))")
        }
    }

    private func checked(_ digest: String, _ url: String, accept: [String] = []) async throws -> [UInt8] {
        guard digest.hasPrefix("sha256:"), SHA256Text.parse(hex(digest)) != nil else { throw refusal("\(digest) is no SHA-256 digest") }
        let bytes = try await requests.bytes(url, accept: accept, limit: Self.limit)
        let found = SHA256Text.of(bytes)
        guard found == hex(digest) else { throw refusal("the SHA-256 of \(url) is \(found), not \(hex(digest))") }
        return bytes
    }

    private func hex(_ digest: String) -> String { String(digest.dropFirst("sha256:".count)) }

    private func refusal(_ cause: String) -> SlipwayError {
        SlipwayError(
            .failed, doing: "reading an image", cause: cause, hint: "the registry is damaged or is being changed: try again later")
    }
}
