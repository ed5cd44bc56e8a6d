public import ClusterModel

/// A mirror in a folder of this machine, as `make assets` makes one. Its files are used where they are, each checked
/// against its digest once.
public final class DirectoryMirror: ClosableAssetSource {
    public let name: String
    /// Absolute, unless it was given otherwise.
    public let path: String
    private let cache: AssetCache
    private let checked = OncePerKey<AssetFile>()

    /// `name` is the user's own word for it in errors, the path if nil.
    public init(path: String, name: String? = nil, cache: AssetCache = AssetCache()) {
        self.path = path
        self.name = name ?? path
        self.cache = cache
    }

    public func newestVersion() async throws -> KubernetesVersion {
        let doing = "finding the newest version in \(name)"
        let text = try await read(AssetLayout.newest, doing: doing)
        guard let version = AssetLayout.version(text) else {
            throw SlipwayError(.failed, doing: doing, cause: "\(path)/\(AssetLayout.newest) does not hold a version")
        }
        return version
    }

    public func binary(_ binary: KubernetesBinary, version: KubernetesVersion) async throws -> AssetFile {
        try await file(AssetLayout.binary(binary, version: version), doing: "getting \(binary.rawValue) \(version) from \(name)")
    }

    public func pauseImage(named image: String) async throws -> AssetFile {
        let pause = try await file(AssetLayout.pause, doing: "getting pause from \(name)")
        return try await cache.pauseImage(named: image, binary: pause)
    }

    public func close() async {}

    /// The file, its digest checked.
    private func file(_ relative: String, doing: String) async throws -> AssetFile {
        try await checked.value(for: relative) { [self] in
            let text = try await read(AssetLayout.digest(of: relative), doing: doing)
            let file = "\(path)/\(relative)"
            guard let expected = SHA256Text.parse(text) else {
                throw SlipwayError(
                    .failed, doing: doing, cause: "\(AssetLayout.digest(of: file)) does not hold a SHA-256 digest", hint: Self.remake)
            }
            let found = try await asking(doing) { try SHA256Text.ofFile(file) }
            guard found.digest == expected else {
                throw SlipwayError(
                    .failed, doing: doing, cause: "the SHA-256 of \(file) is \(found.digest), but its .sha256 file says \(expected)",
                    hint: Self.remake)
            }
            return AssetFile(path: file, sha256: found.digest, size: found.size)
        }
    }

    private func read(_ relative: String, doing: String) async throws -> String {
        let file = "\(path)/\(relative)"
        return try await asking(doing) { String(decoding: try WholeFile.read(file, limit: 4096), as: UTF8.self) }
    }

    /// A file that cannot be read means that the mirror cannot be asked.
    private func asking<Value: Sendable>(_ doing: String, _ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            return try await offPool(work)
        } catch let error as SystemError {
            throw SlipwayError(
                .unreachable, doing: doing, cause: "\(error)",
                hint: "`make assets` prepares a mirror and prints its path; the folder must have the layout of the official release")
        }
    }

    private static let remake = "the mirror is damaged: remove it and have it made again with `make assets`"
}
