public import ClusterModel
import Foundation

/// The official releases, or a mirror of their layout behind a URL. What is asked for is downloaded into the cache, under
/// its digest; the digest is asked for anew by every process, the file only when the cache lacks it.
public final class HTTPMirror: ClosableAssetSource {
    public let name: String
    public let architecture: Architecture
    let addresses: Addresses
    /// Publishers have no program for the pod sandbox, but an image; mirrors have the program.
    let isOfficial: Bool
    let cache: AssetCache
    let requests: Requests
    private let progress: @Sendable (AssetProgress) -> Void
    private let files = OncePerKey<AssetFile>()
    private let slots = Slots(HTTPMirror.parallelDownloads)

    static let parallelDownloads = 4

    /// - Parameters:
    ///   - name: the user's own word for it in errors.
    ///   - context: serves the waiting between two tries.
    ///   - idle: how long a server may send nothing.
    init(
        name: String, addresses: Addresses, isOfficial: Bool = false, architecture: Architecture = .host, cache: AssetCache = AssetCache(),
        context: RunContext = .live, idle: Duration = .seconds(30), progress: @escaping @Sendable (AssetProgress) -> Void = { _ in }
    ) {
        self.name = name
        self.addresses = addresses
        self.isOfficial = isOfficial
        self.architecture = architecture
        self.cache = cache
        self.progress = progress
        requests = Requests(context: context, idle: idle)
    }

    public func newestVersion() async throws -> KubernetesVersion {
        let doing = "finding the newest version in \(name)"
        let url = "\(addresses[.kubernetes])/\(newestFile)"
        let text = try await asking(doing) { try await requests.text(url) }
        guard let version = NewestFile.version(text) else {
            throw SlipwayError(.failed, doing: doing, cause: "\(url) does not hold a version: \(ChecksumText.beginning(text))")
        }
        return version
    }

    /// Publishers go on with releases that this Slipway does not know yet.
    private var newestFile: String {
        guard isOfficial, let minor = SupportedVersions.minors.last else { return NewestFile.ofAll }
        return NewestFile.of(minor: minor)
    }

    public func binary(_ binary: KubernetesBinary, version: KubernetesVersion) async throws -> AssetFile {
        try await file(.kubernetes(binary, version, architecture))
    }

    public func pauseImage(named image: String, for version: KubernetesVersion) async throws -> AssetFile {
        guard isOfficial else {
            return try await cache.pauseImage(named: image, binary: file(.pause(architecture)), architecture)
        }
        let registry = Registry(url: addresses[.registry], requests: requests)
        let tag = try ReleaseTable.companions(of: version).pause
        return try await files.value(for: "pause:\(tag) \(image)") { [self] in
            try await asking("getting the image pause:\(tag) from \(name)") {
                try await cache.keep(archive: registry.archive(of: "pause", tag: tag, architecture, named: image))
            }
        }
    }

    public func sandboxImage(for version: KubernetesVersion) throws -> NodeAsset {
        guard isOfficial else {
            return NodeAsset(kind: .sandboxImage, component: "pause", version: "", location: location(of: .pause(architecture)))
        }
        let tag = try ReleaseTable.companions(of: version).pause
        return NodeAsset(
            kind: .sandboxImage, component: "pause", version: tag, location: "\(addresses[.registry])/v2/pause/manifests/\(tag)")
    }

    public func location(of file: ReleaseFile) -> String { "\(addresses[file.publisher])/\(file.path)" }

    public func close() async { await requests.close() }

    public func file(_ wanted: ReleaseFile) async throws -> AssetFile {
        try await files.value(for: location(of: wanted)) { [self] in
            try await asking("getting \(wanted.title) from \(name)", hint: { await self.hint(wanted, $0) }) { try await download(wanted) }
        }
    }

    private func download(_ wanted: ReleaseFile) async throws -> AssetFile {
        let url = location(of: wanted)
        // The digest first: it says whether there is anything to download.
        let checksums = "\(addresses[wanted.publisher])/\(wanted.checksums)"
        let text = try await requests.text(checksums)
        guard let digest = ChecksumText.digest(of: wanted.name, in: text) else {
            throw SlipwayError(
                .failed, doing: "reading a digest",
                cause: "\(checksums) does not hold a SHA-256 digest of \(wanted.name): \(ChecksumText.beginning(text))",
                hint: "the source is damaged, or something between it and here answers in its place; try again later, or use another one")
        }
        return try await cache.store(digest, at: cache.download(digest), waiting: requests.context) { begun in
            try await slots.with { [self] in
                var download = Download(url, digest, into: begun, requests) { [progress] kind, received, total in
                    progress(AssetProgress(file: wanted.name, kind: kind, received: received, total: total))
                }
                return try await download.run()
            }
        }
    }

    /// Says in errors what was being done, and what to try.
    private func asking<Value>(
        _ doing: String, hint: (RequestFailure) async -> String = { _ in HTTPMirror.hint }, _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch let failure as RequestFailure {
            throw failure.error(doing: doing, hint: await hint(failure))
        } catch var error as SlipwayError {
            error.doing = doing
            throw error
        }
    }

    private static let hint = "check the network and the URL, or prepare a mirror with `make assets` and give its path with --assets"

    /// What is there in the place of a file that is not.
    private func hint(_ wanted: ReleaseFile, _ failure: RequestFailure) async -> String {
        guard failure.isMissing else { return Self.hint }
        guard wanted.publisher == .kubernetes, let version = KubernetesVersion(wanted.version) else {
            return isOfficial
                ? "is \(wanted.publisher.variable) set to another address?"
                : "a mirror has \(wanted.publisher.rawValue)'s release below \(addresses[wanted.publisher]), laid out as its publisher does"
        }
        for newest in [NewestFile.of(minor: (version.major, version.minor)), NewestFile.ofAll] {
            guard let text = try? await requests.text("\(addresses[.kubernetes])/\(newest)"), let found = NewestFile.version(text) else {
                continue
            }
            return found == version
                ? "the release \(version.tag) is there, but without this file; is it complete, and for \(architecture.rawValue)?"
                : "the newest release there (\(newest)) is \(found.tag); choose a version that it has"
        }
        return Self.hint
    }
}
