// Made by scripts/aws-requests from the model of Elastic Load Balancing v2, version 2015-12-01, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

/// Elastic Load Balancing.
public enum ELBv2 {
    public static let service = AWSService(name: "ELBv2", id: "Elastic Load Balancing v2", endpointPrefix: "elasticloadbalancing",
        signingName: "elasticloadbalancing", version: "2015-12-01", wire: .query, isGlobal: false)
}

extension ELBv2 {
    /// Asks for CreateLoadBalancer. 8 of its 11 members.
    public struct CreateLoadBalancerRequest: AWSOperation, Equatable {
        public var ipAddressType: String?
        public var name: String?
        public var scheme: String?
        public var securityGroups: [String]
        public var subnetMappings: [SubnetMapping]
        public var subnets: [String]
        public var tags: [Tag]
        public var type: String?

        public init(
            ipAddressType: String? = nil,
            name: String? = nil,
            scheme: String? = nil,
            securityGroups: [String] = [],
            subnetMappings: [SubnetMapping] = [],
            subnets: [String] = [],
            tags: [Tag] = [],
            type: String? = nil
        ) {
            self.ipAddressType = ipAddressType
            self.name = name
            self.scheme = scheme
            self.securityGroups = securityGroups
            self.subnetMappings = subnetMappings
            self.subnets = subnets
            self.tags = tags
            self.type = type
        }

        public typealias Output = CreateLoadBalancerResponse
        public static var service: AWSService { ELBv2.service }
        public static let name = "CreateLoadBalancer"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("IpAddressType", ipAddressType)
            fields.put("Name", name)
            fields.put("Scheme", scheme)
            fields.put("SecurityGroups", securityGroups, item: "member")
            fields.put("SubnetMappings", subnetMappings, item: "member")
            fields.put("Subnets", subnets, item: "member")
            fields.put("Tags", tags, item: "member")
            fields.put("Type", type)
        }
    }

    /// The answer to CreateLoadBalancer.
    public struct CreateLoadBalancerResponse: Equatable, AWSDecodableShape {
        public var loadBalancers: [LoadBalancer]

        public init(
            loadBalancers: [LoadBalancer] = []
        ) {
            self.loadBalancers = loadBalancers
        }

        public init(_ node: AWSNode) {
            loadBalancers = node.list("LoadBalancers", item: "member")
        }
    }

    /// Asks for DescribeLoadBalancers.
    public struct DescribeLoadBalancersRequest: AWSPagedOperation, Equatable {
        public var loadBalancerArns: [String]
        public var marker: String?
        public var names: [String]
        public var pageSize: Int?

        public init(
            loadBalancerArns: [String] = [],
            marker: String? = nil,
            names: [String] = [],
            pageSize: Int? = nil
        ) {
            self.loadBalancerArns = loadBalancerArns
            self.marker = marker
            self.names = names
            self.pageSize = pageSize
        }

        public typealias Output = DescribeLoadBalancersResponse
        public static var service: AWSService { ELBv2.service }
        public static let name = "DescribeLoadBalancers"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("LoadBalancerArns", loadBalancerArns, item: "member")
            fields.put("Marker", marker)
            fields.put("Names", names, item: "member")
            fields.put("PageSize", pageSize)
        }

        public func next(after output: DescribeLoadBalancersResponse) -> Self? {
            guard let token = output.nextMarker, !token.isEmpty else { return nil }
            var next = self
            next.marker = token
            return next
        }
    }

    /// The answer to DescribeLoadBalancers.
    public struct DescribeLoadBalancersResponse: Equatable, AWSDecodableShape {
        public var loadBalancers: [LoadBalancer]
        public var nextMarker: String?

        public init(
            loadBalancers: [LoadBalancer] = [],
            nextMarker: String? = nil
        ) {
            self.loadBalancers = loadBalancers
            self.nextMarker = nextMarker
        }

        public init(_ node: AWSNode) {
            loadBalancers = node.list("LoadBalancers", item: "member")
            nextMarker = node.read("NextMarker")
        }
    }

    /// Asks for SetSubnets.
    public struct SetSubnetsRequest: AWSOperation, Equatable {
        public var enablePrefixForIpv6SourceNat: String?
        public var ipAddressType: String?
        public var loadBalancerArn: String?
        public var subnetMappings: [SubnetMapping]
        public var subnets: [String]

        public init(
            enablePrefixForIpv6SourceNat: String? = nil,
            ipAddressType: String? = nil,
            loadBalancerArn: String? = nil,
            subnetMappings: [SubnetMapping] = [],
            subnets: [String] = []
        ) {
            self.enablePrefixForIpv6SourceNat = enablePrefixForIpv6SourceNat
            self.ipAddressType = ipAddressType
            self.loadBalancerArn = loadBalancerArn
            self.subnetMappings = subnetMappings
            self.subnets = subnets
        }

        public typealias Output = SetSubnetsResponse
        public static var service: AWSService { ELBv2.service }
        public static let name = "SetSubnets"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("EnablePrefixForIpv6SourceNat", enablePrefixForIpv6SourceNat)
            fields.put("IpAddressType", ipAddressType)
            fields.put("LoadBalancerArn", loadBalancerArn)
            fields.put("SubnetMappings", subnetMappings, item: "member")
            fields.put("Subnets", subnets, item: "member")
        }
    }

    /// The answer to SetSubnets.
    public struct SetSubnetsResponse: Equatable, AWSDecodableShape {
        public var availabilityZones: [AvailabilityZone]
        public var enablePrefixForIpv6SourceNat: String?
        public var ipAddressType: String?

        public init(
            availabilityZones: [AvailabilityZone] = [],
            enablePrefixForIpv6SourceNat: String? = nil,
            ipAddressType: String? = nil
        ) {
            self.availabilityZones = availabilityZones
            self.enablePrefixForIpv6SourceNat = enablePrefixForIpv6SourceNat
            self.ipAddressType = ipAddressType
        }

        public init(_ node: AWSNode) {
            availabilityZones = node.list("AvailabilityZones", item: "member")
            enablePrefixForIpv6SourceNat = node.read("EnablePrefixForIpv6SourceNat")
            ipAddressType = node.read("IpAddressType")
        }
    }

    /// Asks for DeleteLoadBalancer.
    public struct DeleteLoadBalancerRequest: AWSOperation, Equatable {
        public var loadBalancerArn: String?

        public init(
            loadBalancerArn: String? = nil
        ) {
            self.loadBalancerArn = loadBalancerArn
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { ELBv2.service }
        public static let name = "DeleteLoadBalancer"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("LoadBalancerArn", loadBalancerArn)
        }
    }

    /// Asks for ModifyLoadBalancerAttributes.
    public struct ModifyLoadBalancerAttributesRequest: AWSOperation, Equatable {
        public var attributes: [LoadBalancerAttribute]
        public var loadBalancerArn: String?

        public init(
            attributes: [LoadBalancerAttribute] = [],
            loadBalancerArn: String? = nil
        ) {
            self.attributes = attributes
            self.loadBalancerArn = loadBalancerArn
        }

        public typealias Output = ModifyLoadBalancerAttributesResponse
        public static var service: AWSService { ELBv2.service }
        public static let name = "ModifyLoadBalancerAttributes"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("Attributes", attributes, item: "member")
            fields.put("LoadBalancerArn", loadBalancerArn)
        }
    }

    /// The answer to ModifyLoadBalancerAttributes.
    public struct ModifyLoadBalancerAttributesResponse: Equatable, AWSDecodableShape {
        public var attributes: [LoadBalancerAttribute]

        public init(
            attributes: [LoadBalancerAttribute] = []
        ) {
            self.attributes = attributes
        }

        public init(_ node: AWSNode) {
            attributes = node.list("Attributes", item: "member")
        }
    }

    /// Asks for CreateTargetGroup. 16 of its 18 members.
    public struct CreateTargetGroupRequest: AWSOperation, Equatable {
        public var healthCheckEnabled: Bool?
        public var healthCheckIntervalSeconds: Int?
        public var healthCheckPath: String?
        public var healthCheckPort: String?
        public var healthCheckProtocol: String?
        public var healthCheckTimeoutSeconds: Int?
        public var healthyThresholdCount: Int?
        public var ipAddressType: String?
        public var matcher: Matcher?
        public var name: String?
        public var port: Int?
        public var `protocol`: String?
        public var tags: [Tag]
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
            ipAddressType: String? = nil,
            matcher: Matcher? = nil,
            name: String? = nil,
            port: Int? = nil,
            `protocol`: String? = nil,
            tags: [Tag] = [],
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
            self.ipAddressType = ipAddressType
            self.matcher = matcher
            self.name = name
            self.port = port
            self.protocol = `protocol`
            self.tags = tags
            self.targetType = targetType
            self.unhealthyThresholdCount = unhealthyThresholdCount
            self.vpcId = vpcId
        }

        public typealias Output = CreateTargetGroupResponse
        public static var service: AWSService { ELBv2.service }
        public static let name = "CreateTargetGroup"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("HealthCheckEnabled", healthCheckEnabled)
            fields.put("HealthCheckIntervalSeconds", healthCheckIntervalSeconds)
            fields.put("HealthCheckPath", healthCheckPath)
            fields.put("HealthCheckPort", healthCheckPort)
            fields.put("HealthCheckProtocol", healthCheckProtocol)
            fields.put("HealthCheckTimeoutSeconds", healthCheckTimeoutSeconds)
            fields.put("HealthyThresholdCount", healthyThresholdCount)
            fields.put("IpAddressType", ipAddressType)
            fields.put("Matcher", matcher)
            fields.put("Name", name)
            fields.put("Port", port)
            fields.put("Protocol", `protocol`)
            fields.put("Tags", tags, item: "member")
            fields.put("TargetType", targetType)
            fields.put("UnhealthyThresholdCount", unhealthyThresholdCount)
            fields.put("VpcId", vpcId)
        }
    }

    /// The answer to CreateTargetGroup.
    public struct CreateTargetGroupResponse: Equatable, AWSDecodableShape {
        public var targetGroups: [TargetGroup]

        public init(
            targetGroups: [TargetGroup] = []
        ) {
            self.targetGroups = targetGroups
        }

        public init(_ node: AWSNode) {
            targetGroups = node.list("TargetGroups", item: "member")
        }
    }

    /// Asks for DescribeTargetGroups.
    public struct DescribeTargetGroupsRequest: AWSPagedOperation, Equatable {
        public var loadBalancerArn: String?
        public var marker: String?
        public var names: [String]
        public var pageSize: Int?
        public var targetGroupArns: [String]

        public init(
            loadBalancerArn: String? = nil,
            marker: String? = nil,
            names: [String] = [],
            pageSize: Int? = nil,
            targetGroupArns: [String] = []
        ) {
            self.loadBalancerArn = loadBalancerArn
            self.marker = marker
            self.names = names
            self.pageSize = pageSize
            self.targetGroupArns = targetGroupArns
        }

        public typealias Output = DescribeTargetGroupsResponse
        public static var service: AWSService { ELBv2.service }
        public static let name = "DescribeTargetGroups"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("LoadBalancerArn", loadBalancerArn)
            fields.put("Marker", marker)
            fields.put("Names", names, item: "member")
            fields.put("PageSize", pageSize)
            fields.put("TargetGroupArns", targetGroupArns, item: "member")
        }

        public func next(after output: DescribeTargetGroupsResponse) -> Self? {
            guard let token = output.nextMarker, !token.isEmpty else { return nil }
            var next = self
            next.marker = token
            return next
        }
    }

    /// The answer to DescribeTargetGroups.
    public struct DescribeTargetGroupsResponse: Equatable, AWSDecodableShape {
        public var nextMarker: String?
        public var targetGroups: [TargetGroup]

        public init(
            nextMarker: String? = nil,
            targetGroups: [TargetGroup] = []
        ) {
            self.nextMarker = nextMarker
            self.targetGroups = targetGroups
        }

        public init(_ node: AWSNode) {
            nextMarker = node.read("NextMarker")
            targetGroups = node.list("TargetGroups", item: "member")
        }
    }

    /// Asks for DeleteTargetGroup.
    public struct DeleteTargetGroupRequest: AWSOperation, Equatable {
        public var targetGroupArn: String?

        public init(
            targetGroupArn: String? = nil
        ) {
            self.targetGroupArn = targetGroupArn
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { ELBv2.service }
        public static let name = "DeleteTargetGroup"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("TargetGroupArn", targetGroupArn)
        }
    }

    /// Asks for ModifyTargetGroup.
    public struct ModifyTargetGroupRequest: AWSOperation, Equatable {
        public var healthCheckEnabled: Bool?
        public var healthCheckIntervalSeconds: Int?
        public var healthCheckPath: String?
        public var healthCheckPort: String?
        public var healthCheckProtocol: String?
        public var healthCheckTimeoutSeconds: Int?
        public var healthyThresholdCount: Int?
        public var matcher: Matcher?
        public var targetGroupArn: String?
        public var unhealthyThresholdCount: Int?

        public init(
            healthCheckEnabled: Bool? = nil,
            healthCheckIntervalSeconds: Int? = nil,
            healthCheckPath: String? = nil,
            healthCheckPort: String? = nil,
            healthCheckProtocol: String? = nil,
            healthCheckTimeoutSeconds: Int? = nil,
            healthyThresholdCount: Int? = nil,
            matcher: Matcher? = nil,
            targetGroupArn: String? = nil,
            unhealthyThresholdCount: Int? = nil
        ) {
            self.healthCheckEnabled = healthCheckEnabled
            self.healthCheckIntervalSeconds = healthCheckIntervalSeconds
            self.healthCheckPath = healthCheckPath
            self.healthCheckPort = healthCheckPort
            self.healthCheckProtocol = healthCheckProtocol
            self.healthCheckTimeoutSeconds = healthCheckTimeoutSeconds
            self.healthyThresholdCount = healthyThresholdCount
            self.matcher = matcher
            self.targetGroupArn = targetGroupArn
            self.unhealthyThresholdCount = unhealthyThresholdCount
        }

        public typealias Output = ModifyTargetGroupResponse
        public static var service: AWSService { ELBv2.service }
        public static let name = "ModifyTargetGroup"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("HealthCheckEnabled", healthCheckEnabled)
            fields.put("HealthCheckIntervalSeconds", healthCheckIntervalSeconds)
            fields.put("HealthCheckPath", healthCheckPath)
            fields.put("HealthCheckPort", healthCheckPort)
            fields.put("HealthCheckProtocol", healthCheckProtocol)
            fields.put("HealthCheckTimeoutSeconds", healthCheckTimeoutSeconds)
            fields.put("HealthyThresholdCount", healthyThresholdCount)
            fields.put("Matcher", matcher)
            fields.put("TargetGroupArn", targetGroupArn)
            fields.put("UnhealthyThresholdCount", unhealthyThresholdCount)
        }
    }

    /// The answer to ModifyTargetGroup.
    public struct ModifyTargetGroupResponse: Equatable, AWSDecodableShape {
        public var targetGroups: [TargetGroup]

        public init(
            targetGroups: [TargetGroup] = []
        ) {
            self.targetGroups = targetGroups
        }

        public init(_ node: AWSNode) {
            targetGroups = node.list("TargetGroups", item: "member")
        }
    }

    /// Asks for RegisterTargets.
    public struct RegisterTargetsRequest: AWSOperation, Equatable {
        public var targetGroupArn: String?
        public var targets: [TargetDescription]

        public init(
            targetGroupArn: String? = nil,
            targets: [TargetDescription] = []
        ) {
            self.targetGroupArn = targetGroupArn
            self.targets = targets
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { ELBv2.service }
        public static let name = "RegisterTargets"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("TargetGroupArn", targetGroupArn)
            fields.put("Targets", targets, item: "member")
        }
    }

    /// Asks for DeregisterTargets.
    public struct DeregisterTargetsRequest: AWSOperation, Equatable {
        public var targetGroupArn: String?
        public var targets: [TargetDescription]

        public init(
            targetGroupArn: String? = nil,
            targets: [TargetDescription] = []
        ) {
            self.targetGroupArn = targetGroupArn
            self.targets = targets
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { ELBv2.service }
        public static let name = "DeregisterTargets"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("TargetGroupArn", targetGroupArn)
            fields.put("Targets", targets, item: "member")
        }
    }

    /// Asks for DescribeTargetHealth.
    public struct DescribeTargetHealthRequest: AWSOperation, Equatable {
        public var include: [String]
        public var targetGroupArn: String?
        public var targets: [TargetDescription]

        public init(
            include: [String] = [],
            targetGroupArn: String? = nil,
            targets: [TargetDescription] = []
        ) {
            self.include = include
            self.targetGroupArn = targetGroupArn
            self.targets = targets
        }

        public typealias Output = DescribeTargetHealthResponse
        public static var service: AWSService { ELBv2.service }
        public static let name = "DescribeTargetHealth"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("Include", include, item: "member")
            fields.put("TargetGroupArn", targetGroupArn)
            fields.put("Targets", targets, item: "member")
        }
    }

    /// The answer to DescribeTargetHealth.
    public struct DescribeTargetHealthResponse: Equatable, AWSDecodableShape {
        public var targetHealthDescriptions: [TargetHealthDescription]

        public init(
            targetHealthDescriptions: [TargetHealthDescription] = []
        ) {
            self.targetHealthDescriptions = targetHealthDescriptions
        }

        public init(_ node: AWSNode) {
            targetHealthDescriptions = node.list("TargetHealthDescriptions", item: "member")
        }
    }

    /// Asks for CreateListener. 7 of its 9 members.
    public struct CreateListenerRequest: AWSOperation, Equatable {
        public var certificates: [Certificate]
        public var defaultActions: [Action]
        public var loadBalancerArn: String?
        public var port: Int?
        public var `protocol`: String?
        public var sslPolicy: String?
        public var tags: [Tag]

        public init(
            certificates: [Certificate] = [],
            defaultActions: [Action] = [],
            loadBalancerArn: String? = nil,
            port: Int? = nil,
            `protocol`: String? = nil,
            sslPolicy: String? = nil,
            tags: [Tag] = []
        ) {
            self.certificates = certificates
            self.defaultActions = defaultActions
            self.loadBalancerArn = loadBalancerArn
            self.port = port
            self.protocol = `protocol`
            self.sslPolicy = sslPolicy
            self.tags = tags
        }

        public typealias Output = CreateListenerResponse
        public static var service: AWSService { ELBv2.service }
        public static let name = "CreateListener"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("Certificates", certificates, item: "member")
            fields.put("DefaultActions", defaultActions, item: "member")
            fields.put("LoadBalancerArn", loadBalancerArn)
            fields.put("Port", port)
            fields.put("Protocol", `protocol`)
            fields.put("SslPolicy", sslPolicy)
            fields.put("Tags", tags, item: "member")
        }
    }

    /// The answer to CreateListener.
    public struct CreateListenerResponse: Equatable, AWSDecodableShape {
        public var listeners: [Listener]

        public init(
            listeners: [Listener] = []
        ) {
            self.listeners = listeners
        }

        public init(_ node: AWSNode) {
            listeners = node.list("Listeners", item: "member")
        }
    }

    /// Asks for DescribeListeners.
    public struct DescribeListenersRequest: AWSPagedOperation, Equatable {
        public var listenerArns: [String]
        public var loadBalancerArn: String?
        public var marker: String?
        public var pageSize: Int?

        public init(
            listenerArns: [String] = [],
            loadBalancerArn: String? = nil,
            marker: String? = nil,
            pageSize: Int? = nil
        ) {
            self.listenerArns = listenerArns
            self.loadBalancerArn = loadBalancerArn
            self.marker = marker
            self.pageSize = pageSize
        }

        public typealias Output = DescribeListenersResponse
        public static var service: AWSService { ELBv2.service }
        public static let name = "DescribeListeners"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("ListenerArns", listenerArns, item: "member")
            fields.put("LoadBalancerArn", loadBalancerArn)
            fields.put("Marker", marker)
            fields.put("PageSize", pageSize)
        }

        public func next(after output: DescribeListenersResponse) -> Self? {
            guard let token = output.nextMarker, !token.isEmpty else { return nil }
            var next = self
            next.marker = token
            return next
        }
    }

    /// The answer to DescribeListeners.
    public struct DescribeListenersResponse: Equatable, AWSDecodableShape {
        public var listeners: [Listener]
        public var nextMarker: String?

        public init(
            listeners: [Listener] = [],
            nextMarker: String? = nil
        ) {
            self.listeners = listeners
            self.nextMarker = nextMarker
        }

        public init(_ node: AWSNode) {
            listeners = node.list("Listeners", item: "member")
            nextMarker = node.read("NextMarker")
        }
    }

    /// Asks for DeleteListener.
    public struct DeleteListenerRequest: AWSOperation, Equatable {
        public var listenerArn: String?

        public init(
            listenerArn: String? = nil
        ) {
            self.listenerArn = listenerArn
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { ELBv2.service }
        public static let name = "DeleteListener"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("ListenerArn", listenerArn)
        }
    }

    /// Asks for AddTags.
    public struct AddTagsRequest: AWSOperation, Equatable {
        public var resourceArns: [String]
        public var tags: [Tag]

        public init(
            resourceArns: [String] = [],
            tags: [Tag] = []
        ) {
            self.resourceArns = resourceArns
            self.tags = tags
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { ELBv2.service }
        public static let name = "AddTags"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("ResourceArns", resourceArns, item: "member")
            fields.put("Tags", tags, item: "member")
        }
    }

    /// Asks for DescribeTags.
    public struct DescribeTagsRequest: AWSOperation, Equatable {
        public var resourceArns: [String]

        public init(
            resourceArns: [String] = []
        ) {
            self.resourceArns = resourceArns
        }

        public typealias Output = DescribeTagsResponse
        public static var service: AWSService { ELBv2.service }
        public static let name = "DescribeTags"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("ResourceArns", resourceArns, item: "member")
        }
    }

    /// The answer to DescribeTags.
    public struct DescribeTagsResponse: Equatable, AWSDecodableShape {
        public var tagDescriptions: [TagDescription]

        public init(
            tagDescriptions: [TagDescription] = []
        ) {
            self.tagDescriptions = tagDescriptions
        }

        public init(_ node: AWSNode) {
            tagDescriptions = node.list("TagDescriptions", item: "member")
        }
    }
}
