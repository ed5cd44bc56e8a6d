import ClusterModel
import Crypto

/// What a machine keeps about the content it was given whole. Written last: a machine without it has not got everything.
public struct ContentManifest: Codable, Sendable, Equatable {
    public static let path = "/etc/slipway/content.json"
    public static let checksumsPath = "/etc/slipway/content.sha256"
    /// Files changed by deliveries that are not finished.
    static let pendingPath = "/etc/slipway/changed"

    /// `NodeContent.specDigest`.
    public var specDigest: String
    /// SHA-256 in lower-case hex over the checksums of what was delivered.
    public var contentDigest: String
    /// What `sha256sum --check` reads.
    public var checksums: String

    /// - Parameter delivered: the bytes of each file of `content`, by path.
    public init(_ content: NodeContent, delivered: [DeliveredFile]) {
        let recorded = Set(content.files.filter(\.inDigest).map(\.path))
        checksums = delivered.filter { recorded.contains($0.path) }.sorted { $0.path < $1.path }
            .map { "\(CanonicalJSON.hex(SHA256.hash(data: $0.bytes.reveal())))  \($0.path)\n" }.joined()
        contentDigest = CanonicalJSON.hex(SHA256.hash(data: Array(checksums.utf8)))
        specDigest = content.specDigest
    }

    /// The text of the file at `path`.
    public var json: String { CanonicalJSON.text(["contentDigest": contentDigest, "specDigest": specDigest]) + "\n" }

    /// Writes both files and forgets what was changed: the last act of a delivery, after every effect was carried out.
    public var finishScript: String {
        """
        set -eu
        umask 077
        printf '%s' \(ShellQuoting.word(checksums)) >\(Self.checksumsPath).new
        printf '%s' \(ShellQuoting.word(json)) >\(Self.path).new
        mv -f \(Self.checksumsPath).new \(Self.checksumsPath)
        mv -f \(Self.path).new \(Self.path)
        rm -f \(Self.pendingPath)

        """
    }
}
