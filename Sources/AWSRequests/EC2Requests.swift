// Made by scripts/aws-requests from the model of EC2, version 2016-11-15, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

public import struct Foundation.Date

/// Amazon Elastic Compute Cloud.
public enum EC2 {
    public static let service = AWSService(name: "EC2", id: "EC2", endpointPrefix: "ec2",
        signingName: "ec2", version: "2016-11-15", wire: .ec2, isGlobal: false)
}

extension EC2 {
    /// Asks for DescribeAvailabilityZones.
    public struct DescribeAvailabilityZonesRequest: AWSOperation, Equatable {
        public var allAvailabilityZones: Bool?
        public var dryRun: Bool?
        public var filters: [Filter]
        public var zoneIds: [String]
        public var zoneNames: [String]

        public init(
            allAvailabilityZones: Bool? = nil,
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            zoneIds: [String] = [],
            zoneNames: [String] = []
        ) {
            self.allAvailabilityZones = allAvailabilityZones
            self.dryRun = dryRun
            self.filters = filters
            self.zoneIds = zoneIds
            self.zoneNames = zoneNames
        }

        public typealias Output = DescribeAvailabilityZonesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeAvailabilityZones"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("AllAvailabilityZones", allAvailabilityZones)
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("ZoneId", zoneIds, item: nil)
            fields.put("ZoneName", zoneNames, item: nil)
        }
    }

    /// The answer to DescribeAvailabilityZones.
    public struct DescribeAvailabilityZonesResponse: Equatable, AWSDecodableShape {
        public var availabilityZones: [AvailabilityZone]

        public init(
            availabilityZones: [AvailabilityZone] = []
        ) {
            self.availabilityZones = availabilityZones
        }

        public init(_ node: AWSNode) {
            availabilityZones = node.list("availabilityZoneInfo", item: "item")
        }
    }

    /// Asks for DescribeInstanceTypeOfferings.
    public struct DescribeInstanceTypeOfferingsRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var locationType: String?
        public var maxResults: Int?
        public var nextToken: String?

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            locationType: String? = nil,
            maxResults: Int? = nil,
            nextToken: String? = nil
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.locationType = locationType
            self.maxResults = maxResults
            self.nextToken = nextToken
        }

        public typealias Output = DescribeInstanceTypeOfferingsResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeInstanceTypeOfferings"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("LocationType", locationType)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
        }

        public func next(after output: DescribeInstanceTypeOfferingsResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeInstanceTypeOfferings.
    public struct DescribeInstanceTypeOfferingsResponse: Equatable, AWSDecodableShape {
        public var instanceTypeOfferings: [InstanceTypeOffering]
        public var nextToken: String?

        public init(
            instanceTypeOfferings: [InstanceTypeOffering] = [],
            nextToken: String? = nil
        ) {
            self.instanceTypeOfferings = instanceTypeOfferings
            self.nextToken = nextToken
        }

        public init(_ node: AWSNode) {
            instanceTypeOfferings = node.list("instanceTypeOfferingSet", item: "item")
            nextToken = node.read("nextToken")
        }
    }

    /// Asks for DescribeInstanceTypes.
    public struct DescribeInstanceTypesRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var includeUnsupportedInRegion: Bool?
        public var instanceTypes: [String]
        public var maxResults: Int?
        public var nextToken: String?

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            includeUnsupportedInRegion: Bool? = nil,
            instanceTypes: [String] = [],
            maxResults: Int? = nil,
            nextToken: String? = nil
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.includeUnsupportedInRegion = includeUnsupportedInRegion
            self.instanceTypes = instanceTypes
            self.maxResults = maxResults
            self.nextToken = nextToken
        }

        public typealias Output = DescribeInstanceTypesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeInstanceTypes"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("IncludeUnsupportedInRegion", includeUnsupportedInRegion)
            fields.put("InstanceType", instanceTypes, item: nil)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
        }

        public func next(after output: DescribeInstanceTypesResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeInstanceTypes.
    public struct DescribeInstanceTypesResponse: Equatable, AWSDecodableShape {
        public var instanceTypes: [InstanceTypeInfo]
        public var nextToken: String?

        public init(
            instanceTypes: [InstanceTypeInfo] = [],
            nextToken: String? = nil
        ) {
            self.instanceTypes = instanceTypes
            self.nextToken = nextToken
        }

        public init(_ node: AWSNode) {
            instanceTypes = node.list("instanceTypeSet", item: "item")
            nextToken = node.read("nextToken")
        }
    }

    /// Asks for DescribeImages.
    public struct DescribeImagesRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var executableUsers: [String]
        public var filters: [Filter]
        public var imageIds: [String]
        public var includeDeprecated: Bool?
        public var includeDisabled: Bool?
        public var maxResults: Int?
        public var nextToken: String?
        public var owners: [String]

        public init(
            dryRun: Bool? = nil,
            executableUsers: [String] = [],
            filters: [Filter] = [],
            imageIds: [String] = [],
            includeDeprecated: Bool? = nil,
            includeDisabled: Bool? = nil,
            maxResults: Int? = nil,
            nextToken: String? = nil,
            owners: [String] = []
        ) {
            self.dryRun = dryRun
            self.executableUsers = executableUsers
            self.filters = filters
            self.imageIds = imageIds
            self.includeDeprecated = includeDeprecated
            self.includeDisabled = includeDisabled
            self.maxResults = maxResults
            self.nextToken = nextToken
            self.owners = owners
        }

        public typealias Output = DescribeImagesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeImages"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("ExecutableBy", executableUsers, item: nil)
            fields.put("Filter", filters, item: nil)
            fields.put("ImageId", imageIds, item: nil)
            fields.put("IncludeDeprecated", includeDeprecated)
            fields.put("IncludeDisabled", includeDisabled)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
            fields.put("Owner", owners, item: nil)
        }

        public func next(after output: DescribeImagesResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeImages.
    public struct DescribeImagesResponse: Equatable, AWSDecodableShape {
        public var images: [Image]
        public var nextToken: String?

        public init(
            images: [Image] = [],
            nextToken: String? = nil
        ) {
            self.images = images
            self.nextToken = nextToken
        }

        public init(_ node: AWSNode) {
            images = node.list("imagesSet", item: "item")
            nextToken = node.read("nextToken")
        }
    }

    /// Asks for CreateVpc. 4 of its 13 members.
    public struct CreateVpcRequest: AWSOperation, Equatable {
        public var cidrBlock: String?
        public var dryRun: Bool?
        public var instanceTenancy: String?
        public var tagSpecifications: [TagSpecification]

        public init(
            cidrBlock: String? = nil,
            dryRun: Bool? = nil,
            instanceTenancy: String? = nil,
            tagSpecifications: [TagSpecification] = []
        ) {
            self.cidrBlock = cidrBlock
            self.dryRun = dryRun
            self.instanceTenancy = instanceTenancy
            self.tagSpecifications = tagSpecifications
        }

        public typealias Output = CreateVpcResponse
        public static var service: AWSService { EC2.service }
        public static let name = "CreateVpc"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("CidrBlock", cidrBlock)
            fields.put("DryRun", dryRun)
            fields.put("InstanceTenancy", instanceTenancy)
            fields.put("TagSpecification", tagSpecifications, item: nil)
        }
    }

    /// The answer to CreateVpc.
    public struct CreateVpcResponse: Equatable, AWSDecodableShape {
        public var vpc: Vpc?

        public init(
            vpc: Vpc? = nil
        ) {
            self.vpc = vpc
        }

        public init(_ node: AWSNode) {
            vpc = node.read("vpc")
        }
    }

    /// Asks for DescribeVpcs.
    public struct DescribeVpcsRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var maxResults: Int?
        public var nextToken: String?
        public var vpcIds: [String]

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            maxResults: Int? = nil,
            nextToken: String? = nil,
            vpcIds: [String] = []
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.maxResults = maxResults
            self.nextToken = nextToken
            self.vpcIds = vpcIds
        }

        public typealias Output = DescribeVpcsResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeVpcs"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
            fields.put("VpcId", vpcIds, item: nil)
        }

        public func next(after output: DescribeVpcsResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeVpcs.
    public struct DescribeVpcsResponse: Equatable, AWSDecodableShape {
        public var nextToken: String?
        public var vpcs: [Vpc]

        public init(
            nextToken: String? = nil,
            vpcs: [Vpc] = []
        ) {
            self.nextToken = nextToken
            self.vpcs = vpcs
        }

        public init(_ node: AWSNode) {
            nextToken = node.read("nextToken")
            vpcs = node.list("vpcSet", item: "item")
        }
    }

    /// Asks for DeleteVpc.
    public struct DeleteVpcRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var vpcId: String?

        public init(
            dryRun: Bool? = nil,
            vpcId: String? = nil
        ) {
            self.dryRun = dryRun
            self.vpcId = vpcId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "DeleteVpc"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("VpcId", vpcId)
        }
    }

    /// Asks for ModifyVpcAttribute.
    public struct ModifyVpcAttributeRequest: AWSOperation, Equatable {
        public var enableDnsHostnames: AttributeBooleanValue?
        public var enableDnsSupport: AttributeBooleanValue?
        public var enableNetworkAddressUsageMetrics: AttributeBooleanValue?
        public var vpcId: String?

        public init(
            enableDnsHostnames: AttributeBooleanValue? = nil,
            enableDnsSupport: AttributeBooleanValue? = nil,
            enableNetworkAddressUsageMetrics: AttributeBooleanValue? = nil,
            vpcId: String? = nil
        ) {
            self.enableDnsHostnames = enableDnsHostnames
            self.enableDnsSupport = enableDnsSupport
            self.enableNetworkAddressUsageMetrics = enableNetworkAddressUsageMetrics
            self.vpcId = vpcId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "ModifyVpcAttribute"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("EnableDnsHostnames", enableDnsHostnames)
            fields.put("EnableDnsSupport", enableDnsSupport)
            fields.put("EnableNetworkAddressUsageMetrics", enableNetworkAddressUsageMetrics)
            fields.put("VpcId", vpcId)
        }
    }

    /// Asks for DescribeVpcAttribute.
    public struct DescribeVpcAttributeRequest: AWSOperation, Equatable {
        public var attribute: String?
        public var dryRun: Bool?
        public var vpcId: String?

        public init(
            attribute: String? = nil,
            dryRun: Bool? = nil,
            vpcId: String? = nil
        ) {
            self.attribute = attribute
            self.dryRun = dryRun
            self.vpcId = vpcId
        }

        public typealias Output = DescribeVpcAttributeResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeVpcAttribute"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("Attribute", attribute)
            fields.put("DryRun", dryRun)
            fields.put("VpcId", vpcId)
        }
    }

    /// The answer to DescribeVpcAttribute.
    public struct DescribeVpcAttributeResponse: Equatable, AWSDecodableShape {
        public var enableDnsHostnames: AttributeBooleanValue?
        public var enableDnsSupport: AttributeBooleanValue?
        public var enableNetworkAddressUsageMetrics: AttributeBooleanValue?
        public var vpcId: String?

        public init(
            enableDnsHostnames: AttributeBooleanValue? = nil,
            enableDnsSupport: AttributeBooleanValue? = nil,
            enableNetworkAddressUsageMetrics: AttributeBooleanValue? = nil,
            vpcId: String? = nil
        ) {
            self.enableDnsHostnames = enableDnsHostnames
            self.enableDnsSupport = enableDnsSupport
            self.enableNetworkAddressUsageMetrics = enableNetworkAddressUsageMetrics
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            enableDnsHostnames = node.read("enableDnsHostnames")
            enableDnsSupport = node.read("enableDnsSupport")
            enableNetworkAddressUsageMetrics = node.read("enableNetworkAddressUsageMetrics")
            vpcId = node.read("vpcId")
        }
    }

    /// Asks for CreateSubnet. 6 of its 13 members.
    public struct CreateSubnetRequest: AWSOperation, Equatable {
        public var availabilityZone: String?
        public var availabilityZoneId: String?
        public var cidrBlock: String?
        public var dryRun: Bool?
        public var tagSpecifications: [TagSpecification]
        public var vpcId: String?

        public init(
            availabilityZone: String? = nil,
            availabilityZoneId: String? = nil,
            cidrBlock: String? = nil,
            dryRun: Bool? = nil,
            tagSpecifications: [TagSpecification] = [],
            vpcId: String? = nil
        ) {
            self.availabilityZone = availabilityZone
            self.availabilityZoneId = availabilityZoneId
            self.cidrBlock = cidrBlock
            self.dryRun = dryRun
            self.tagSpecifications = tagSpecifications
            self.vpcId = vpcId
        }

        public typealias Output = CreateSubnetResponse
        public static var service: AWSService { EC2.service }
        public static let name = "CreateSubnet"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("AvailabilityZone", availabilityZone)
            fields.put("AvailabilityZoneId", availabilityZoneId)
            fields.put("CidrBlock", cidrBlock)
            fields.put("DryRun", dryRun)
            fields.put("TagSpecification", tagSpecifications, item: nil)
            fields.put("VpcId", vpcId)
        }
    }

    /// The answer to CreateSubnet.
    public struct CreateSubnetResponse: Equatable, AWSDecodableShape {
        public var subnet: Subnet?

        public init(
            subnet: Subnet? = nil
        ) {
            self.subnet = subnet
        }

        public init(_ node: AWSNode) {
            subnet = node.read("subnet")
        }
    }

    /// Asks for DescribeSubnets.
    public struct DescribeSubnetsRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var maxResults: Int?
        public var nextToken: String?
        public var subnetIds: [String]

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            maxResults: Int? = nil,
            nextToken: String? = nil,
            subnetIds: [String] = []
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.maxResults = maxResults
            self.nextToken = nextToken
            self.subnetIds = subnetIds
        }

        public typealias Output = DescribeSubnetsResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeSubnets"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
            fields.put("SubnetId", subnetIds, item: nil)
        }

        public func next(after output: DescribeSubnetsResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeSubnets.
    public struct DescribeSubnetsResponse: Equatable, AWSDecodableShape {
        public var nextToken: String?
        public var subnets: [Subnet]

        public init(
            nextToken: String? = nil,
            subnets: [Subnet] = []
        ) {
            self.nextToken = nextToken
            self.subnets = subnets
        }

        public init(_ node: AWSNode) {
            nextToken = node.read("nextToken")
            subnets = node.list("subnetSet", item: "item")
        }
    }

    /// Asks for DeleteSubnet.
    public struct DeleteSubnetRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var subnetId: String?

        public init(
            dryRun: Bool? = nil,
            subnetId: String? = nil
        ) {
            self.dryRun = dryRun
            self.subnetId = subnetId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "DeleteSubnet"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("SubnetId", subnetId)
        }
    }

    /// Asks for ModifySubnetAttribute. 2 of its 11 members.
    public struct ModifySubnetAttributeRequest: AWSOperation, Equatable {
        public var mapPublicIpOnLaunch: AttributeBooleanValue?
        public var subnetId: String?

        public init(
            mapPublicIpOnLaunch: AttributeBooleanValue? = nil,
            subnetId: String? = nil
        ) {
            self.mapPublicIpOnLaunch = mapPublicIpOnLaunch
            self.subnetId = subnetId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "ModifySubnetAttribute"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("MapPublicIpOnLaunch", mapPublicIpOnLaunch)
            fields.put("SubnetId", subnetId)
        }
    }

    /// Asks for CreateInternetGateway.
    public struct CreateInternetGatewayRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var tagSpecifications: [TagSpecification]

        public init(
            dryRun: Bool? = nil,
            tagSpecifications: [TagSpecification] = []
        ) {
            self.dryRun = dryRun
            self.tagSpecifications = tagSpecifications
        }

        public typealias Output = CreateInternetGatewayResponse
        public static var service: AWSService { EC2.service }
        public static let name = "CreateInternetGateway"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("TagSpecification", tagSpecifications, item: nil)
        }
    }

    /// The answer to CreateInternetGateway.
    public struct CreateInternetGatewayResponse: Equatable, AWSDecodableShape {
        public var internetGateway: InternetGateway?

        public init(
            internetGateway: InternetGateway? = nil
        ) {
            self.internetGateway = internetGateway
        }

        public init(_ node: AWSNode) {
            internetGateway = node.read("internetGateway")
        }
    }

    /// Asks for AttachInternetGateway.
    public struct AttachInternetGatewayRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var internetGatewayId: String?
        public var vpcId: String?

        public init(
            dryRun: Bool? = nil,
            internetGatewayId: String? = nil,
            vpcId: String? = nil
        ) {
            self.dryRun = dryRun
            self.internetGatewayId = internetGatewayId
            self.vpcId = vpcId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "AttachInternetGateway"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("InternetGatewayId", internetGatewayId)
            fields.put("VpcId", vpcId)
        }
    }

    /// Asks for DetachInternetGateway.
    public struct DetachInternetGatewayRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var internetGatewayId: String?
        public var vpcId: String?

        public init(
            dryRun: Bool? = nil,
            internetGatewayId: String? = nil,
            vpcId: String? = nil
        ) {
            self.dryRun = dryRun
            self.internetGatewayId = internetGatewayId
            self.vpcId = vpcId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "DetachInternetGateway"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("InternetGatewayId", internetGatewayId)
            fields.put("VpcId", vpcId)
        }
    }

    /// Asks for DescribeInternetGateways.
    public struct DescribeInternetGatewaysRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var internetGatewayIds: [String]
        public var maxResults: Int?
        public var nextToken: String?

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            internetGatewayIds: [String] = [],
            maxResults: Int? = nil,
            nextToken: String? = nil
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.internetGatewayIds = internetGatewayIds
            self.maxResults = maxResults
            self.nextToken = nextToken
        }

        public typealias Output = DescribeInternetGatewaysResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeInternetGateways"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("InternetGatewayId", internetGatewayIds, item: nil)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
        }

        public func next(after output: DescribeInternetGatewaysResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeInternetGateways.
    public struct DescribeInternetGatewaysResponse: Equatable, AWSDecodableShape {
        public var internetGateways: [InternetGateway]
        public var nextToken: String?

        public init(
            internetGateways: [InternetGateway] = [],
            nextToken: String? = nil
        ) {
            self.internetGateways = internetGateways
            self.nextToken = nextToken
        }

        public init(_ node: AWSNode) {
            internetGateways = node.list("internetGatewaySet", item: "item")
            nextToken = node.read("nextToken")
        }
    }

    /// Asks for DeleteInternetGateway.
    public struct DeleteInternetGatewayRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var internetGatewayId: String?

        public init(
            dryRun: Bool? = nil,
            internetGatewayId: String? = nil
        ) {
            self.dryRun = dryRun
            self.internetGatewayId = internetGatewayId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "DeleteInternetGateway"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("InternetGatewayId", internetGatewayId)
        }
    }

    /// Asks for CreateRouteTable.
    public struct CreateRouteTableRequest: AWSOperation, Equatable {
        public var clientToken: String?
        public var dryRun: Bool?
        public var tagSpecifications: [TagSpecification]
        public var vpcId: String?

        public init(
            clientToken: String? = nil,
            dryRun: Bool? = nil,
            tagSpecifications: [TagSpecification] = [],
            vpcId: String? = nil
        ) {
            self.clientToken = clientToken
            self.dryRun = dryRun
            self.tagSpecifications = tagSpecifications
            self.vpcId = vpcId
        }

        public typealias Output = CreateRouteTableResponse
        public static var service: AWSService { EC2.service }
        public static let name = "CreateRouteTable"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("ClientToken", clientToken ?? fields.token)
            fields.put("DryRun", dryRun)
            fields.put("TagSpecification", tagSpecifications, item: nil)
            fields.put("VpcId", vpcId)
        }
    }

    /// The answer to CreateRouteTable.
    public struct CreateRouteTableResponse: Equatable, AWSDecodableShape {
        public var clientToken: String?
        public var routeTable: RouteTable?

        public init(
            clientToken: String? = nil,
            routeTable: RouteTable? = nil
        ) {
            self.clientToken = clientToken
            self.routeTable = routeTable
        }

        public init(_ node: AWSNode) {
            clientToken = node.read("clientToken")
            routeTable = node.read("routeTable")
        }
    }

    /// Asks for AssociateRouteTable.
    public struct AssociateRouteTableRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var gatewayId: String?
        public var publicIpv4Pool: String?
        public var routeTableId: String?
        public var subnetId: String?

        public init(
            dryRun: Bool? = nil,
            gatewayId: String? = nil,
            publicIpv4Pool: String? = nil,
            routeTableId: String? = nil,
            subnetId: String? = nil
        ) {
            self.dryRun = dryRun
            self.gatewayId = gatewayId
            self.publicIpv4Pool = publicIpv4Pool
            self.routeTableId = routeTableId
            self.subnetId = subnetId
        }

        public typealias Output = AssociateRouteTableResponse
        public static var service: AWSService { EC2.service }
        public static let name = "AssociateRouteTable"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("GatewayId", gatewayId)
            fields.put("PublicIpv4Pool", publicIpv4Pool)
            fields.put("RouteTableId", routeTableId)
            fields.put("SubnetId", subnetId)
        }
    }

    /// The answer to AssociateRouteTable.
    public struct AssociateRouteTableResponse: Equatable, AWSDecodableShape {
        public var associationId: String?
        public var associationState: RouteTableAssociationState?

        public init(
            associationId: String? = nil,
            associationState: RouteTableAssociationState? = nil
        ) {
            self.associationId = associationId
            self.associationState = associationState
        }

        public init(_ node: AWSNode) {
            associationId = node.read("associationId")
            associationState = node.read("associationState")
        }
    }

    /// Asks for DisassociateRouteTable.
    public struct DisassociateRouteTableRequest: AWSOperation, Equatable {
        public var associationId: String?
        public var dryRun: Bool?

        public init(
            associationId: String? = nil,
            dryRun: Bool? = nil
        ) {
            self.associationId = associationId
            self.dryRun = dryRun
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "DisassociateRouteTable"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("AssociationId", associationId)
            fields.put("DryRun", dryRun)
        }
    }

    /// Asks for DescribeRouteTables.
    public struct DescribeRouteTablesRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var maxResults: Int?
        public var nextToken: String?
        public var routeTableIds: [String]

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            maxResults: Int? = nil,
            nextToken: String? = nil,
            routeTableIds: [String] = []
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.maxResults = maxResults
            self.nextToken = nextToken
            self.routeTableIds = routeTableIds
        }

        public typealias Output = DescribeRouteTablesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeRouteTables"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
            fields.put("RouteTableId", routeTableIds, item: nil)
        }

        public func next(after output: DescribeRouteTablesResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeRouteTables.
    public struct DescribeRouteTablesResponse: Equatable, AWSDecodableShape {
        public var nextToken: String?
        public var routeTables: [RouteTable]

        public init(
            nextToken: String? = nil,
            routeTables: [RouteTable] = []
        ) {
            self.nextToken = nextToken
            self.routeTables = routeTables
        }

        public init(_ node: AWSNode) {
            nextToken = node.read("nextToken")
            routeTables = node.list("routeTableSet", item: "item")
        }
    }

    /// Asks for DeleteRouteTable.
    public struct DeleteRouteTableRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var routeTableId: String?

        public init(
            dryRun: Bool? = nil,
            routeTableId: String? = nil
        ) {
            self.dryRun = dryRun
            self.routeTableId = routeTableId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "DeleteRouteTable"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("RouteTableId", routeTableId)
        }
    }

    /// Asks for CreateRoute. 7 of its 17 members.
    public struct CreateRouteRequest: AWSOperation, Equatable {
        public var destinationCidrBlock: String?
        public var dryRun: Bool?
        public var gatewayId: String?
        public var instanceId: String?
        public var natGatewayId: String?
        public var networkInterfaceId: String?
        public var routeTableId: String?

        public init(
            destinationCidrBlock: String? = nil,
            dryRun: Bool? = nil,
            gatewayId: String? = nil,
            instanceId: String? = nil,
            natGatewayId: String? = nil,
            networkInterfaceId: String? = nil,
            routeTableId: String? = nil
        ) {
            self.destinationCidrBlock = destinationCidrBlock
            self.dryRun = dryRun
            self.gatewayId = gatewayId
            self.instanceId = instanceId
            self.natGatewayId = natGatewayId
            self.networkInterfaceId = networkInterfaceId
            self.routeTableId = routeTableId
        }

        public typealias Output = CreateRouteResponse
        public static var service: AWSService { EC2.service }
        public static let name = "CreateRoute"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DestinationCidrBlock", destinationCidrBlock)
            fields.put("DryRun", dryRun)
            fields.put("GatewayId", gatewayId)
            fields.put("InstanceId", instanceId)
            fields.put("NatGatewayId", natGatewayId)
            fields.put("NetworkInterfaceId", networkInterfaceId)
            fields.put("RouteTableId", routeTableId)
        }
    }

    /// The answer to CreateRoute.
    public struct CreateRouteResponse: Equatable, AWSDecodableShape {
        public var `return`: Bool?

        public init(
            `return`: Bool? = nil
        ) {
            self.return = `return`
        }

        public init(_ node: AWSNode) {
            self.return = node.read("return")
        }
    }

    /// Asks for ReplaceRoute. 7 of its 18 members.
    public struct ReplaceRouteRequest: AWSOperation, Equatable {
        public var destinationCidrBlock: String?
        public var dryRun: Bool?
        public var gatewayId: String?
        public var instanceId: String?
        public var natGatewayId: String?
        public var networkInterfaceId: String?
        public var routeTableId: String?

        public init(
            destinationCidrBlock: String? = nil,
            dryRun: Bool? = nil,
            gatewayId: String? = nil,
            instanceId: String? = nil,
            natGatewayId: String? = nil,
            networkInterfaceId: String? = nil,
            routeTableId: String? = nil
        ) {
            self.destinationCidrBlock = destinationCidrBlock
            self.dryRun = dryRun
            self.gatewayId = gatewayId
            self.instanceId = instanceId
            self.natGatewayId = natGatewayId
            self.networkInterfaceId = networkInterfaceId
            self.routeTableId = routeTableId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "ReplaceRoute"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DestinationCidrBlock", destinationCidrBlock)
            fields.put("DryRun", dryRun)
            fields.put("GatewayId", gatewayId)
            fields.put("InstanceId", instanceId)
            fields.put("NatGatewayId", natGatewayId)
            fields.put("NetworkInterfaceId", networkInterfaceId)
            fields.put("RouteTableId", routeTableId)
        }
    }

    /// Asks for DeleteRoute. 3 of its 5 members.
    public struct DeleteRouteRequest: AWSOperation, Equatable {
        public var destinationCidrBlock: String?
        public var dryRun: Bool?
        public var routeTableId: String?

        public init(
            destinationCidrBlock: String? = nil,
            dryRun: Bool? = nil,
            routeTableId: String? = nil
        ) {
            self.destinationCidrBlock = destinationCidrBlock
            self.dryRun = dryRun
            self.routeTableId = routeTableId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "DeleteRoute"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DestinationCidrBlock", destinationCidrBlock)
            fields.put("DryRun", dryRun)
            fields.put("RouteTableId", routeTableId)
        }
    }

    /// Asks for AllocateAddress. 3 of its 8 members.
    public struct AllocateAddressRequest: AWSOperation, Equatable {
        public var domain: String?
        public var dryRun: Bool?
        public var tagSpecifications: [TagSpecification]

        public init(
            domain: String? = nil,
            dryRun: Bool? = nil,
            tagSpecifications: [TagSpecification] = []
        ) {
            self.domain = domain
            self.dryRun = dryRun
            self.tagSpecifications = tagSpecifications
        }

        public typealias Output = AllocateAddressResponse
        public static var service: AWSService { EC2.service }
        public static let name = "AllocateAddress"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("Domain", domain)
            fields.put("DryRun", dryRun)
            fields.put("TagSpecification", tagSpecifications, item: nil)
        }
    }

    /// The answer to AllocateAddress. 2 of its 8 members.
    public struct AllocateAddressResponse: Equatable, AWSDecodableShape {
        public var allocationId: String?
        public var publicIp: String?

        public init(
            allocationId: String? = nil,
            publicIp: String? = nil
        ) {
            self.allocationId = allocationId
            self.publicIp = publicIp
        }

        public init(_ node: AWSNode) {
            allocationId = node.read("allocationId")
            publicIp = node.read("publicIp")
        }
    }

    /// Asks for DescribeAddresses.
    public struct DescribeAddressesRequest: AWSOperation, Equatable {
        public var allocationIds: [String]
        public var dryRun: Bool?
        public var filters: [Filter]
        public var publicIps: [String]

        public init(
            allocationIds: [String] = [],
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            publicIps: [String] = []
        ) {
            self.allocationIds = allocationIds
            self.dryRun = dryRun
            self.filters = filters
            self.publicIps = publicIps
        }

        public typealias Output = DescribeAddressesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeAddresses"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("AllocationId", allocationIds, item: nil)
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("PublicIp", publicIps, item: nil)
        }
    }

    /// The answer to DescribeAddresses.
    public struct DescribeAddressesResponse: Equatable, AWSDecodableShape {
        public var addresses: [Address]

        public init(
            addresses: [Address] = []
        ) {
            self.addresses = addresses
        }

        public init(_ node: AWSNode) {
            addresses = node.list("addressesSet", item: "item")
        }
    }

    /// Asks for ReleaseAddress.
    public struct ReleaseAddressRequest: AWSOperation, Equatable {
        public var allocationId: String?
        public var dryRun: Bool?
        public var networkBorderGroup: String?
        public var publicIp: String?

        public init(
            allocationId: String? = nil,
            dryRun: Bool? = nil,
            networkBorderGroup: String? = nil,
            publicIp: String? = nil
        ) {
            self.allocationId = allocationId
            self.dryRun = dryRun
            self.networkBorderGroup = networkBorderGroup
            self.publicIp = publicIp
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "ReleaseAddress"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("AllocationId", allocationId)
            fields.put("DryRun", dryRun)
            fields.put("NetworkBorderGroup", networkBorderGroup)
            fields.put("PublicIp", publicIp)
        }
    }

    /// Asks for CreateNatGateway. 6 of its 13 members.
    public struct CreateNatGatewayRequest: AWSOperation, Equatable {
        public var allocationId: String?
        public var clientToken: String?
        public var connectivityType: String?
        public var dryRun: Bool?
        public var subnetId: String?
        public var tagSpecifications: [TagSpecification]

        public init(
            allocationId: String? = nil,
            clientToken: String? = nil,
            connectivityType: String? = nil,
            dryRun: Bool? = nil,
            subnetId: String? = nil,
            tagSpecifications: [TagSpecification] = []
        ) {
            self.allocationId = allocationId
            self.clientToken = clientToken
            self.connectivityType = connectivityType
            self.dryRun = dryRun
            self.subnetId = subnetId
            self.tagSpecifications = tagSpecifications
        }

        public typealias Output = CreateNatGatewayResponse
        public static var service: AWSService { EC2.service }
        public static let name = "CreateNatGateway"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("AllocationId", allocationId)
            fields.put("ClientToken", clientToken ?? fields.token)
            fields.put("ConnectivityType", connectivityType)
            fields.put("DryRun", dryRun)
            fields.put("SubnetId", subnetId)
            fields.put("TagSpecification", tagSpecifications, item: nil)
        }
    }

    /// The answer to CreateNatGateway.
    public struct CreateNatGatewayResponse: Equatable, AWSDecodableShape {
        public var clientToken: String?
        public var natGateway: NatGateway?

        public init(
            clientToken: String? = nil,
            natGateway: NatGateway? = nil
        ) {
            self.clientToken = clientToken
            self.natGateway = natGateway
        }

        public init(_ node: AWSNode) {
            clientToken = node.read("clientToken")
            natGateway = node.read("natGateway")
        }
    }

    /// Asks for DescribeNatGateways.
    public struct DescribeNatGatewaysRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filter: [Filter]
        public var maxResults: Int?
        public var natGatewayIds: [String]
        public var nextToken: String?

        public init(
            dryRun: Bool? = nil,
            filter: [Filter] = [],
            maxResults: Int? = nil,
            natGatewayIds: [String] = [],
            nextToken: String? = nil
        ) {
            self.dryRun = dryRun
            self.filter = filter
            self.maxResults = maxResults
            self.natGatewayIds = natGatewayIds
            self.nextToken = nextToken
        }

        public typealias Output = DescribeNatGatewaysResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeNatGateways"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filter, item: nil)
            fields.put("MaxResults", maxResults)
            fields.put("NatGatewayId", natGatewayIds, item: nil)
            fields.put("NextToken", nextToken)
        }

        public func next(after output: DescribeNatGatewaysResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeNatGateways.
    public struct DescribeNatGatewaysResponse: Equatable, AWSDecodableShape {
        public var natGateways: [NatGateway]
        public var nextToken: String?

        public init(
            natGateways: [NatGateway] = [],
            nextToken: String? = nil
        ) {
            self.natGateways = natGateways
            self.nextToken = nextToken
        }

        public init(_ node: AWSNode) {
            natGateways = node.list("natGatewaySet", item: "item")
            nextToken = node.read("nextToken")
        }
    }

    /// Asks for DeleteNatGateway.
    public struct DeleteNatGatewayRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var natGatewayId: String?

        public init(
            dryRun: Bool? = nil,
            natGatewayId: String? = nil
        ) {
            self.dryRun = dryRun
            self.natGatewayId = natGatewayId
        }

        public typealias Output = DeleteNatGatewayResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DeleteNatGateway"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("NatGatewayId", natGatewayId)
        }
    }

    /// The answer to DeleteNatGateway.
    public struct DeleteNatGatewayResponse: Equatable, AWSDecodableShape {
        public var natGatewayId: String?

        public init(
            natGatewayId: String? = nil
        ) {
            self.natGatewayId = natGatewayId
        }

        public init(_ node: AWSNode) {
            natGatewayId = node.read("natGatewayId")
        }
    }

    /// Asks for CreateSecurityGroup.
    public struct CreateSecurityGroupRequest: AWSOperation, Equatable {
        public var description: String?
        public var dryRun: Bool?
        public var groupName: String?
        public var tagSpecifications: [TagSpecification]
        public var vpcId: String?

        public init(
            description: String? = nil,
            dryRun: Bool? = nil,
            groupName: String? = nil,
            tagSpecifications: [TagSpecification] = [],
            vpcId: String? = nil
        ) {
            self.description = description
            self.dryRun = dryRun
            self.groupName = groupName
            self.tagSpecifications = tagSpecifications
            self.vpcId = vpcId
        }

        public typealias Output = CreateSecurityGroupResponse
        public static var service: AWSService { EC2.service }
        public static let name = "CreateSecurityGroup"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("GroupDescription", description)
            fields.put("DryRun", dryRun)
            fields.put("GroupName", groupName)
            fields.put("TagSpecification", tagSpecifications, item: nil)
            fields.put("VpcId", vpcId)
        }
    }

    /// The answer to CreateSecurityGroup.
    public struct CreateSecurityGroupResponse: Equatable, AWSDecodableShape {
        public var groupId: String?
        public var securityGroupArn: String?
        public var tags: [Tag]

        public init(
            groupId: String? = nil,
            securityGroupArn: String? = nil,
            tags: [Tag] = []
        ) {
            self.groupId = groupId
            self.securityGroupArn = securityGroupArn
            self.tags = tags
        }

        public init(_ node: AWSNode) {
            groupId = node.read("groupId")
            securityGroupArn = node.read("securityGroupArn")
            tags = node.list("tagSet", item: "item")
        }
    }

    /// Asks for DescribeSecurityGroups.
    public struct DescribeSecurityGroupsRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var groupIds: [String]
        public var groupNames: [String]
        public var maxResults: Int?
        public var nextToken: String?

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            groupIds: [String] = [],
            groupNames: [String] = [],
            maxResults: Int? = nil,
            nextToken: String? = nil
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.groupIds = groupIds
            self.groupNames = groupNames
            self.maxResults = maxResults
            self.nextToken = nextToken
        }

        public typealias Output = DescribeSecurityGroupsResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeSecurityGroups"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("GroupId", groupIds, item: nil)
            fields.put("GroupName", groupNames, item: nil)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
        }

        public func next(after output: DescribeSecurityGroupsResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeSecurityGroups.
    public struct DescribeSecurityGroupsResponse: Equatable, AWSDecodableShape {
        public var nextToken: String?
        public var securityGroups: [SecurityGroup]

        public init(
            nextToken: String? = nil,
            securityGroups: [SecurityGroup] = []
        ) {
            self.nextToken = nextToken
            self.securityGroups = securityGroups
        }

        public init(_ node: AWSNode) {
            nextToken = node.read("nextToken")
            securityGroups = node.list("securityGroupInfo", item: "item")
        }
    }

    /// Asks for DeleteSecurityGroup.
    public struct DeleteSecurityGroupRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var groupId: String?
        public var groupName: String?

        public init(
            dryRun: Bool? = nil,
            groupId: String? = nil,
            groupName: String? = nil
        ) {
            self.dryRun = dryRun
            self.groupId = groupId
            self.groupName = groupName
        }

        public typealias Output = DeleteSecurityGroupResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DeleteSecurityGroup"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("GroupId", groupId)
            fields.put("GroupName", groupName)
        }
    }

    /// The answer to DeleteSecurityGroup.
    public struct DeleteSecurityGroupResponse: Equatable, AWSDecodableShape {
        public var groupId: String?
        public var `return`: Bool?

        public init(
            groupId: String? = nil,
            `return`: Bool? = nil
        ) {
            self.groupId = groupId
            self.return = `return`
        }

        public init(_ node: AWSNode) {
            groupId = node.read("groupId")
            self.return = node.read("return")
        }
    }

    /// Asks for AuthorizeSecurityGroupIngress. 4 of its 11 members.
    public struct AuthorizeSecurityGroupIngressRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var groupId: String?
        public var ipPermissions: [IpPermission]
        public var tagSpecifications: [TagSpecification]

        public init(
            dryRun: Bool? = nil,
            groupId: String? = nil,
            ipPermissions: [IpPermission] = [],
            tagSpecifications: [TagSpecification] = []
        ) {
            self.dryRun = dryRun
            self.groupId = groupId
            self.ipPermissions = ipPermissions
            self.tagSpecifications = tagSpecifications
        }

        public typealias Output = AuthorizeSecurityGroupIngressResponse
        public static var service: AWSService { EC2.service }
        public static let name = "AuthorizeSecurityGroupIngress"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("GroupId", groupId)
            fields.put("IpPermissions", ipPermissions, item: nil)
            fields.put("TagSpecification", tagSpecifications, item: nil)
        }
    }

    /// The answer to AuthorizeSecurityGroupIngress.
    public struct AuthorizeSecurityGroupIngressResponse: Equatable, AWSDecodableShape {
        public var `return`: Bool?
        public var securityGroupRules: [SecurityGroupRule]

        public init(
            `return`: Bool? = nil,
            securityGroupRules: [SecurityGroupRule] = []
        ) {
            self.return = `return`
            self.securityGroupRules = securityGroupRules
        }

        public init(_ node: AWSNode) {
            self.return = node.read("return")
            securityGroupRules = node.list("securityGroupRuleSet", item: "item")
        }
    }

    /// Asks for AuthorizeSecurityGroupEgress. 4 of its 10 members.
    public struct AuthorizeSecurityGroupEgressRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var groupId: String?
        public var ipPermissions: [IpPermission]
        public var tagSpecifications: [TagSpecification]

        public init(
            dryRun: Bool? = nil,
            groupId: String? = nil,
            ipPermissions: [IpPermission] = [],
            tagSpecifications: [TagSpecification] = []
        ) {
            self.dryRun = dryRun
            self.groupId = groupId
            self.ipPermissions = ipPermissions
            self.tagSpecifications = tagSpecifications
        }

        public typealias Output = AuthorizeSecurityGroupEgressResponse
        public static var service: AWSService { EC2.service }
        public static let name = "AuthorizeSecurityGroupEgress"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("GroupId", groupId)
            fields.put("IpPermissions", ipPermissions, item: nil)
            fields.put("TagSpecification", tagSpecifications, item: nil)
        }
    }

    /// The answer to AuthorizeSecurityGroupEgress.
    public struct AuthorizeSecurityGroupEgressResponse: Equatable, AWSDecodableShape {
        public var `return`: Bool?
        public var securityGroupRules: [SecurityGroupRule]

        public init(
            `return`: Bool? = nil,
            securityGroupRules: [SecurityGroupRule] = []
        ) {
            self.return = `return`
            self.securityGroupRules = securityGroupRules
        }

        public init(_ node: AWSNode) {
            self.return = node.read("return")
            securityGroupRules = node.list("securityGroupRuleSet", item: "item")
        }
    }

    /// Asks for RevokeSecurityGroupIngress. 4 of its 11 members.
    public struct RevokeSecurityGroupIngressRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var groupId: String?
        public var ipPermissions: [IpPermission]
        public var securityGroupRuleIds: [String]

        public init(
            dryRun: Bool? = nil,
            groupId: String? = nil,
            ipPermissions: [IpPermission] = [],
            securityGroupRuleIds: [String] = []
        ) {
            self.dryRun = dryRun
            self.groupId = groupId
            self.ipPermissions = ipPermissions
            self.securityGroupRuleIds = securityGroupRuleIds
        }

        public typealias Output = RevokeSecurityGroupIngressResponse
        public static var service: AWSService { EC2.service }
        public static let name = "RevokeSecurityGroupIngress"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("GroupId", groupId)
            fields.put("IpPermissions", ipPermissions, item: nil)
            fields.put("SecurityGroupRuleId", securityGroupRuleIds, item: nil)
        }
    }

    /// The answer to RevokeSecurityGroupIngress.
    public struct RevokeSecurityGroupIngressResponse: Equatable, AWSDecodableShape {
        public var `return`: Bool?
        public var revokedSecurityGroupRules: [RevokedSecurityGroupRule]
        public var unknownIpPermissions: [IpPermission]

        public init(
            `return`: Bool? = nil,
            revokedSecurityGroupRules: [RevokedSecurityGroupRule] = [],
            unknownIpPermissions: [IpPermission] = []
        ) {
            self.return = `return`
            self.revokedSecurityGroupRules = revokedSecurityGroupRules
            self.unknownIpPermissions = unknownIpPermissions
        }

        public init(_ node: AWSNode) {
            self.return = node.read("return")
            revokedSecurityGroupRules = node.list("revokedSecurityGroupRuleSet", item: "item")
            unknownIpPermissions = node.list("unknownIpPermissionSet", item: "item")
        }
    }

    /// Asks for RevokeSecurityGroupEgress. 4 of its 10 members.
    public struct RevokeSecurityGroupEgressRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var groupId: String?
        public var ipPermissions: [IpPermission]
        public var securityGroupRuleIds: [String]

        public init(
            dryRun: Bool? = nil,
            groupId: String? = nil,
            ipPermissions: [IpPermission] = [],
            securityGroupRuleIds: [String] = []
        ) {
            self.dryRun = dryRun
            self.groupId = groupId
            self.ipPermissions = ipPermissions
            self.securityGroupRuleIds = securityGroupRuleIds
        }

        public typealias Output = RevokeSecurityGroupEgressResponse
        public static var service: AWSService { EC2.service }
        public static let name = "RevokeSecurityGroupEgress"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("GroupId", groupId)
            fields.put("IpPermissions", ipPermissions, item: nil)
            fields.put("SecurityGroupRuleId", securityGroupRuleIds, item: nil)
        }
    }

    /// The answer to RevokeSecurityGroupEgress.
    public struct RevokeSecurityGroupEgressResponse: Equatable, AWSDecodableShape {
        public var `return`: Bool?
        public var revokedSecurityGroupRules: [RevokedSecurityGroupRule]
        public var unknownIpPermissions: [IpPermission]

        public init(
            `return`: Bool? = nil,
            revokedSecurityGroupRules: [RevokedSecurityGroupRule] = [],
            unknownIpPermissions: [IpPermission] = []
        ) {
            self.return = `return`
            self.revokedSecurityGroupRules = revokedSecurityGroupRules
            self.unknownIpPermissions = unknownIpPermissions
        }

        public init(_ node: AWSNode) {
            self.return = node.read("return")
            revokedSecurityGroupRules = node.list("revokedSecurityGroupRuleSet", item: "item")
            unknownIpPermissions = node.list("unknownIpPermissionSet", item: "item")
        }
    }

    /// Asks for DescribeSecurityGroupRules.
    public struct DescribeSecurityGroupRulesRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var maxResults: Int?
        public var nextToken: String?
        public var securityGroupRuleIds: [String]

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            maxResults: Int? = nil,
            nextToken: String? = nil,
            securityGroupRuleIds: [String] = []
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.maxResults = maxResults
            self.nextToken = nextToken
            self.securityGroupRuleIds = securityGroupRuleIds
        }

        public typealias Output = DescribeSecurityGroupRulesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeSecurityGroupRules"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
            fields.put("SecurityGroupRuleId", securityGroupRuleIds, item: nil)
        }

        public func next(after output: DescribeSecurityGroupRulesResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeSecurityGroupRules.
    public struct DescribeSecurityGroupRulesResponse: Equatable, AWSDecodableShape {
        public var nextToken: String?
        public var securityGroupRules: [SecurityGroupRule]

        public init(
            nextToken: String? = nil,
            securityGroupRules: [SecurityGroupRule] = []
        ) {
            self.nextToken = nextToken
            self.securityGroupRules = securityGroupRules
        }

        public init(_ node: AWSNode) {
            nextToken = node.read("nextToken")
            securityGroupRules = node.list("securityGroupRuleSet", item: "item")
        }
    }

    /// Asks for RunInstances. 24 of its 42 members.
    public struct RunInstancesRequest: AWSOperation, Equatable {
        public var blockDeviceMappings: [BlockDeviceMapping]
        public var clientToken: String?
        public var creditSpecification: CreditSpecificationRequest?
        public var disableApiStop: Bool?
        public var disableApiTermination: Bool?
        public var dryRun: Bool?
        public var ebsOptimized: Bool?
        public var iamInstanceProfile: IamInstanceProfileSpecification?
        public var imageId: String?
        public var instanceInitiatedShutdownBehavior: String?
        public var instanceMarketOptions: InstanceMarketOptionsRequest?
        public var instanceType: String?
        public var keyName: String?
        public var maxCount: Int?
        public var metadataOptions: InstanceMetadataOptionsRequest?
        public var minCount: Int?
        public var monitoring: RunInstancesMonitoringEnabled?
        public var networkInterfaces: [InstanceNetworkInterfaceSpecification]
        public var placement: Placement?
        public var privateIpAddress: String?
        public var securityGroupIds: [String]
        public var subnetId: String?
        public var tagSpecifications: [TagSpecification]
        public var userData: String?

        public init(
            blockDeviceMappings: [BlockDeviceMapping] = [],
            clientToken: String? = nil,
            creditSpecification: CreditSpecificationRequest? = nil,
            disableApiStop: Bool? = nil,
            disableApiTermination: Bool? = nil,
            dryRun: Bool? = nil,
            ebsOptimized: Bool? = nil,
            iamInstanceProfile: IamInstanceProfileSpecification? = nil,
            imageId: String? = nil,
            instanceInitiatedShutdownBehavior: String? = nil,
            instanceMarketOptions: InstanceMarketOptionsRequest? = nil,
            instanceType: String? = nil,
            keyName: String? = nil,
            maxCount: Int? = nil,
            metadataOptions: InstanceMetadataOptionsRequest? = nil,
            minCount: Int? = nil,
            monitoring: RunInstancesMonitoringEnabled? = nil,
            networkInterfaces: [InstanceNetworkInterfaceSpecification] = [],
            placement: Placement? = nil,
            privateIpAddress: String? = nil,
            securityGroupIds: [String] = [],
            subnetId: String? = nil,
            tagSpecifications: [TagSpecification] = [],
            userData: String? = nil
        ) {
            self.blockDeviceMappings = blockDeviceMappings
            self.clientToken = clientToken
            self.creditSpecification = creditSpecification
            self.disableApiStop = disableApiStop
            self.disableApiTermination = disableApiTermination
            self.dryRun = dryRun
            self.ebsOptimized = ebsOptimized
            self.iamInstanceProfile = iamInstanceProfile
            self.imageId = imageId
            self.instanceInitiatedShutdownBehavior = instanceInitiatedShutdownBehavior
            self.instanceMarketOptions = instanceMarketOptions
            self.instanceType = instanceType
            self.keyName = keyName
            self.maxCount = maxCount
            self.metadataOptions = metadataOptions
            self.minCount = minCount
            self.monitoring = monitoring
            self.networkInterfaces = networkInterfaces
            self.placement = placement
            self.privateIpAddress = privateIpAddress
            self.securityGroupIds = securityGroupIds
            self.subnetId = subnetId
            self.tagSpecifications = tagSpecifications
            self.userData = userData
        }

        public typealias Output = Reservation
        public static var service: AWSService { EC2.service }
        public static let name = "RunInstances"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("BlockDeviceMapping", blockDeviceMappings, item: nil)
            fields.put("ClientToken", clientToken ?? fields.token)
            fields.put("CreditSpecification", creditSpecification)
            fields.put("DisableApiStop", disableApiStop)
            fields.put("DisableApiTermination", disableApiTermination)
            fields.put("DryRun", dryRun)
            fields.put("EbsOptimized", ebsOptimized)
            fields.put("IamInstanceProfile", iamInstanceProfile)
            fields.put("ImageId", imageId)
            fields.put("InstanceInitiatedShutdownBehavior", instanceInitiatedShutdownBehavior)
            fields.put("InstanceMarketOptions", instanceMarketOptions)
            fields.put("InstanceType", instanceType)
            fields.put("KeyName", keyName)
            fields.put("MaxCount", maxCount)
            fields.put("MetadataOptions", metadataOptions)
            fields.put("MinCount", minCount)
            fields.put("Monitoring", monitoring)
            fields.put("NetworkInterface", networkInterfaces, item: nil)
            fields.put("Placement", placement)
            fields.put("PrivateIpAddress", privateIpAddress)
            fields.put("SecurityGroupId", securityGroupIds, item: nil)
            fields.put("SubnetId", subnetId)
            fields.put("TagSpecification", tagSpecifications, item: nil)
            fields.put("UserData", userData)
        }
    }

    /// Asks for DescribeInstances.
    public struct DescribeInstancesRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var includeManagedResources: Bool?
        public var instanceIds: [String]
        public var maxResults: Int?
        public var nextToken: String?

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            includeManagedResources: Bool? = nil,
            instanceIds: [String] = [],
            maxResults: Int? = nil,
            nextToken: String? = nil
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.includeManagedResources = includeManagedResources
            self.instanceIds = instanceIds
            self.maxResults = maxResults
            self.nextToken = nextToken
        }

        public typealias Output = DescribeInstancesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeInstances"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("IncludeManagedResources", includeManagedResources)
            fields.put("InstanceId", instanceIds, item: nil)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
        }

        public func next(after output: DescribeInstancesResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeInstances.
    public struct DescribeInstancesResponse: Equatable, AWSDecodableShape {
        public var nextToken: String?
        public var reservations: [Reservation]

        public init(
            nextToken: String? = nil,
            reservations: [Reservation] = []
        ) {
            self.nextToken = nextToken
            self.reservations = reservations
        }

        public init(_ node: AWSNode) {
            nextToken = node.read("nextToken")
            reservations = node.list("reservationSet", item: "item")
        }
    }

    /// Asks for StartInstances.
    public struct StartInstancesRequest: AWSOperation, Equatable {
        public var additionalInfo: String?
        public var dryRun: Bool?
        public var instanceIds: [String]

        public init(
            additionalInfo: String? = nil,
            dryRun: Bool? = nil,
            instanceIds: [String] = []
        ) {
            self.additionalInfo = additionalInfo
            self.dryRun = dryRun
            self.instanceIds = instanceIds
        }

        public typealias Output = StartInstancesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "StartInstances"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("AdditionalInfo", additionalInfo)
            fields.put("DryRun", dryRun)
            fields.put("InstanceId", instanceIds, item: nil)
        }
    }

    /// The answer to StartInstances.
    public struct StartInstancesResponse: Equatable, AWSDecodableShape {
        public var startingInstances: [InstanceStateChange]

        public init(
            startingInstances: [InstanceStateChange] = []
        ) {
            self.startingInstances = startingInstances
        }

        public init(_ node: AWSNode) {
            startingInstances = node.list("instancesSet", item: "item")
        }
    }

    /// Asks for StopInstances.
    public struct StopInstancesRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var force: Bool?
        public var hibernate: Bool?
        public var instanceIds: [String]
        public var skipOsShutdown: Bool?

        public init(
            dryRun: Bool? = nil,
            force: Bool? = nil,
            hibernate: Bool? = nil,
            instanceIds: [String] = [],
            skipOsShutdown: Bool? = nil
        ) {
            self.dryRun = dryRun
            self.force = force
            self.hibernate = hibernate
            self.instanceIds = instanceIds
            self.skipOsShutdown = skipOsShutdown
        }

        public typealias Output = StopInstancesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "StopInstances"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Force", force)
            fields.put("Hibernate", hibernate)
            fields.put("InstanceId", instanceIds, item: nil)
            fields.put("SkipOsShutdown", skipOsShutdown)
        }
    }

    /// The answer to StopInstances.
    public struct StopInstancesResponse: Equatable, AWSDecodableShape {
        public var stoppingInstances: [InstanceStateChange]

        public init(
            stoppingInstances: [InstanceStateChange] = []
        ) {
            self.stoppingInstances = stoppingInstances
        }

        public init(_ node: AWSNode) {
            stoppingInstances = node.list("instancesSet", item: "item")
        }
    }

    /// Asks for TerminateInstances.
    public struct TerminateInstancesRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var force: Bool?
        public var instanceIds: [String]
        public var skipOsShutdown: Bool?

        public init(
            dryRun: Bool? = nil,
            force: Bool? = nil,
            instanceIds: [String] = [],
            skipOsShutdown: Bool? = nil
        ) {
            self.dryRun = dryRun
            self.force = force
            self.instanceIds = instanceIds
            self.skipOsShutdown = skipOsShutdown
        }

        public typealias Output = TerminateInstancesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "TerminateInstances"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Force", force)
            fields.put("InstanceId", instanceIds, item: nil)
            fields.put("SkipOsShutdown", skipOsShutdown)
        }
    }

    /// The answer to TerminateInstances.
    public struct TerminateInstancesResponse: Equatable, AWSDecodableShape {
        public var terminatingInstances: [InstanceStateChange]

        public init(
            terminatingInstances: [InstanceStateChange] = []
        ) {
            self.terminatingInstances = terminatingInstances
        }

        public init(_ node: AWSNode) {
            terminatingInstances = node.list("instancesSet", item: "item")
        }
    }

    /// Asks for ModifyInstanceAttribute. 9 of its 18 members.
    public struct ModifyInstanceAttributeRequest: AWSOperation, Equatable {
        public var disableApiTermination: AttributeBooleanValue?
        public var dryRun: Bool?
        public var ebsOptimized: AttributeBooleanValue?
        public var groups: [String]
        public var instanceId: String?
        public var instanceInitiatedShutdownBehavior: AttributeValue?
        public var instanceType: AttributeValue?
        public var sourceDestCheck: AttributeBooleanValue?
        public var userData: SecureBlobAttributeValue?

        public init(
            disableApiTermination: AttributeBooleanValue? = nil,
            dryRun: Bool? = nil,
            ebsOptimized: AttributeBooleanValue? = nil,
            groups: [String] = [],
            instanceId: String? = nil,
            instanceInitiatedShutdownBehavior: AttributeValue? = nil,
            instanceType: AttributeValue? = nil,
            sourceDestCheck: AttributeBooleanValue? = nil,
            userData: SecureBlobAttributeValue? = nil
        ) {
            self.disableApiTermination = disableApiTermination
            self.dryRun = dryRun
            self.ebsOptimized = ebsOptimized
            self.groups = groups
            self.instanceId = instanceId
            self.instanceInitiatedShutdownBehavior = instanceInitiatedShutdownBehavior
            self.instanceType = instanceType
            self.sourceDestCheck = sourceDestCheck
            self.userData = userData
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "ModifyInstanceAttribute"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DisableApiTermination", disableApiTermination)
            fields.put("DryRun", dryRun)
            fields.put("EbsOptimized", ebsOptimized)
            fields.put("GroupId", groups, item: nil)
            fields.put("InstanceId", instanceId)
            fields.put("InstanceInitiatedShutdownBehavior", instanceInitiatedShutdownBehavior)
            fields.put("InstanceType", instanceType)
            fields.put("SourceDestCheck", sourceDestCheck)
            fields.put("UserData", userData)
        }
    }

    /// Asks for GetConsoleOutput.
    public struct GetConsoleOutputRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var instanceId: String?
        public var latest: Bool?

        public init(
            dryRun: Bool? = nil,
            instanceId: String? = nil,
            latest: Bool? = nil
        ) {
            self.dryRun = dryRun
            self.instanceId = instanceId
            self.latest = latest
        }

        public typealias Output = GetConsoleOutputResponse
        public static var service: AWSService { EC2.service }
        public static let name = "GetConsoleOutput"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("InstanceId", instanceId)
            fields.put("Latest", latest)
        }
    }

    /// The answer to GetConsoleOutput.
    public struct GetConsoleOutputResponse: Equatable, AWSDecodableShape {
        public var instanceId: String?
        public var output: String?
        public var timestamp: Date?

        public init(
            instanceId: String? = nil,
            output: String? = nil,
            timestamp: Date? = nil
        ) {
            self.instanceId = instanceId
            self.output = output
            self.timestamp = timestamp
        }

        public init(_ node: AWSNode) {
            instanceId = node.read("instanceId")
            output = node.read("output")
            timestamp = node.read("timestamp")
        }
    }

    /// Asks for ImportKeyPair.
    public struct ImportKeyPairRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var keyName: String?
        public var publicKeyMaterial: [UInt8]?
        public var tagSpecifications: [TagSpecification]

        public init(
            dryRun: Bool? = nil,
            keyName: String? = nil,
            publicKeyMaterial: [UInt8]? = nil,
            tagSpecifications: [TagSpecification] = []
        ) {
            self.dryRun = dryRun
            self.keyName = keyName
            self.publicKeyMaterial = publicKeyMaterial
            self.tagSpecifications = tagSpecifications
        }

        public typealias Output = ImportKeyPairResponse
        public static var service: AWSService { EC2.service }
        public static let name = "ImportKeyPair"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("KeyName", keyName)
            fields.put("PublicKeyMaterial", publicKeyMaterial)
            fields.put("TagSpecification", tagSpecifications, item: nil)
        }
    }

    /// The answer to ImportKeyPair.
    public struct ImportKeyPairResponse: Equatable, AWSDecodableShape {
        public var keyFingerprint: String?
        public var keyName: String?
        public var keyPairId: String?
        public var tags: [Tag]

        public init(
            keyFingerprint: String? = nil,
            keyName: String? = nil,
            keyPairId: String? = nil,
            tags: [Tag] = []
        ) {
            self.keyFingerprint = keyFingerprint
            self.keyName = keyName
            self.keyPairId = keyPairId
            self.tags = tags
        }

        public init(_ node: AWSNode) {
            keyFingerprint = node.read("keyFingerprint")
            keyName = node.read("keyName")
            keyPairId = node.read("keyPairId")
            tags = node.list("tagSet", item: "item")
        }
    }

    /// Asks for DescribeKeyPairs.
    public struct DescribeKeyPairsRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var includePublicKey: Bool?
        public var keyNames: [String]
        public var keyPairIds: [String]

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            includePublicKey: Bool? = nil,
            keyNames: [String] = [],
            keyPairIds: [String] = []
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.includePublicKey = includePublicKey
            self.keyNames = keyNames
            self.keyPairIds = keyPairIds
        }

        public typealias Output = DescribeKeyPairsResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeKeyPairs"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("IncludePublicKey", includePublicKey)
            fields.put("KeyName", keyNames, item: nil)
            fields.put("KeyPairId", keyPairIds, item: nil)
        }
    }

    /// The answer to DescribeKeyPairs.
    public struct DescribeKeyPairsResponse: Equatable, AWSDecodableShape {
        public var keyPairs: [KeyPairInfo]

        public init(
            keyPairs: [KeyPairInfo] = []
        ) {
            self.keyPairs = keyPairs
        }

        public init(_ node: AWSNode) {
            keyPairs = node.list("keySet", item: "item")
        }
    }

    /// Asks for DeleteKeyPair.
    public struct DeleteKeyPairRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var keyName: String?
        public var keyPairId: String?

        public init(
            dryRun: Bool? = nil,
            keyName: String? = nil,
            keyPairId: String? = nil
        ) {
            self.dryRun = dryRun
            self.keyName = keyName
            self.keyPairId = keyPairId
        }

        public typealias Output = DeleteKeyPairResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DeleteKeyPair"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("KeyName", keyName)
            fields.put("KeyPairId", keyPairId)
        }
    }

    /// The answer to DeleteKeyPair.
    public struct DeleteKeyPairResponse: Equatable, AWSDecodableShape {
        public var keyPairId: String?
        public var `return`: Bool?

        public init(
            keyPairId: String? = nil,
            `return`: Bool? = nil
        ) {
            self.keyPairId = keyPairId
            self.return = `return`
        }

        public init(_ node: AWSNode) {
            keyPairId = node.read("keyPairId")
            self.return = node.read("return")
        }
    }

    /// Asks for CreateTags.
    public struct CreateTagsRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var resources: [String]
        public var tags: [Tag]

        public init(
            dryRun: Bool? = nil,
            resources: [String] = [],
            tags: [Tag] = []
        ) {
            self.dryRun = dryRun
            self.resources = resources
            self.tags = tags
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "CreateTags"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("ResourceId", resources, item: nil)
            fields.put("Tag", tags, item: nil)
        }
    }

    /// Asks for DeleteTags.
    public struct DeleteTagsRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var resources: [String]
        public var tags: [Tag]

        public init(
            dryRun: Bool? = nil,
            resources: [String] = [],
            tags: [Tag] = []
        ) {
            self.dryRun = dryRun
            self.resources = resources
            self.tags = tags
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "DeleteTags"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("ResourceId", resources, item: nil)
            fields.put("Tag", tags, item: nil)
        }
    }

    /// Asks for DescribeTags.
    public struct DescribeTagsRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var maxResults: Int?
        public var nextToken: String?

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            maxResults: Int? = nil,
            nextToken: String? = nil
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.maxResults = maxResults
            self.nextToken = nextToken
        }

        public typealias Output = DescribeTagsResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeTags"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
        }

        public func next(after output: DescribeTagsResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeTags.
    public struct DescribeTagsResponse: Equatable, AWSDecodableShape {
        public var nextToken: String?
        public var tags: [TagDescription]

        public init(
            nextToken: String? = nil,
            tags: [TagDescription] = []
        ) {
            self.nextToken = nextToken
            self.tags = tags
        }

        public init(_ node: AWSNode) {
            nextToken = node.read("nextToken")
            tags = node.list("tagSet", item: "item")
        }
    }

    /// Asks for DescribeNetworkInterfaces.
    public struct DescribeNetworkInterfacesRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var includeManagedResources: Bool?
        public var maxResults: Int?
        public var networkInterfaceIds: [String]
        public var nextToken: String?

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            includeManagedResources: Bool? = nil,
            maxResults: Int? = nil,
            networkInterfaceIds: [String] = [],
            nextToken: String? = nil
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.includeManagedResources = includeManagedResources
            self.maxResults = maxResults
            self.networkInterfaceIds = networkInterfaceIds
            self.nextToken = nextToken
        }

        public typealias Output = DescribeNetworkInterfacesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeNetworkInterfaces"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("IncludeManagedResources", includeManagedResources)
            fields.put("MaxResults", maxResults)
            fields.put("NetworkInterfaceId", networkInterfaceIds, item: nil)
            fields.put("NextToken", nextToken)
        }

        public func next(after output: DescribeNetworkInterfacesResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeNetworkInterfaces.
    public struct DescribeNetworkInterfacesResponse: Equatable, AWSDecodableShape {
        public var networkInterfaces: [NetworkInterface]
        public var nextToken: String?

        public init(
            networkInterfaces: [NetworkInterface] = [],
            nextToken: String? = nil
        ) {
            self.networkInterfaces = networkInterfaces
            self.nextToken = nextToken
        }

        public init(_ node: AWSNode) {
            networkInterfaces = node.list("networkInterfaceSet", item: "item")
            nextToken = node.read("nextToken")
        }
    }

    /// Asks for DeleteNetworkInterface.
    public struct DeleteNetworkInterfaceRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var networkInterfaceId: String?

        public init(
            dryRun: Bool? = nil,
            networkInterfaceId: String? = nil
        ) {
            self.dryRun = dryRun
            self.networkInterfaceId = networkInterfaceId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "DeleteNetworkInterface"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("NetworkInterfaceId", networkInterfaceId)
        }
    }

    /// Asks for DescribeVolumes.
    public struct DescribeVolumesRequest: AWSPagedOperation, Equatable {
        public var dryRun: Bool?
        public var filters: [Filter]
        public var includeManagedResources: Bool?
        public var maxResults: Int?
        public var nextToken: String?
        public var volumeIds: [String]

        public init(
            dryRun: Bool? = nil,
            filters: [Filter] = [],
            includeManagedResources: Bool? = nil,
            maxResults: Int? = nil,
            nextToken: String? = nil,
            volumeIds: [String] = []
        ) {
            self.dryRun = dryRun
            self.filters = filters
            self.includeManagedResources = includeManagedResources
            self.maxResults = maxResults
            self.nextToken = nextToken
            self.volumeIds = volumeIds
        }

        public typealias Output = DescribeVolumesResponse
        public static var service: AWSService { EC2.service }
        public static let name = "DescribeVolumes"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("Filter", filters, item: nil)
            fields.put("IncludeManagedResources", includeManagedResources)
            fields.put("MaxResults", maxResults)
            fields.put("NextToken", nextToken)
            fields.put("VolumeId", volumeIds, item: nil)
        }

        public func next(after output: DescribeVolumesResponse) -> Self? {
            guard let token = output.nextToken, !token.isEmpty else { return nil }
            var next = self
            next.nextToken = token
            return next
        }
    }

    /// The answer to DescribeVolumes.
    public struct DescribeVolumesResponse: Equatable, AWSDecodableShape {
        public var nextToken: String?
        public var volumes: [Volume]

        public init(
            nextToken: String? = nil,
            volumes: [Volume] = []
        ) {
            self.nextToken = nextToken
            self.volumes = volumes
        }

        public init(_ node: AWSNode) {
            nextToken = node.read("nextToken")
            volumes = node.list("volumeSet", item: "item")
        }
    }

    /// Asks for DeleteVolume.
    public struct DeleteVolumeRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var volumeId: String?

        public init(
            dryRun: Bool? = nil,
            volumeId: String? = nil
        ) {
            self.dryRun = dryRun
            self.volumeId = volumeId
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { EC2.service }
        public static let name = "DeleteVolume"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("VolumeId", volumeId)
        }
    }
}
