// Made by scripts/aws-requests from the model of Elastic Load Balancing v2, version 2015-12-01, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

public import struct Foundation.Date

extension ELBv2 {
    /// A part of requests and answers. 4 of its 9 members.
    public struct Action: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var forwardConfig: ForwardActionConfig?
        public var order: Int?
        public var targetGroupArn: String?
        public var type: String?

        public init(
            forwardConfig: ForwardActionConfig? = nil,
            order: Int? = nil,
            targetGroupArn: String? = nil,
            type: String? = nil
        ) {
            self.forwardConfig = forwardConfig
            self.order = order
            self.targetGroupArn = targetGroupArn
            self.type = type
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("ForwardConfig", forwardConfig)
            fields.put("Order", order)
            fields.put("TargetGroupArn", targetGroupArn)
            fields.put("Type", type)
        }

        public init(_ node: AWSNode) {
            forwardConfig = node.read("ForwardConfig")
            order = node.read("Order")
            targetGroupArn = node.read("TargetGroupArn")
            type = node.read("Type")
        }
    }

    /// A part of answers.
    public struct AvailabilityZone: Equatable, AWSDecodableShape {
        public var loadBalancerAddresses: [LoadBalancerAddress]
        public var outpostId: String?
        public var sourceNatIpv6Prefixes: [String]
        public var subnetId: String?
        public var zoneName: String?

        public init(
            loadBalancerAddresses: [LoadBalancerAddress] = [],
            outpostId: String? = nil,
            sourceNatIpv6Prefixes: [String] = [],
            subnetId: String? = nil,
            zoneName: String? = nil
        ) {
            self.loadBalancerAddresses = loadBalancerAddresses
            self.outpostId = outpostId
            self.sourceNatIpv6Prefixes = sourceNatIpv6Prefixes
            self.subnetId = subnetId
            self.zoneName = zoneName
        }

        public init(_ node: AWSNode) {
            loadBalancerAddresses = node.list("LoadBalancerAddresses", item: "member")
            outpostId = node.read("OutpostId")
            sourceNatIpv6Prefixes = node.list("SourceNatIpv6Prefixes", item: "member")
            subnetId = node.read("SubnetId")
            zoneName = node.read("ZoneName")
        }
    }

    /// A part of requests and answers.
    public struct Certificate: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var certificateArn: String?
        public var isDefault: Bool?

        public init(
            certificateArn: String? = nil,
            isDefault: Bool? = nil
        ) {
            self.certificateArn = certificateArn
            self.isDefault = isDefault
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("CertificateArn", certificateArn)
            fields.put("IsDefault", isDefault)
        }

        public init(_ node: AWSNode) {
            certificateArn = node.read("CertificateArn")
            isDefault = node.read("IsDefault")
        }
    }

    /// A part of requests and answers.
    public struct ForwardActionConfig: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var targetGroupStickinessConfig: TargetGroupStickinessConfig?
        public var targetGroups: [TargetGroupTuple]

        public init(
            targetGroupStickinessConfig: TargetGroupStickinessConfig? = nil,
            targetGroups: [TargetGroupTuple] = []
        ) {
            self.targetGroupStickinessConfig = targetGroupStickinessConfig
            self.targetGroups = targetGroups
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("TargetGroupStickinessConfig", targetGroupStickinessConfig)
            fields.put("TargetGroups", targetGroups, item: "member")
        }

        public init(_ node: AWSNode) {
            targetGroupStickinessConfig = node.read("TargetGroupStickinessConfig")
            targetGroups = node.list("TargetGroups", item: "member")
        }
    }

    /// A part of answers. 7 of its 9 members.
    public struct Listener: Equatable, AWSDecodableShape {
        public var certificates: [Certificate]
        public var defaultActions: [Action]
        public var listenerArn: String?
        public var loadBalancerArn: String?
        public var port: Int?
        public var `protocol`: String?
        public var sslPolicy: String?

        public init(
            certificates: [Certificate] = [],
            defaultActions: [Action] = [],
            listenerArn: String? = nil,
            loadBalancerArn: String? = nil,
            port: Int? = nil,
            `protocol`: String? = nil,
            sslPolicy: String? = nil
        ) {
            self.certificates = certificates
            self.defaultActions = defaultActions
            self.listenerArn = listenerArn
            self.loadBalancerArn = loadBalancerArn
            self.port = port
            self.protocol = `protocol`
            self.sslPolicy = sslPolicy
        }

        public init(_ node: AWSNode) {
            certificates = node.list("Certificates", item: "member")
            defaultActions = node.list("DefaultActions", item: "member")
            listenerArn = node.read("ListenerArn")
            loadBalancerArn = node.read("LoadBalancerArn")
            port = node.read("Port")
            self.protocol = node.read("Protocol")
            sslPolicy = node.read("SslPolicy")
        }
    }

    /// A part of answers. 12 of its 16 members.
    public struct LoadBalancer: Equatable, AWSDecodableShape {
        public var availabilityZones: [AvailabilityZone]
        public var canonicalHostedZoneId: String?
        public var createdTime: Date?
        public var dnsName: String?
        public var ipAddressType: String?
        public var loadBalancerArn: String?
        public var loadBalancerName: String?
        public var scheme: String?
        public var securityGroups: [String]
        public var state: LoadBalancerState?
        public var type: String?
        public var vpcId: String?

        public init(
            availabilityZones: [AvailabilityZone] = [],
            canonicalHostedZoneId: String? = nil,
            createdTime: Date? = nil,
            dnsName: String? = nil,
            ipAddressType: String? = nil,
            loadBalancerArn: String? = nil,
            loadBalancerName: String? = nil,
            scheme: String? = nil,
            securityGroups: [String] = [],
            state: LoadBalancerState? = nil,
            type: String? = nil,
            vpcId: String? = nil
        ) {
            self.availabilityZones = availabilityZones
            self.canonicalHostedZoneId = canonicalHostedZoneId
            self.createdTime = createdTime
            self.dnsName = dnsName
            self.ipAddressType = ipAddressType
            self.loadBalancerArn = loadBalancerArn
            self.loadBalancerName = loadBalancerName
            self.scheme = scheme
            self.securityGroups = securityGroups
            self.state = state
            self.type = type
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            availabilityZones = node.list("AvailabilityZones", item: "member")
            canonicalHostedZoneId = node.read("CanonicalHostedZoneId")
            createdTime = node.read("CreatedTime")
            dnsName = node.read("DNSName")
            ipAddressType = node.read("IpAddressType")
            loadBalancerArn = node.read("LoadBalancerArn")
            loadBalancerName = node.read("LoadBalancerName")
            scheme = node.read("Scheme")
            securityGroups = node.list("SecurityGroups", item: "member")
            state = node.read("State")
            type = node.read("Type")
            vpcId = node.read("VpcId")
        }
    }

    /// A part of answers.
    public struct LoadBalancerAddress: Equatable, AWSDecodableShape {
        public var allocationId: String?
        public var iPv6Address: String?
        public var ipAddress: String?
        public var privateIPv4Address: String?

        public init(
            allocationId: String? = nil,
            iPv6Address: String? = nil,
            ipAddress: String? = nil,
            privateIPv4Address: String? = nil
        ) {
            self.allocationId = allocationId
            self.iPv6Address = iPv6Address
            self.ipAddress = ipAddress
            self.privateIPv4Address = privateIPv4Address
        }

        public init(_ node: AWSNode) {
            allocationId = node.read("AllocationId")
            iPv6Address = node.read("IPv6Address")
            ipAddress = node.read("IpAddress")
            privateIPv4Address = node.read("PrivateIPv4Address")
        }
    }

    /// A part of requests and answers.
    public struct LoadBalancerAttribute: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var key: String?
        public var value: String?

        public init(
            key: String? = nil,
            value: String? = nil
        ) {
            self.key = key
            self.value = value
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Key", key)
            fields.put("Value", value)
        }

        public init(_ node: AWSNode) {
            key = node.read("Key")
            value = node.read("Value")
        }
    }

    /// A part of answers.
    public struct LoadBalancerState: Equatable, AWSDecodableShape {
        public var code: String?
        public var reason: String?

        public init(
            code: String? = nil,
            reason: String? = nil
        ) {
            self.code = code
            self.reason = reason
        }

        public init(_ node: AWSNode) {
            code = node.read("Code")
            reason = node.read("Reason")
        }
    }

    /// A part of requests and answers.
    public struct Matcher: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var grpcCode: String?
        public var httpCode: String?

        public init(
            grpcCode: String? = nil,
            httpCode: String? = nil
        ) {
            self.grpcCode = grpcCode
            self.httpCode = httpCode
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("GrpcCode", grpcCode)
            fields.put("HttpCode", httpCode)
        }

        public init(_ node: AWSNode) {
            grpcCode = node.read("GrpcCode")
            httpCode = node.read("HttpCode")
        }
    }

    /// A part of requests.
    public struct SubnetMapping: Equatable, AWSEncodableShape {
        public var allocationId: String?
        public var iPv6Address: String?
        public var privateIPv4Address: String?
        public var sourceNatIpv6Prefix: String?
        public var subnetId: String?

        public init(
            allocationId: String? = nil,
            iPv6Address: String? = nil,
            privateIPv4Address: String? = nil,
            sourceNatIpv6Prefix: String? = nil,
            subnetId: String? = nil
        ) {
            self.allocationId = allocationId
            self.iPv6Address = iPv6Address
            self.privateIPv4Address = privateIPv4Address
            self.sourceNatIpv6Prefix = sourceNatIpv6Prefix
            self.subnetId = subnetId
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("AllocationId", allocationId)
            fields.put("IPv6Address", iPv6Address)
            fields.put("PrivateIPv4Address", privateIPv4Address)
            fields.put("SourceNatIpv6Prefix", sourceNatIpv6Prefix)
            fields.put("SubnetId", subnetId)
        }
    }

    /// A part of requests and answers.
    public struct Tag: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var key: String?
        public var value: String?

        public init(
            key: String? = nil,
            value: String? = nil
        ) {
            self.key = key
            self.value = value
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Key", key)
            fields.put("Value", value)
        }

        public init(_ node: AWSNode) {
            key = node.read("Key")
            value = node.read("Value")
        }
    }

    /// A part of answers.
    public struct TagDescription: Equatable, AWSDecodableShape {
        public var resourceArn: String?
        public var tags: [Tag]

        public init(
            resourceArn: String? = nil,
            tags: [Tag] = []
        ) {
            self.resourceArn = resourceArn
            self.tags = tags
        }

        public init(_ node: AWSNode) {
            resourceArn = node.read("ResourceArn")
            tags = node.list("Tags", item: "member")
        }
    }

    /// A part of requests and answers. 3 of its 4 members.
    public struct TargetDescription: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var availabilityZone: String?
        public var id: String?
        public var port: Int?

        public init(
            availabilityZone: String? = nil,
            id: String? = nil,
            port: Int? = nil
        ) {
            self.availabilityZone = availabilityZone
            self.id = id
            self.port = port
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("AvailabilityZone", availabilityZone)
            fields.put("Id", id)
            fields.put("Port", port)
        }

        public init(_ node: AWSNode) {
            availabilityZone = node.read("AvailabilityZone")
            id = node.read("Id")
            port = node.read("Port")
        }
    }

    /// A part of answers. 16 of its 19 members.
    public struct TargetGroup: Equatable, AWSDecodableShape {
        public var healthCheckEnabled: Bool?
        public var healthCheckIntervalSeconds: Int?
        public var healthCheckPath: String?
        public var healthCheckPort: String?
        public var healthCheckProtocol: String?
        public var healthCheckTimeoutSeconds: Int?
        public var healthyThresholdCount: Int?
        public var loadBalancerArns: [String]
        public var matcher: Matcher?
        public var port: Int?
        public var `protocol`: String?
        public var targetGroupArn: String?
        public var targetGroupName: String?
        public var targetType: String?
        public var unhealthyThresholdCount: Int?
        public var vpcId: String?

        public init(
            healthCheckEnabled: Bool? = nil,
            healthCheckIntervalSeconds: Int? = nil,
            healthCheckPath: String? = nil,
            healthCheckPort: String? = nil,
            healthCheckProtocol: String? = nil,
            healthCheckTimeoutSeconds: Int? = nil,
            healthyThresholdCount: Int? = nil,
            loadBalancerArns: [String] = [],
            matcher: Matcher? = nil,
            port: Int? = nil,
            `protocol`: String? = nil,
            targetGroupArn: String? = nil,
            targetGroupName: String? = nil,
            targetType: String? = nil,
            unhealthyThresholdCount: Int? = nil,
            vpcId: String? = nil
        ) {
            self.healthCheckEnabled = healthCheckEnabled
            self.healthCheckIntervalSeconds = healthCheckIntervalSeconds
            self.healthCheckPath = healthCheckPath
            self.healthCheckPort = healthCheckPort
            self.healthCheckProtocol = healthCheckProtocol
            self.healthCheckTimeoutSeconds = healthCheckTimeoutSeconds
            self.healthyThresholdCount = healthyThresholdCount
            self.loadBalancerArns = loadBalancerArns
            self.matcher = matcher
            self.port = port
            self.protocol = `protocol`
            self.targetGroupArn = targetGroupArn
            self.targetGroupName = targetGroupName
            self.targetType = targetType
            self.unhealthyThresholdCount = unhealthyThresholdCount
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            healthCheckEnabled = node.read("HealthCheckEnabled")
            healthCheckIntervalSeconds = node.read("HealthCheckIntervalSeconds")
            healthCheckPath = node.read("HealthCheckPath")
            healthCheckPort = node.read("HealthCheckPort")
            healthCheckProtocol = node.read("HealthCheckProtocol")
            healthCheckTimeoutSeconds = node.read("HealthCheckTimeoutSeconds")
            healthyThresholdCount = node.read("HealthyThresholdCount")
            loadBalancerArns = node.list("LoadBalancerArns", item: "member")
            matcher = node.read("Matcher")
            port = node.read("Port")
            self.protocol = node.read("Protocol")
            targetGroupArn = node.read("TargetGroupArn")
            targetGroupName = node.read("TargetGroupName")
            targetType = node.read("TargetType")
            unhealthyThresholdCount = node.read("UnhealthyThresholdCount")
            vpcId = node.read("VpcId")
        }
    }

    /// A part of requests and answers.
    public struct TargetGroupStickinessConfig: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var durationSeconds: Int?
        public var enabled: Bool?

        public init(
            durationSeconds: Int? = nil,
            enabled: Bool? = nil
        ) {
            self.durationSeconds = durationSeconds
            self.enabled = enabled
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("DurationSeconds", durationSeconds)
            fields.put("Enabled", enabled)
        }

        public init(_ node: AWSNode) {
            durationSeconds = node.read("DurationSeconds")
            enabled = node.read("Enabled")
        }
    }

    /// A part of requests and answers.
    public struct TargetGroupTuple: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var targetGroupArn: String?
        public var weight: Int?

        public init(
            targetGroupArn: String? = nil,
            weight: Int? = nil
        ) {
            self.targetGroupArn = targetGroupArn
            self.weight = weight
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("TargetGroupArn", targetGroupArn)
            fields.put("Weight", weight)
        }

        public init(_ node: AWSNode) {
            targetGroupArn = node.read("TargetGroupArn")
            weight = node.read("Weight")
        }
    }

    /// A part of answers.
    public struct TargetHealth: Equatable, AWSDecodableShape {
        public var description: String?
        public var reason: String?
        public var state: String?

        public init(
            description: String? = nil,
            reason: String? = nil,
            state: String? = nil
        ) {
            self.description = description
            self.reason = reason
            self.state = state
        }

        public init(_ node: AWSNode) {
            description = node.read("Description")
            reason = node.read("Reason")
            state = node.read("State")
        }
    }

    /// A part of answers. 3 of its 5 members.
    public struct TargetHealthDescription: Equatable, AWSDecodableShape {
        public var healthCheckPort: String?
        public var target: TargetDescription?
        public var targetHealth: TargetHealth?

        public init(
            healthCheckPort: String? = nil,
            target: TargetDescription? = nil,
            targetHealth: TargetHealth? = nil
        ) {
            self.healthCheckPort = healthCheckPort
            self.target = target
            self.targetHealth = targetHealth
        }

        public init(_ node: AWSNode) {
            healthCheckPort = node.read("HealthCheckPort")
            target = node.read("Target")
            targetHealth = node.read("TargetHealth")
        }
    }
}
