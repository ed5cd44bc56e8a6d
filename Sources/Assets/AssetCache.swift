public import ClusterModel
import Foundation

/// The folder that keeps what was downloaded or made, each file named by its SHA-256 digest.
/// Removing it costs nothing but the time to fill it again.
public struct AssetCache: Sendable {
    public let root: String

    public init(root: String = AssetCache.defaultRoot()) { self.root = root }

    /// `$SLIPWAY_CACHE`, or `/var/cache/slipway`.
    public static func defaultRoot() -> String { defaultRoot(environment: ProcessInfo.processInfo.environment) }

    static func defaultRoot(environment: [String: String]) -> String {
        if let chosen = environment["SLIPWAY_CACHE"], !chosen.isEmpty { return chosen }
        return "/var/cache/slipway"
    }

    static let roomHint = "make room or give rights there, or choose another folder with SLIPWAY_CACHE"

    func download(_ digest: String) -> String { "\(root)/downloads/\(digest)" }

    /// Builds the image's archive and keeps it. Throws `.failed` when the image is not possible or the cache cannot be written.
    public func archive(of image: ImageArchive) async throws -> AssetFile { try await keep(archive: try image.archive()) }

    /// Keeps the archive of an image.
    func keep(archive: [UInt8]) async throws -> AssetFile {
        let digest = SHA256Text.of(archive)
        return try await store(digest, at: "\(root)/container-images/\(digest).tar", waiting: .live) { file in
            try await offPool { [file] in
                var file = file
                try file.clear()
                try file.append(archive)
                return file
            }
        }
    }

    /// The pod sandbox's image: its one program, and nothing else.
    func pauseImage(named name: String, binary: AssetFile, _ architecture: Architecture) async throws -> AssetFile {
        let bytes = try await offPool { try WholeFile.read(binary.path, limit: binary.size) }
        return try await archive(
            of: ImageArchive(
                name: name, architecture: architecture, entrypoint: ["/pause"],
                files: [.init(path: "/pause", mode: 0o755, content: .bytes(bytes))]))
    }

    /// The file of this digest at `path`. If it is not there, or damaged, `fill` writes it; one process at a time does.
    /// `fill` is given the file with what an earlier try left; what it leaves when a request fails is kept for a later one.
    func store(
        _ digest: String, at path: String, waiting context: RunContext, fill: (CacheFile) async throws -> CacheFile
    ) async throws -> AssetFile {
        do {
            while true {
                if let file = try await intact(digest, at: path) { return file }
                guard let begun = try await offPool({ try CacheFile(replacing: path) }) else {
                    // Another process is writing it; its lock goes when it is done, or dies.
                    try await context.sleep(.milliseconds(200))
                    continue
                }
                do {
                    // It may have been finished between the look and the lock.
                    if let file = try await intact(digest, at: path) {
                        begun.abandon(keeping: false)
                        return file
                    }
                    let full = try await fill(begun)
                    return try await offPool { try full.finish(expecting: digest) }
                } catch {
                    begun.abandon(keeping: error is CancellationError || (error as? RequestFailure)?.retry == .transient)
                    throw error
                }
            }
        } catch let error as SystemError {
            throw SlipwayError(
                .failed, doing: "keeping a file in the cache \(root)", cause: "\(error)",
                hint: Self.roomHint)
        }
    }

    private func intact(_ digest: String, at path: String) async throws -> AssetFile? {
        try await offPool { () throws -> AssetFile? in
            do {
                let found = try SHA256Text.ofFile(path)
                return found.digest == digest ? AssetFile(path: path, sha256: digest, size: found.size) : nil
            } catch let error as SystemError where error.isMissing {
                return nil
            }
        }
    }
}
