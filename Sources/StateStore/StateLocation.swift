public import ClusterModel
import Foundation

/// What `--state` and `$SLIPWAY_STATE` can say.
public enum StateLocation: Sendable, Equatable {
    /// An absolute path.
    case folder(String)
    /// Below a prefix of a bucket; the prefix has no slashes at its ends and may be empty.
    case s3(bucket: String, prefix: String)

    /// `./state`, from where the process was started.
    public static let standard = "./state"

    /// Reads a path, a `file://` or an `s3://` URL. Throws `.usage`.
    public init(_ text: String) throws {
        func wrong(_ cause: String) -> SlipwayError {
            SlipwayError(
                .usage, doing: "reading the location of the state store", cause: cause,
                hint: "give a folder, as ./state or file:///srv/slipway, or a bucket, as s3://BUCKET/PREFIX")
        }
        guard !text.isEmpty else { throw wrong("it is empty") }
        guard let scheme = text.range(of: "://") else {
            self = .folder(URL(fileURLWithPath: text).standardizedFileURL.path)
            return
        }
        if text[..<scheme.lowerBound] == "s3" {
            self = try Self.s3(text[scheme.upperBound...], wrong)
            return
        }
        guard text[..<scheme.lowerBound] == "file" else {
            throw wrong("'\(text)': no store speaks \(text[..<scheme.lowerBound])://")
        }
        var path = text[scheme.upperBound...]
        if path.hasPrefix("localhost/") { path = path.dropFirst("localhost".count) }
        guard path.hasPrefix("/"), let decoded = path.removingPercentEncoding else {
            throw wrong("'\(text)' has no absolute path")
        }
        self = .folder(URL(fileURLWithPath: decoded).standardizedFileURL.path)
    }

    private static func s3(_ text: Substring, _ wrong: (String) -> SlipwayError) throws -> StateLocation {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let bucket = parts[0]
        // AWS' own rules, as far as they matter for an address.
        let isName =
            bucket.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            } && (3...63).contains(bucket.utf8.count) && !bucket.contains("..")
        guard isName else { throw wrong("'\(bucket)' is no name of a bucket") }
        var folders = parts.dropFirst()
        if folders.last == "" { folders = folders.dropLast() }
        for folder in folders {
            do {
                try FileName.check(folder, "folder")
            } catch {
                throw wrong("'\(folder)' in 's3://\(text)' cannot be part of a prefix")
            }
        }
        return .s3(bucket: bucket, prefix: folders.joined(separator: "/"))
    }

    /// The store there. Touches nothing yet.
    /// - Parameter environment: where a store on S3 looks for credentials, region and endpoint. Nil: that of this process.
    /// - Throws: `.usage` for settings of a store on S3 that cannot be.
    public func open(key: SecretsKey, environment: [String: String]? = nil, context: RunContext = .live) throws -> any StateStore {
        switch self {
        case .s3(let bucket, let prefix):
            try S3StateStore(bucket: bucket, prefix: prefix, key: key, environment: environment, context: context)
        case .folder(let path): FileStateStore(root: path, key: key, context: context)
        }
    }
}
