import ClusterModel
import Foundation
import Testing

@testable import AWSAPI

@Suite struct SettingsTests {
    @Test func theEnvironmentComesBeforeTheProfile() async throws {
        let config = """
            # comment
            [default]
            region = eu-north-1
            s3 =
              addressing_style = path
            [profile work]
            region=eu-west-3 # there
            endpoint_url = https://s3.example.org
            [work]
            region = ignored
            [sso-session x]
            region = ignored
            """
        try await Sample.withFiles(config: config, credentials: "[work]\naws_access_key_id = A\n") { home in
            #expect(try AWSSettings(home).region == "eu-north-1")
            let work = try AWSSettings(home.merging(["AWS_PROFILE": "work"]) { $1 })
            #expect(work.region == "eu-west-3")
            #expect(work.profile["aws_access_key_id"] == "A")
            #expect(try work.endpoint(of: "s3")?.absoluteString == "https://s3.example.org")
            let both = try AWSSettings(home.merging(["AWS_DEFAULT_REGION": "x-1", "AWS_ENDPOINT_URL": "http://a:1"]) { $1 })
            #expect(both.region == "x-1")
            #expect(try both.endpoint(of: "s3")?.absoluteString == "http://a:1")
            let more = both.environment.merging(["AWS_REGION": "x-2", "AWS_ENDPOINT_URL_S3": "http://b:2"]) { $1 }
            #expect(try AWSSettings(more).region == "x-2")
            #expect(try AWSSettings(more).endpoint(of: "s3")?.absoluteString == "http://b:2")
            #expect(try AWSSettings(more).endpoint(of: "ec2")?.absoluteString == "http://a:1")
            #expect(try AWSSettings(more.merging(["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"]) { $1 }).endpoint(of: "s3") == nil)
            let error = #expect(throws: SlipwayError.self) { try AWSSettings(home.merging(["AWS_PROFILE": "wrok"]) { $1 }) }
            #expect(error?.code == .usage && error?.hint?.contains("default, work") == true)
        }
    }

    @Test(arguments: ["localhost:9000", "ftp://x", "https://", "nonsense"])
    func whatIsNoAddressIsRefused(_ text: String) throws {
        let settings = try Sample.settings(["AWS_ENDPOINT_URL": text])
        let error = #expect(throws: SlipwayError.self) { try settings.endpoint(of: "s3") }
        #expect(error?.code == .usage && error?.cause.contains("$AWS_ENDPOINT_URL") == true)
    }

    @Test(arguments: [
        (Sample.keys, "plain", "https://plain.s3.eu-west-1.amazonaws.com", ""),
        (Sample.keys, "with.dots", "https://s3.eu-west-1.amazonaws.com", "/with.dots"),
        (["AWS_REGION": "cn-north-1"], "plain", "https://plain.s3.cn-north-1.amazonaws.com.cn", ""),
        (["AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9000"], "plain", "http://127.0.0.1:9000", "/plain"),
    ])
    func addressesOfBuckets(_ environment: [String: String], _ bucket: String, _ endpoint: String, _ root: String) throws {
        let address = try S3Address(bucket: bucket, settings: Sample.settings(environment))
        #expect(address.endpoint.absoluteString == endpoint)
        #expect(address.root == root)
    }

    @Test func withoutARegionAWSIsNotAsked() throws {
        let error = #expect(throws: SlipwayError.self) { try S3Address(bucket: "b", settings: Sample.settings([:])) }
        #expect(error?.code == .usage && error?.hint?.contains("AWS_REGION") == true)
    }
}
