public import ClusterModel

/// The official release, or a mirror of its layout behind a URL. What is asked for is downloaded into the cache, under
/// its digest; the digest is asked for anew by every process, the file only when the cache lacks it.
public final class HTTPMirror: ClosableAssetSource {
    public let name: String
    /// Without a slash at its end.
    public let url: String
    let isOfficial: Bool
    let cache: AssetCache
    let requests: MirrorRequests
    private let files = OncePerKey<AssetFile>()

    /// `name` is the user's own word for it in errors, the URL if nil. The official release lacks Slipway's own files.
    /// `context` serves the waiting between two tries.
    public init(
        url: String, name: String? = nil, isOfficial: Bool = false, cache: AssetCache = AssetCache(), context: RunContext = .live
    ) {
        self.url = url
        self.name = name ?? url
        self.isOfficial = isOfficial
        self.cache = cache
        requests = MirrorRequests(context: context)
    }

    public func newestVersion() async throws -> KubernetesVersion {
        let doing = "finding the newest version in \(name)"
        let text = try await requests.text("\(url)/\(AssetLayout.newest)", doing: doing)
        guard let version = AssetLayout.version(text) else {
            throw SlipwayError(.failed, doing: doing, cause: "\(url)/\(AssetLayout.newest) does not hold a version")
        }
        return version
    }

    public func binary(_ binary: KubernetesBinary, version: KubernetesVersion) async throws -> AssetFile {
        try await file(AssetLayout.binary(binary, version: version), doing: "getting \(binary.rawValue) \(version) from \(name)")
    }

    public func pauseImage(named image: String) async throws -> AssetFile {
        let doing = "getting pause from \(name)"
        guard !isOfficial else {
            throw SlipwayError(
                .unreachable, doing: doing, cause: "the official release publishes pause as an image only, not as a file",
                hint: "prepare a mirror with `make assets` and give its path with --assets")
        }
        return try await cache.pauseImage(named: image, binary: file(AssetLayout.pause, doing: doing))
    }

    public func close() async { await requests.close() }

    private func file(_ relative: String, doing: String) async throws -> AssetFile {
        try await files.value(for: relative) { [self] in
            let source = "\(url)/\(relative)"
            // The digest first: it says whether there is anything to download.
            let text = try await requests.text(AssetLayout.digest(of: source), doing: doing)
            guard let digest = SHA256Text.parse(text) else {
                throw SlipwayError(.failed, doing: doing, cause: "\(AssetLayout.digest(of: source)) does not hold a SHA-256 digest")
            }
            return try await cache.store(digest, at: cache.download(digest), waiting: requests.context) { empty in
                let full = try await requests.download(source, into: empty, doing: doing)
                guard full.digest == digest else {
                    throw SlipwayError(
                        .failed, doing: doing, cause: "the SHA-256 of \(source) is \(full.digest), but its .sha256 file says \(digest)",
                        hint: "the mirror is damaged or is being changed: try again later, or use another one")
                }
                return full
            }
        }
    }
}
