import Foundation

/// What a signature covers, in the one form that both sides compute.
struct CanonicalRequest: Sendable, Equatable {
    /// How a service reads its paths.
    enum PathStyle: Sendable {
        /// As it goes over the wire: S3, whose keys may hold `..` and `//`.
        case exact
        /// Encoded once more, but not normalised.
        case encodedAgain
        /// Without `.`, `..` and empty segments, and encoded once more: all services but S3.
        case normalised
    }

    let text: String
    /// Names of the headers that are covered, with semicolons between.
    let signedHeaders: String

    /// - Parameters:
    ///   - path: as it goes over the wire.
    ///   - query: not encoded yet.
    ///   - bodyDigest: SHA-256 in hexadecimal.
    init(
        method: String, path: String, pathStyle: PathStyle, query: [(name: String, value: String)],
        headers: [(name: String, value: String)], bodyDigest: String
    ) {
        var values: [String: [String]] = [:]
        for header in headers { values[header.name.lowercased(), default: []].append(Self.trimmed(header.value)) }
        let names = values.keys.sorted()
        signedHeaders = names.joined(separator: ";")
        let canonicalHeaders = names.map { "\($0):\((values[$0] ?? []).joined(separator: ","))\n" }.joined()
        text = [
            method, Self.canonicalPath(path, pathStyle), Self.canonicalQuery(query), canonicalHeaders, signedHeaders, bodyDigest,
        ].joined(separator: "\n")
    }

    static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
        query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }.sorted { $0 < $1 }
            .map { "\($0)=\($1)" }.joined(separator: "&")
    }

    private static func canonicalPath(_ path: String, _ style: PathStyle) -> String {
        switch style {
        case .exact: path
        case .encodedAgain: PercentEncoding.encode(path, keepingSlashes: true)
        case .normalised: PercentEncoding.encode(normalised(path), keepingSlashes: true)
        }
    }

    private static func normalised(_ path: String) -> String {
        var kept: [Substring] = []
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": break
            case "..": _ = kept.popLast()
            default: kept.append(segment)
            }
        }
        let joined = "/" + kept.joined(separator: "/")
        return path.hasSuffix("/") && joined != "/" ? joined + "/" : joined
    }

    /// Without white space at the ends, with one space for each run of it.
    private static func trimmed(_ value: String) -> String {
        value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
