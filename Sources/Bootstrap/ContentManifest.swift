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
    /// When the first of the certificates that were delivered expires, in seconds since 1970. Nil when there are none.
    public var certificatesUntil: Int?

    /// - Parameters:
    ///   - delivered: all files of `content`, but for those of the certificates that were kept.
    ///   - keeping: the certificates that were kept.
    ///   - certificatesUntil: when the first of all certificates expires, in seconds since 1970.
    public init(
        _ content: NodeContent, delivered: [DeliveredFile], keeping: [PresentCertificate] = [], certificatesUntil: Int? = nil
    ) {
        self.certificatesUntil = certificatesUntil
        var sums: [String: String] = [:]
        for certificate in keeping { sums.merge(certificate.checksums) { $1 } }
        for file in delivered { sums[file.path] = SHA256.hash(data: file.bytes.reveal()).hexadecimal }
        checksums = content.files.filter(\.inDigest).sorted { $0.path < $1.path }
            .compactMap { file in sums[file.path].map { "\($0)  \(file.path)\n" } }.joined()
        contentDigest = SHA256.hash(data: Array(checksums.utf8)).hexadecimal
        specDigest = content.specDigest
    }

    /// The text of the file at `path`.
    public var json: String {
        var fields = ["contentDigest": contentDigest, "specDigest": specDigest]
        if let certificatesUntil { fields["certificatesUntil"] = "\(certificatesUntil)" }
        return CanonicalJSON.text(fields) + "\n"
    }

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
