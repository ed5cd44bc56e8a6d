import ClusterModel
import Foundation

/// Regions that share accounts and a domain.
enum AWSPartition: String, Sendable {
    case standard = "aws"
    case china = "aws-cn"
    case government = "aws-us-gov"

    /// - Throws: `.usage` for what is no region's name, or is of a partition that is not known here.
    init(region: String) throws {
        let isName = region.wholeMatch(of: /[a-z]{2,5}(-[a-z]+)+-[0-9]+/) != nil
        if region.hasPrefix("cn-"), isName {
            self = .china
        } else if region.hasPrefix("us-gov-"), isName {
            self = .government
        } else if isName, region.wholeMatch(of: /(us|eu)-iso[a-z]?-.*|eusc-.*/) == nil {
            self = .standard
        } else {
            throw SlipwayError(
                .usage, doing: "looking for AWS' endpoints", cause: "'\(region)' is no region that Slipway knows",
                hint: isName
                    ? "it is of a partition of its own: give the services' addresses with $AWS_ENDPOINT_URL_EC2 and so on"
                    : "set $AWS_REGION to one as eu-central-1")
        }
    }

    var domain: String { self == .china ? "amazonaws.com.cn" : "amazonaws.com" }

    /// Where the global services of this partition sign.
    func home(of service: AWSService) -> String {
        switch self {
        case .standard: "us-east-1"
        case .government: "us-gov-west-1"
        case .china: service.endpointPrefix == "route53" ? "cn-northwest-1" : "cn-north-1"
        }
    }

    /// The host of a global service.
    func globalHost(of service: AWSService) -> String {
        switch (self, service.endpointPrefix) {
        case (.standard, let prefix): "\(prefix).\(domain)"
        case (.government, let prefix): "\(prefix).us-gov.\(domain)"
        case (.china, "route53"): "route53.\(domain)"
        case (.china, let prefix): "\(prefix).cn-north-1.\(domain)"
        }
    }
}

/// Where a service answers, and what requests to it are signed for.
struct AWSEndpoint: Sendable, Equatable {
    var url: URL
    var signingRegion: String

    /// - Throws: `.usage` when the settings name an address that is none, or the region is unknown.
    init(_ service: AWSService, region: String, settings: AWSSettings) throws {
        if let custom = try settings.endpoint(of: service.id) {
            url = custom
            signingRegion = service.isGlobal ? (try? AWSPartition(region: region).home(of: service)) ?? region : region
            return
        }
        let partition = try AWSPartition(region: region)
        let host = service.isGlobal ? partition.globalHost(of: service) : "\(service.endpointPrefix).\(region).\(partition.domain)"
        guard let url = URL(string: "https://\(host)") else {
            throw SlipwayError(.bug, doing: "looking for AWS' endpoints", cause: "'\(host)' is no host")
        }
        self.url = url
        signingRegion = service.isGlobal ? partition.home(of: service) : region
    }
}
