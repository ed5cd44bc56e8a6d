import ClusterModel
import Foundation

/// Where a bucket answers.
struct S3Address: Sendable, Equatable {
    var endpoint: URL
    var region: String
    /// `/BUCKET` where the host's name does not hold it.
    var root: String

    init(bucket: String, settings: AWSSettings) throws {
        if let custom = try settings.endpoint(of: "s3") {
            // Not every endpoint has a name for each bucket, and an address has none.
            endpoint = custom
            region = settings.region ?? "us-east-1"
            root = "/\(bucket)"
            return
        }
        guard let region = settings.region else {
            throw SlipwayError(
                .usage, doing: "looking for bucket \(bucket)", cause: "no region is set", hint: "set $AWS_REGION to the bucket's region")
        }
        self.region = region
        let domain = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
        // A certificate's wildcard covers no name with a further dot.
        let isInHost = !bucket.contains(".")
        root = isInHost ? "" : "/\(bucket)"
        guard let url = URL(string: "https://\(isInHost ? "\(bucket)." : "")s3.\(region).\(domain)") else {
            throw SlipwayError(.usage, doing: "looking for bucket \(bucket)", cause: "'\(region)' is no region", hint: "set $AWS_REGION")
        }
        endpoint = url
    }
}
