public import ClusterModel

/// A mirror in a folder of this machine, as `make assets` makes one. Its files are used where they are, each checked
/// against its digest once.
public final class DirectoryMirror: ClosableAssetSource {
    public let name: String
    /// Absolute, unless it was given otherwise.
    public let path: String
    public let architecture: Architecture
    private let cache: AssetCache
    private let checked = OncePerKey<AssetFile>()

    /// `name` is the user's own word for it in errors, the path if nil.
    public init(path: String, name: String? = nil, architecture: Architecture = .host, cache: AssetCache = AssetCache()) {
        self.path = path
        self.name = name ?? path
        self.architecture = architecture
        self.cache = cache
    }

    public func newestVersion() async throws -> KubernetesVersion {
        let doing = "finding the newest version in \(name)"
        let text = try await read("\(path)/\(NewestFile.ofAll)", doing: doing)
        guard let version = NewestFile.version(text) else {
            throw SlipwayError(.failed, doing: doing, cause: "\(path)/\(NewestFile.ofAll) does not hold a version")
        }
        return version
    }

    public func binary(_ binary: KubernetesBinary, version: KubernetesVersion) async throws -> AssetFile {
        try await file(.kubernetes(binary, version, architecture))
    }

    public func pauseImage(named image: String, for version: KubernetesVersion) async throws -> AssetFile {
        try await cache.pauseImage(named: image, binary: file(.pause(architecture)), architecture)
    }

    public func location(of file: ReleaseFile) -> String { "\(Addresses.mirror(path)[file.publisher])/\(file.path)" }

    public func sandboxImage(for version: KubernetesVersion) -> NodeAsset {
        NodeAsset(kind: .sandboxImage, component: "pause", version: "", location: location(of: .pause(architecture)))
    }

    public func close() async {}

    /// The file, its digest checked.
    public func file(_ wanted: ReleaseFile) async throws -> AssetFile {
        let file = location(of: wanted)
        return try await checked.value(for: file) { [self] in
            let doing = "getting \(wanted.title) from \(name)"
            let checksums = "\(Addresses.mirror(path)[wanted.publisher])/\(wanted.checksums)"
            let text = try await read(checksums, doing: doing)
            guard let expected = ChecksumText.digest(of: wanted.name, in: text) else {
                throw SlipwayError(
                    .failed, doing: doing, cause: "\(checksums) does not hold a SHA-256 digest of \(wanted.name)", hint: Self.remake)
            }
            let found = try await asking(doing) { try SHA256Text.ofFile(file) }
            guard found.digest == expected else {
                throw SlipwayError(
                    .failed, doing: doing, cause: "the SHA-256 of \(file) is \(found.digest), but its checksum file says \(expected)",
                    hint: Self.remake)
            }
            return AssetFile(path: file, sha256: found.digest, size: found.size)
        }
    }

    private func read(_ file: String, doing: String) async throws -> String {
        try await asking(doing) { String(decoding: try WholeFile.read(file, limit: ChecksumText.limit), as: UTF8.self) }
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
