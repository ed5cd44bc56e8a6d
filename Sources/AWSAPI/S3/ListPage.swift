import ClusterModel

/// One page of ListObjectsV2.
struct ListPage: Sendable, Equatable {
    var listing: S3Listing
    /// Where the next page begins.
    var next: String?

    /// - Throws: `.failed` for an answer that is no listing.
    init(_ bytes: [UInt8]) throws {
        func problem(_ cause: String) -> SlipwayError {
            SlipwayError(.failed, doing: "reading a listing", cause: cause, hint: "does the endpoint speak S3?")
        }
        let root: XMLElement
        do {
            root = try XMLReader.read(bytes)
        } catch let error as XMLReader.Problem {
            throw problem("the answer is not XML as S3 has it: \(error.text)")
        }
        guard root.name == "ListBucketResult" else { throw problem("the answer is a \(root.name)") }
        listing = S3Listing(
            entries: root.all("Contents").map {
                S3Entry(
                    key: $0.first("Key")?.text ?? "", size: $0.first("Size").flatMap { Int($0.text) } ?? 0,
                    etag: $0.first("ETag")?.text ?? "")
            },
            prefixes: root.all("CommonPrefixes").compactMap { $0.first("Prefix")?.text })
        guard root.first("IsTruncated")?.text == "true" else { return }
        guard let token = root.first("NextContinuationToken")?.text, !token.isEmpty else {
            throw problem("it goes on, and does not say where")
        }
        next = token
    }
}
