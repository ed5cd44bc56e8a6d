import ClusterModel
import Foundation

/// A container image of one layer, made from files, as an archive that `docker load` and `ctr images import` read.
/// The same image always gives the same bytes.
public struct ImageArchive: Sendable, Equatable {
    public struct File: Sendable, Equatable {
        public enum Content: Sendable, Equatable {
            case bytes([UInt8])
            /// A symbolic link to this path.
            case link(String)
        }

        /// Absolute. The folders above it are made, with mode 755.
        public var path: String
        public var mode: UInt16
        public var content: Content

        public init(path: String, mode: UInt16 = 0o644, content: Content) {
            self.path = path
            self.mode = mode
            self.content = content
        }
    }

    /// With its registry and tag, as `registry.k8s.io/pause:3.5`; containerd completes shorter ones in its own way.
    public var name: String
    public var architecture: Architecture
    public var entrypoint: [String]
    public var cmd: [String]
    /// `NAME=VALUE`
    public var env: [String]
    public var files: [File]

    public init(
        name: String, architecture: Architecture = .host, entrypoint: [String] = [], cmd: [String] = [], env: [String] = [], files: [File]
    ) {
        self.name = name
        self.architecture = architecture
        self.entrypoint = entrypoint
        self.cmd = cmd
        self.env = env
        self.files = files
    }

    /// The archive's bytes. Throws `.failed` for paths that are not absolute, not plain, double or too long for a tar.
    public func archive() throws -> [UInt8] {
        let layer = try layer()
        let layerDigest = SHA256Text.of(layer)
        let config = try Self.encode(
            Config(
                architecture: architecture.rawValue, os: "linux", created: Self.epoch,
                config: .init(Entrypoint: entrypoint, Cmd: cmd, Env: env),
                rootfs: .init(type: "layers", diff_ids: ["sha256:\(layerDigest)"]),
                history: [.init(created: Self.epoch, created_by: "slipway")]))
        let configName = "\(SHA256Text.of(config)).json"
        let layerName = "\(layerDigest)/layer.tar"
        return try Self.archive(name: name, config: (configName, config), layers: [(layerName, layer)])
    }

    /// The archive of an image whose parts are there. Layers may be compressed.
    static func archive(
        name: String, config: (name: String, bytes: [UInt8]), layers: [(name: String, bytes: [UInt8])]
    ) throws -> [UInt8] {
        let manifest = try encode([ManifestEntry(Config: config.name, RepoTags: [name], Layers: layers.map(\.name))])
        var tar = TarWriter()
        // The manifest first: a reader that streams knows then what comes.
        try tar.append(.file, "manifest.json", mode: 0o644, content: manifest)
        try tar.append(.file, config.name, mode: 0o644, content: config.bytes)
        for layer in layers {
            if let slash = layer.name.firstIndex(of: "/") { try tar.append(.folder, String(layer.name[..<slash]), mode: 0o755) }
            try tar.append(.file, layer.name, mode: 0o644, content: layer.bytes)
        }
        tar.finish()
        return tar.bytes
    }

    private func layer() throws -> [UInt8] {
        var entries: [String: File] = [:]
        var folders: Set<String> = []
        for file in files {
            let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count > 1, parts[0].isEmpty, parts.dropFirst().allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
                throw refusal("the path is not absolute and plain: \(file.path)")
            }
            let path = parts.dropFirst().joined(separator: "/")
            guard entries.updateValue(file, forKey: path) == nil else { throw refusal("the path is given twice: \(file.path)") }
            for count in parts.indices.dropFirst(2) { folders.insert(parts[1..<count].joined(separator: "/")) }
        }
        var tar = TarWriter()
        // In this order a folder comes before what it holds.
        for path in folders.union(entries.keys).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            switch (folders.contains(path), entries[path]) {
            case (true, .some): throw refusal("the path is a file and a folder: /\(path)")
            case (_, .none): try tar.append(.folder, path, mode: 0o755)
            case (_, .some(let file)):
                switch file.content {
                case .bytes(let bytes): try tar.append(.file, path, mode: file.mode, content: bytes)
                case .link(let target): try tar.append(.link, path, mode: 0o777, link: target)
                }
            }
        }
        tar.finish()
        return tar.bytes
    }

    private func refusal(_ cause: String) -> SlipwayError { SlipwayError(.failed, doing: "making the image \(name)", cause: cause) }

    private static let epoch = "1970-01-01T00:00:00Z"

    private static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value))
    }
}

// The keys are the image specification's own, so that no table has to translate them.
// swift-format-ignore: AlwaysUseLowerCamelCase
private struct ManifestEntry: Encodable {
    let Config: String
    let RepoTags: [String]
    let Layers: [String]
}

// swift-format-ignore: AlwaysUseLowerCamelCase
private struct Config: Encodable {
    struct Process: Encodable {
        let Entrypoint: [String]
        let Cmd: [String]
        let Env: [String]
    }

    struct RootFS: Encodable {
        let type: String
        let diff_ids: [String]
    }

    struct Change: Encodable {
        let created: String
        let created_by: String
    }

    let architecture: String
    let os: String
    let created: String
    let config: Process
    let rootfs: RootFS
    let history: [Change]
}
