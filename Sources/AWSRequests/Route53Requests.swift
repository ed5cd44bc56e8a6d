// Made by scripts/aws-requests from the model of Route 53, version 2013-04-01, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

/// Amazon Route 53.
public enum Route53 {
    public static let service = AWSService(name: "Route53", id: "Route 53", endpointPrefix: "route53",
        signingName: "route53", version: "2013-04-01", wire: .restXML, isGlobal: true)
}

extension Route53 {
    /// Asks for ListHostedZonesByName.
    public struct ListHostedZonesByNameRequest: AWSOperation, Equatable {
        public var dnsName: String?
        public var hostedZoneId: String?
        public var maxItems: String?

        public init(
            dnsName: String? = nil,
            hostedZoneId: String? = nil,
            maxItems: String? = nil
        ) {
            self.dnsName = dnsName
            self.hostedZoneId = hostedZoneId
            self.maxItems = maxItems
        }

        public typealias Output = ListHostedZonesByNameResponse
        public static var service: AWSService { Route53.service }
        public static let name = "ListHostedZonesByName"
        public static let isReadOnly = true
        public var target: AWSTarget {
            AWSTarget("GET", path: "/2013-04-01/hostedzonesbyname", query: [("dnsname", dnsName), ("hostedzoneid", hostedZoneId), ("maxitems", maxItems)])
        }

        public func encode(into fields: inout AWSFields) {}
    }

    /// The answer to ListHostedZonesByName.
    public struct ListHostedZonesByNameResponse: Equatable, AWSDecodableShape {
        public var dnsName: String?
        public var hostedZoneId: String?
        public var hostedZones: [HostedZone]
        public var isTruncated: Bool?
        public var maxItems: String?
        public var nextDNSName: String?
        public var nextHostedZoneId: String?

        public init(
            dnsName: String? = nil,
            hostedZoneId: String? = nil,
            hostedZones: [HostedZone] = [],
            isTruncated: Bool? = nil,
            maxItems: String? = nil,
            nextDNSName: String? = nil,
            nextHostedZoneId: String? = nil
        ) {
            self.dnsName = dnsName
            self.hostedZoneId = hostedZoneId
            self.hostedZones = hostedZones
            self.isTruncated = isTruncated
            self.maxItems = maxItems
            self.nextDNSName = nextDNSName
            self.nextHostedZoneId = nextHostedZoneId
        }

        public init(_ node: AWSNode) {
            dnsName = node.read("DNSName")
            hostedZoneId = node.read("HostedZoneId")
            hostedZones = node.list("HostedZones", item: "HostedZone")
            isTruncated = node.read("IsTruncated")
            maxItems = node.read("MaxItems")
            nextDNSName = node.read("NextDNSName")
            nextHostedZoneId = node.read("NextHostedZoneId")
        }
    }

    /// Asks for ListResourceRecordSets.
    public struct ListResourceRecordSetsRequest: AWSPagedOperation, Equatable {
        public var hostedZoneId: String?
        public var maxItems: String?
        public var startRecordIdentifier: String?
        public var startRecordName: String?
        public var startRecordType: String?

        public init(
            hostedZoneId: String? = nil,
            maxItems: String? = nil,
            startRecordIdentifier: String? = nil,
            startRecordName: String? = nil,
            startRecordType: String? = nil
        ) {
            self.hostedZoneId = hostedZoneId
            self.maxItems = maxItems
            self.startRecordIdentifier = startRecordIdentifier
            self.startRecordName = startRecordName
            self.startRecordType = startRecordType
        }

        public typealias Output = ListResourceRecordSetsResponse
        public static var service: AWSService { Route53.service }
        public static let name = "ListResourceRecordSets"
        public static let isReadOnly = true
        public var target: AWSTarget {
            AWSTarget("GET", path: "/2013-04-01/hostedzone/\(AWSTarget.lastSegment(hostedZoneId))/rrset", query: [("maxitems", maxItems), ("identifier", startRecordIdentifier), ("name", startRecordName), ("type", startRecordType)])
        }

        public func encode(into fields: inout AWSFields) {}

        public func next(after output: ListResourceRecordSetsResponse) -> Self? {
            guard output.isTruncated == true else { return nil }
            guard let token = output.nextRecordName, !token.isEmpty else { return nil }
            var next = self
            next.startRecordName = token
            next.startRecordType = output.nextRecordType
            next.startRecordIdentifier = output.nextRecordIdentifier
            return next
        }
    }

    /// The answer to ListResourceRecordSets.
    public struct ListResourceRecordSetsResponse: Equatable, AWSDecodableShape {
        public var isTruncated: Bool?
        public var maxItems: String?
        public var nextRecordIdentifier: String?
        public var nextRecordName: String?
        public var nextRecordType: String?
        public var resourceRecordSets: [ResourceRecordSet]

        public init(
            isTruncated: Bool? = nil,
            maxItems: String? = nil,
            nextRecordIdentifier: String? = nil,
            nextRecordName: String? = nil,
            nextRecordType: String? = nil,
            resourceRecordSets: [ResourceRecordSet] = []
        ) {
            self.isTruncated = isTruncated
            self.maxItems = maxItems
            self.nextRecordIdentifier = nextRecordIdentifier
            self.nextRecordName = nextRecordName
            self.nextRecordType = nextRecordType
            self.resourceRecordSets = resourceRecordSets
        }

        public init(_ node: AWSNode) {
            isTruncated = node.read("IsTruncated")
            maxItems = node.read("MaxItems")
            nextRecordIdentifier = node.read("NextRecordIdentifier")
            nextRecordName = node.read("NextRecordName")
            nextRecordType = node.read("NextRecordType")
            resourceRecordSets = node.list("ResourceRecordSets", item: "ResourceRecordSet")
        }
    }

    /// Asks for ChangeResourceRecordSets.
    public struct ChangeResourceRecordSetsRequest: AWSOperation, Equatable {
        public var changeBatch: ChangeBatch?
        public var hostedZoneId: String?

        public init(
            changeBatch: ChangeBatch? = nil,
            hostedZoneId: String? = nil
        ) {
            self.changeBatch = changeBatch
            self.hostedZoneId = hostedZoneId
        }

        public typealias Output = ChangeResourceRecordSetsResponse
        public static var service: AWSService { Route53.service }
        public static let name = "ChangeResourceRecordSets"
        public static let isReadOnly = false
        public var target: AWSTarget {
            AWSTarget("POST", path: "/2013-04-01/hostedzone/\(AWSTarget.lastSegment(hostedZoneId))/rrset/", query: [], root: "ChangeResourceRecordSetsRequest", namespace: "https://route53.amazonaws.com/doc/2013-04-01/")
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("ChangeBatch", changeBatch)
        }
    }

    /// The answer to ChangeResourceRecordSets.
    public struct ChangeResourceRecordSetsResponse: Equatable, AWSDecodableShape {
        public var changeInfo: ChangeInfo?

        public init(
            changeInfo: ChangeInfo? = nil
        ) {
            self.changeInfo = changeInfo
        }

        public init(_ node: AWSNode) {
            changeInfo = node.read("ChangeInfo")
        }
    }
}
