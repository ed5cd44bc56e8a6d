import ClusterModel
import Foundation
import Testing

@testable import AWSAPI

@Suite struct EndpointTests {
    private static let ec2 = AWSService(
        name: "EC2", id: "EC2", endpointPrefix: "ec2", signingName: "ec2", version: "v", wire: .ec2, isGlobal: false)
    private static let iam = AWSService(
        name: "IAM", id: "IAM", endpointPrefix: "iam", signingName: "iam", version: "v", wire: .query, isGlobal: true)
    private static let route53 = AWSService(
        name: "Route53", id: "Route 53", endpointPrefix: "route53", signingName: "route53", version: "v", wire: .restXML, isGlobal: true)
    private static let balancers = AWSService(
        name: "ELBv2", id: "Elastic Load Balancing v2", endpointPrefix: "elasticloadbalancing", signingName: "elasticloadbalancing",
        version: "v", wire: .query, isGlobal: false)

    @Test(arguments: [
        (ec2, "eu-west-1", "https://ec2.eu-west-1.amazonaws.com", "eu-west-1"),
        (balancers, "cn-north-1", "https://elasticloadbalancing.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        (iam, "eu-west-1", "https://iam.amazonaws.com", "us-east-1"),
        (iam, "cn-northwest-1", "https://iam.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        (iam, "us-gov-east-1", "https://iam.us-gov.amazonaws.com", "us-gov-west-1"),
        (route53, "ap-southeast-2", "https://route53.amazonaws.com", "us-east-1"),
        (route53, "cn-north-1", "https://route53.amazonaws.com.cn", "cn-northwest-1"),
        (route53, "us-gov-west-1", "https://route53.us-gov.amazonaws.com", "us-gov-west-1"),
    ])
    func whereServicesAnswer(_ service: AWSService, _ region: String, _ url: String, _ signing: String) throws {
        let endpoint = try AWSEndpoint(service, region: region, settings: Sample.settings([:]))
        #expect(endpoint.url.absoluteString == url && endpoint.signingRegion == signing)
    }

    @Test(arguments: ["", "europe", "eu-west", "eu-west-1/../x", "us-iso-east-1", "eusc-de-east-1", "EU-WEST-1"])
    func whatIsNoRegionIsRefused(_ region: String) throws {
        let settings = try Sample.settings([:])
        let error = #expect(throws: SlipwayError.self) { try AWSEndpoint(Self.ec2, region: region, settings: settings) }
        #expect(error?.code == .usage && error?.hint != nil)
    }

    @Test func settingsNameOtherAddresses() async throws {
        let config = """
            [default]
            services = local
            endpoint_url = http://127.0.0.1:3
            [services local]
            ec2 =
              endpoint_url = http://127.0.0.1:1
            elastic_load_balancing_v2 =
              endpoint_url = http://127.0.0.1:2
              other = x
            """
        try await Sample.withFiles(config: config) { home in
            let settings = try AWSSettings(home)
            func url(_ service: AWSService, _ more: [String: String] = [:]) throws -> String {
                try AWSEndpoint(service, region: "eu-west-1", settings: AWSSettings(home.merging(more) { $1 })).url.absoluteString
            }
            #expect(try url(Self.ec2) == "http://127.0.0.1:1" && url(Self.balancers) == "http://127.0.0.1:2")
            #expect(try url(Self.iam) == "http://127.0.0.1:3")
            #expect(try url(Self.iam, ["AWS_ENDPOINT_URL": "http://127.0.0.1:4"]) == "http://127.0.0.1:4")
            #expect(try url(Self.ec2, ["AWS_ENDPOINT_URL": "http://127.0.0.1:4"]) == "http://127.0.0.1:1")
            let own = [
                "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2": "http://127.0.0.1:5", "AWS_ENDPOINT_URL_ROUTE_53": "http://127.0.0.1:6",
            ]
            #expect(try url(Self.balancers, own) == "http://127.0.0.1:5" && url(Self.route53, own) == "http://127.0.0.1:6")
            #expect(try AWSEndpoint(Self.route53, region: "eu-west-1", settings: settings).signingRegion == "us-east-1")
        }
    }

    @Test func howOftenAndHowToTryAgain() throws {
        #expect(try Sample.settings([:]).attempts() == 3 && Sample.settings([:]).retryMode() == .standard)
        #expect(try Sample.settings(["AWS_MAX_ATTEMPTS": "7"]).attempts() == 7)
        #expect(try Sample.settings(["AWS_RETRY_MODE": "Adaptive"]).retryMode() == .adaptive)
        #expect(try Sample.settings(["AWS_RETRY_MODE": "legacy"]).retryMode() == .standard)
        for wrong in ["0", "-1", "many"] {
            let error = #expect(throws: SlipwayError.self) { try Sample.settings(["AWS_MAX_ATTEMPTS": wrong]).attempts() }
            #expect(error?.code == .usage && error?.cause == "$AWS_MAX_ATTEMPTS is '\(wrong)'")
        }
        let error = #expect(throws: SlipwayError.self) { try Sample.settings(["AWS_RETRY_MODE": "fast"]).retryMode() }
        #expect(error?.code == .usage && error?.hint?.contains("adaptive") == true)
    }
}
