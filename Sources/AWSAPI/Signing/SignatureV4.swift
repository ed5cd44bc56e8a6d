import ClusterModel
import Crypto
import Foundation

/// AWS' Signature Version 4, carried in headers.
struct SignatureV4: Sendable {
    var credentials: AWSCredentials
    var region: String
    /// The service's name in signatures, as `s3`.
    var service: String
    var pathStyle: CanonicalRequest.PathStyle
    /// Sends the body's digest in a header, too, as S3 wants it.
    var sendsDigest: Bool
    /// A few services want the session's token beside the signature and not under it.
    var signsToken = true

    private static let algorithm = "AWS4-HMAC-SHA256"

    struct Signed: Sendable {
        /// To be sent besides those that were there.
        var headers: [(name: String, value: String)]
        var canonical: CanonicalRequest
        var textToSign: String
        var signature: String
    }

    /// - Parameter path: as it goes over the wire.
    func sign(
        method: String, path: String, query: [(name: String, value: String)], headers: [(name: String, value: String)], body: [UInt8],
        at time: Date
    ) -> Signed {
        let stamp = Self.stamp(time)
        let day = String(stamp.prefix(8))
        let digest = Self.digest(body)
        var added: [(name: String, value: String)] = [("x-amz-date", stamp)]
        if sendsDigest { added.append(("x-amz-content-sha256", digest)) }
        let token = credentials.sessionToken.map { (name: "x-amz-security-token", value: $0.revealText()) }
        if signsToken, let token { added.append(token) }
        let canonical = CanonicalRequest(
            method: method, path: path, pathStyle: pathStyle, query: query, headers: headers + added, bodyDigest: digest)
        let scope = "\(day)/\(region)/\(service)/aws4_request"
        let text = [Self.algorithm, stamp, scope, Self.digest(Array(canonical.text.utf8))].joined(separator: "\n")
        let signature = HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key(day: day)).hexadecimal
        added.append(
            (
                "authorization",
                "\(Self.algorithm) Credential=\(credentials.accessKeyID)/\(scope), SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
            ))
        if !signsToken, let token { added.append(token) }
        return Signed(headers: added, canonical: canonical, textToSign: text, signature: signature)
    }

    /// The key of one day, region and service.
    private func key(day: String) -> SymmetricKey {
        var key = SymmetricKey(data: Array("AWS4".utf8) + credentials.secretAccessKey.reveal())
        for part in [day, region, service, "aws4_request"] {
            key = SymmetricKey(data: HMAC<SHA256>.authenticationCode(for: Data(part.utf8), using: key))
        }
        return key
    }

    /// `20150830T123600Z`
    static func stamp(_ time: Date) -> String {
        let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
        return time.formatted(style)
    }

    static func digest(_ bytes: [UInt8]) -> String { SHA256.hash(data: bytes).hexadecimal }
}
