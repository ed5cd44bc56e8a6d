// Made by scripts/aws-requests from the model of Route 53, version 2013-04-01, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

public import struct Foundation.Date

extension Route53 {
    /// A part of requests and answers.
    public struct AliasTarget: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var dnsName: String?
        public var evaluateTargetHealth: Bool?
        public var hostedZoneId: String?

        public init(
            dnsName: String? = nil,
            evaluateTargetHealth: Bool? = nil,
            hostedZoneId: String? = nil
        ) {
            self.dnsName = dnsName
            self.evaluateTargetHealth = evaluateTargetHealth
            self.hostedZoneId = hostedZoneId
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("DNSName", dnsName)
            fields.put("EvaluateTargetHealth", evaluateTargetHealth)
            fields.put("HostedZoneId", hostedZoneId)
        }

        public init(_ node: AWSNode) {
            dnsName = node.read("DNSName")
            evaluateTargetHealth = node.read("EvaluateTargetHealth")
            hostedZoneId = node.read("HostedZoneId")
        }
    }

    /// A part of requests.
    public struct Change: Equatable, AWSEncodableShape {
        public var action: String?
        public var resourceRecordSet: ResourceRecordSet?

        public init(
            action: String? = nil,
            resourceRecordSet: ResourceRecordSet? = nil
        ) {
            self.action = action
            self.resourceRecordSet = resourceRecordSet
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Action", action)
            fields.put("ResourceRecordSet", resourceRecordSet)
        }
    }

    /// A part of requests.
    public struct ChangeBatch: Equatable, AWSEncodableShape {
        public var changes: [Change]
        public var comment: String?

        public init(
            changes: [Change] = [],
            comment: String? = nil
        ) {
            self.changes = changes
            self.comment = comment
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Changes", changes, item: "Change")
            fields.put("Comment", comment)
        }
    }

    /// A part of answers.
    public struct ChangeInfo: Equatable, AWSDecodableShape {
        public var comment: String?
        public var id: String?
        public var status: String?
        public var submittedAt: Date?

        public init(
            comment: String? = nil,
            id: String? = nil,
            status: String? = nil,
            submittedAt: Date? = nil
        ) {
            self.comment = comment
            self.id = id
            self.status = status
            self.submittedAt = submittedAt
        }

        public init(_ node: AWSNode) {
            comment = node.read("Comment")
            id = node.read("Id")
            status = node.read("Status")
            submittedAt = node.read("SubmittedAt")
        }
    }

    /// A part of answers. 5 of its 7 members.
    public struct HostedZone: Equatable, AWSDecodableShape {
        public var callerReference: String?
        public var config: HostedZoneConfig?
        public var id: String?
        public var name: String?
        public var resourceRecordSetCount: Int?

        public init(
            callerReference: String? = nil,
            config: HostedZoneConfig? = nil,
            id: String? = nil,
            name: String? = nil,
            resourceRecordSetCount: Int? = nil
        ) {
            self.callerReference = callerReference
            self.config = config
            self.id = id
            self.name = name
            self.resourceRecordSetCount = resourceRecordSetCount
        }

        public init(_ node: AWSNode) {
            callerReference = node.read("CallerReference")
            config = node.read("Config")
            id = node.read("Id")
            name = node.read("Name")
            resourceRecordSetCount = node.read("ResourceRecordSetCount")
        }
    }

    /// A part of answers.
    public struct HostedZoneConfig: Equatable, AWSDecodableShape {
        public var comment: String?
        public var hostedZoneTier: String?
        public var privateZone: Bool?

        public init(
            comment: String? = nil,
            hostedZoneTier: String? = nil,
            privateZone: Bool? = nil
        ) {
            self.comment = comment
            self.hostedZoneTier = hostedZoneTier
            self.privateZone = privateZone
        }

        public init(_ node: AWSNode) {
            comment = node.read("Comment")
            hostedZoneTier = node.read("HostedZoneTier")
            privateZone = node.read("PrivateZone")
        }
    }

    /// A part of requests and answers.
    public struct ResourceRecord: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var value: String?

        public init(
            value: String? = nil
        ) {
            self.value = value
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Value", value)
        }

        public init(_ node: AWSNode) {
            value = node.read("Value")
        }
    }

    /// A part of requests and answers. 11 of its 16 members.
    public struct ResourceRecordSet: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var aliasTarget: AliasTarget?
        public var failover: String?
        public var healthCheckId: String?
        public var multiValueAnswer: Bool?
        public var name: String?
        public var region: String?
        public var resourceRecords: [ResourceRecord]
        public var setIdentifier: String?
        public var ttl: Int?
        public var type: String?
        public var weight: Int?

        public init(
            aliasTarget: AliasTarget? = nil,
            failover: String? = nil,
            healthCheckId: String? = nil,
            multiValueAnswer: Bool? = nil,
            name: String? = nil,
            region: String? = nil,
            resourceRecords: [ResourceRecord] = [],
            setIdentifier: String? = nil,
            ttl: Int? = nil,
            type: String? = nil,
            weight: Int? = nil
        ) {
            self.aliasTarget = aliasTarget
            self.failover = failover
            self.healthCheckId = healthCheckId
            self.multiValueAnswer = multiValueAnswer
            self.name = name
            self.region = region
            self.resourceRecords = resourceRecords
            self.setIdentifier = setIdentifier
            self.ttl = ttl
            self.type = type
            self.weight = weight
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("AliasTarget", aliasTarget)
            fields.put("Failover", failover)
            fields.put("HealthCheckId", healthCheckId)
            fields.put("MultiValueAnswer", multiValueAnswer)
            fields.put("Name", name)
            fields.put("Region", region)
            fields.put("ResourceRecords", resourceRecords, item: "ResourceRecord")
            fields.put("SetIdentifier", setIdentifier)
            fields.put("TTL", ttl)
            fields.put("Type", type)
            fields.put("Weight", weight)
        }

        public init(_ node: AWSNode) {
            aliasTarget = node.read("AliasTarget")
            failover = node.read("Failover")
            healthCheckId = node.read("HealthCheckId")
            multiValueAnswer = node.read("MultiValueAnswer")
            name = node.read("Name")
            region = node.read("Region")
            resourceRecords = node.list("ResourceRecords", item: "ResourceRecord")
            setIdentifier = node.read("SetIdentifier")
            ttl = node.read("TTL")
            type = node.read("Type")
            weight = node.read("Weight")
        }
    }
}
