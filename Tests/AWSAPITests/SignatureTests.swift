import ClusterModel
import Foundation
import Testing

@testable import AWSAPI

/// AWS' published vectors.
struct SignatureVector: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var time: String
    var method: String
    var target: String
    var headers: [[String]]
    var body: String?
    var normalize: Bool?
    var signBody: Bool?
    var token: String?
    var tokenUnsigned: Bool?
    var canonical: String
    var toSign: String
    var signature: String

    var testDescription: String { name }

    static let all: [SignatureVector] = {
        struct Document: Decodable { var vectors: [SignatureVector] }
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("SignatureVectors.json")
        return ((try? Data(contentsOf: path)).flatMap { try? JSONDecoder().decode(Document.self, from: $0) })?.vectors ?? []
    }()

    var path: String { String(target.prefix { $0 != "?" }) }

    var query: [(name: String, value: String)] {
        target.drop { $0 != "?" }.dropFirst().split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.removingPercentEncoding ?? String($0)
            }
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }
}

@Suite struct SignatureTests {
    @Test func thereAreVectors() { #expect(SignatureVector.all.count == 38) }

    @Test(arguments: SignatureVector.all)
    func aSignatureIsWhatAWSPublished(_ vector: SignatureVector) throws {
        let signer = SignatureV4(
            credentials: AWSCredentials(
                accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                sessionToken: vector.token.map { Secret($0) }),
            region: "us-east-1", service: "service", pathStyle: vector.normalize == false ? .encodedAgain : .normalised,
            sendsDigest: vector.signBody == true, signsToken: vector.tokenUnsigned != true)
        let signed = signer.sign(
            method: vector.method, path: vector.path, query: vector.query, headers: vector.headers.map { ($0[0], $0[1]) },
            body: Array((vector.body ?? "").utf8), at: try Date.ISO8601FormatStyle().parse(vector.time))
        #expect(signed.canonical.text == vector.canonical)
        #expect(signed.textToSign.split(separator: "\n").last.map(String.init) == vector.toSign)
        #expect(signed.signature == vector.signature)
        #expect(signed.headers.contains { $0.name == "authorization" && $0.value.hasSuffix("Signature=\(vector.signature)") })
        #expect(signed.headers.contains { $0.name == "x-amz-security-token" } == (vector.token != nil))
    }

    /// S3's keys are signed as they are, not encoded a second time and not normalised.
    @Test func s3SignsItsPathsAsTheyAre() {
        let request = CanonicalRequest(
            method: "GET", path: "/a/../b//c%20d", pathStyle: .exact, query: [], headers: [("host", "h")], bodyDigest: "x")
        #expect(request.text.split(separator: "\n", omittingEmptySubsequences: false)[1] == "/a/../b//c%20d")
    }
}
