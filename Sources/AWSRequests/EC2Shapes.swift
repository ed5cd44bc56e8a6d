// Made by scripts/aws-requests from the model of EC2, version 2016-11-15, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

public import struct Foundation.Date

extension EC2 {
    /// A part of answers. 8 of its 16 members.
    public struct Address: Equatable, AWSDecodableShape {
        public var allocationId: String?
        public var associationId: String?
        public var instanceId: String?
        public var networkInterfaceId: String?
        public var privateIpAddress: String?
        public var publicIp: String?
        public var subnetId: String?
        public var tags: [Tag]

        public init(
            allocationId: String? = nil,
            associationId: String? = nil,
            instanceId: String? = nil,
            networkInterfaceId: String? = nil,
            privateIpAddress: String? = nil,
            publicIp: String? = nil,
            subnetId: String? = nil,
            tags: [Tag] = []
        ) {
            self.allocationId = allocationId
            self.associationId = associationId
            self.instanceId = instanceId
            self.networkInterfaceId = networkInterfaceId
            self.privateIpAddress = privateIpAddress
            self.publicIp = publicIp
            self.subnetId = subnetId
            self.tags = tags
        }

        public init(_ node: AWSNode) {
            allocationId = node.read("allocationId")
            associationId = node.read("associationId")
            instanceId = node.read("instanceId")
            networkInterfaceId = node.read("networkInterfaceId")
            privateIpAddress = node.read("privateIpAddress")
            publicIp = node.read("publicIp")
            subnetId = node.read("subnetId")
            tags = node.list("tagSet", item: "item")
        }
    }

    /// A part of requests and answers.
    public struct AttributeBooleanValue: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var value: Bool?

        public init(
            value: Bool? = nil
        ) {
            self.value = value
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Value", value)
        }

        public init(_ node: AWSNode) {
            value = node.read("value")
        }
    }

    /// A part of requests.
    public struct AttributeValue: Equatable, AWSEncodableShape {
        public var value: String?

        public init(
            value: String? = nil
        ) {
            self.value = value
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Value", value)
        }
    }

    /// A part of answers. 7 of its 14 members.
    public struct AvailabilityZone: Equatable, AWSDecodableShape {
        public var messages: [AvailabilityZoneMessage]
        public var optInStatus: String?
        public var regionName: String?
        public var state: String?
        public var zoneId: String?
        public var zoneName: String?
        public var zoneType: String?

        public init(
            messages: [AvailabilityZoneMessage] = [],
            optInStatus: String? = nil,
            regionName: String? = nil,
            state: String? = nil,
            zoneId: String? = nil,
            zoneName: String? = nil,
            zoneType: String? = nil
        ) {
            self.messages = messages
            self.optInStatus = optInStatus
            self.regionName = regionName
            self.state = state
            self.zoneId = zoneId
            self.zoneName = zoneName
            self.zoneType = zoneType
        }

        public init(_ node: AWSNode) {
            messages = node.list("messageSet", item: "item")
            optInStatus = node.read("optInStatus")
            regionName = node.read("regionName")
            state = node.read("zoneState")
            zoneId = node.read("zoneId")
            zoneName = node.read("zoneName")
            zoneType = node.read("zoneType")
        }
    }

    /// A part of answers.
    public struct AvailabilityZoneMessage: Equatable, AWSDecodableShape {
        public var message: String?

        public init(
            message: String? = nil
        ) {
            self.message = message
        }

        public init(_ node: AWSNode) {
            message = node.read("message")
        }
    }

    /// A part of requests and answers.
    public struct BlockDeviceMapping: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var deviceName: String?
        public var ebs: EbsBlockDevice?
        public var noDevice: String?
        public var virtualName: String?

        public init(
            deviceName: String? = nil,
            ebs: EbsBlockDevice? = nil,
            noDevice: String? = nil,
            virtualName: String? = nil
        ) {
            self.deviceName = deviceName
            self.ebs = ebs
            self.noDevice = noDevice
            self.virtualName = virtualName
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("DeviceName", deviceName)
            fields.put("Ebs", ebs)
            fields.put("NoDevice", noDevice)
            fields.put("VirtualName", virtualName)
        }

        public init(_ node: AWSNode) {
            deviceName = node.read("deviceName")
            ebs = node.read("ebs")
            noDevice = node.read("noDevice")
            virtualName = node.read("virtualName")
        }
    }

    /// A part of requests.
    public struct CreditSpecificationRequest: Equatable, AWSEncodableShape {
        public var cpuCredits: String?

        public init(
            cpuCredits: String? = nil
        ) {
            self.cpuCredits = cpuCredits
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("CpuCredits", cpuCredits)
        }
    }

    /// A part of requests and answers. 8 of its 13 members.
    public struct EbsBlockDevice: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var deleteOnTermination: Bool?
        public var encrypted: Bool?
        public var iops: Int?
        public var kmsKeyId: String?
        public var snapshotId: String?
        public var throughput: Int?
        public var volumeSize: Int?
        public var volumeType: String?

        public init(
            deleteOnTermination: Bool? = nil,
            encrypted: Bool? = nil,
            iops: Int? = nil,
            kmsKeyId: String? = nil,
            snapshotId: String? = nil,
            throughput: Int? = nil,
            volumeSize: Int? = nil,
            volumeType: String? = nil
        ) {
            self.deleteOnTermination = deleteOnTermination
            self.encrypted = encrypted
            self.iops = iops
            self.kmsKeyId = kmsKeyId
            self.snapshotId = snapshotId
            self.throughput = throughput
            self.volumeSize = volumeSize
            self.volumeType = volumeType
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("DeleteOnTermination", deleteOnTermination)
            fields.put("Encrypted", encrypted)
            fields.put("Iops", iops)
            fields.put("KmsKeyId", kmsKeyId)
            fields.put("SnapshotId", snapshotId)
            fields.put("Throughput", throughput)
            fields.put("VolumeSize", volumeSize)
            fields.put("VolumeType", volumeType)
        }

        public init(_ node: AWSNode) {
            deleteOnTermination = node.read("deleteOnTermination")
            encrypted = node.read("encrypted")
            iops = node.read("iops")
            kmsKeyId = node.read("kmsKeyId")
            snapshotId = node.read("snapshotId")
            throughput = node.read("throughput")
            volumeSize = node.read("volumeSize")
            volumeType = node.read("volumeType")
        }
    }

    /// A part of answers. 3 of its 8 members.
    public struct EbsInfo: Equatable, AWSDecodableShape {
        public var ebsOptimizedSupport: String?
        public var encryptionSupport: String?
        public var nvmeSupport: String?

        public init(
            ebsOptimizedSupport: String? = nil,
            encryptionSupport: String? = nil,
            nvmeSupport: String? = nil
        ) {
            self.ebsOptimizedSupport = ebsOptimizedSupport
            self.encryptionSupport = encryptionSupport
            self.nvmeSupport = nvmeSupport
        }

        public init(_ node: AWSNode) {
            ebsOptimizedSupport = node.read("ebsOptimizedSupport")
            encryptionSupport = node.read("encryptionSupport")
            nvmeSupport = node.read("nvmeSupport")
        }
    }

    /// A part of answers. 4 of its 8 members.
    public struct EbsInstanceBlockDevice: Equatable, AWSDecodableShape {
        public var attachTime: Date?
        public var deleteOnTermination: Bool?
        public var status: String?
        public var volumeId: String?

        public init(
            attachTime: Date? = nil,
            deleteOnTermination: Bool? = nil,
            status: String? = nil,
            volumeId: String? = nil
        ) {
            self.attachTime = attachTime
            self.deleteOnTermination = deleteOnTermination
            self.status = status
            self.volumeId = volumeId
        }

        public init(_ node: AWSNode) {
            attachTime = node.read("attachTime")
            deleteOnTermination = node.read("deleteOnTermination")
            status = node.read("status")
            volumeId = node.read("volumeId")
        }
    }

    /// A part of requests.
    public struct Filter: Equatable, AWSEncodableShape {
        public var name: String?
        public var values: [String]

        public init(
            name: String? = nil,
            values: [String] = []
        ) {
            self.name = name
            self.values = values
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Name", name)
            fields.put("Value", values, item: nil)
        }
    }

    /// A part of answers.
    public struct GroupIdentifier: Equatable, AWSDecodableShape {
        public var groupId: String?
        public var groupName: String?

        public init(
            groupId: String? = nil,
            groupName: String? = nil
        ) {
            self.groupId = groupId
            self.groupName = groupName
        }

        public init(_ node: AWSNode) {
            groupId = node.read("groupId")
            groupName = node.read("groupName")
        }
    }

    /// A part of answers.
    public struct IamInstanceProfile: Equatable, AWSDecodableShape {
        public var arn: String?
        public var id: String?

        public init(
            arn: String? = nil,
            id: String? = nil
        ) {
            self.arn = arn
            self.id = id
        }

        public init(_ node: AWSNode) {
            arn = node.read("arn")
            id = node.read("id")
        }
    }

    /// A part of requests.
    public struct IamInstanceProfileSpecification: Equatable, AWSEncodableShape {
        public var arn: String?
        public var name: String?

        public init(
            arn: String? = nil,
            name: String? = nil
        ) {
            self.arn = arn
            self.name = name
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Arn", arn)
            fields.put("Name", name)
        }
    }

    /// A part of answers. 23 of its 41 members.
    public struct Image: Equatable, AWSDecodableShape {
        public var architecture: String?
        public var blockDeviceMappings: [BlockDeviceMapping]
        public var bootMode: String?
        public var creationDate: String?
        public var deprecationTime: String?
        public var description: String?
        public var enaSupport: Bool?
        public var imageId: String?
        public var imageLocation: String?
        public var imageOwnerAlias: String?
        public var imageType: String?
        public var imdsSupport: String?
        public var name: String?
        public var ownerId: String?
        public var platform: String?
        public var platformDetails: String?
        public var `public`: Bool?
        public var rootDeviceName: String?
        public var rootDeviceType: String?
        public var state: String?
        public var stateReason: StateReason?
        public var tags: [Tag]
        public var virtualizationType: String?

        public init(
            architecture: String? = nil,
            blockDeviceMappings: [BlockDeviceMapping] = [],
            bootMode: String? = nil,
            creationDate: String? = nil,
            deprecationTime: String? = nil,
            description: String? = nil,
            enaSupport: Bool? = nil,
            imageId: String? = nil,
            imageLocation: String? = nil,
            imageOwnerAlias: String? = nil,
            imageType: String? = nil,
            imdsSupport: String? = nil,
            name: String? = nil,
            ownerId: String? = nil,
            platform: String? = nil,
            platformDetails: String? = nil,
            `public`: Bool? = nil,
            rootDeviceName: String? = nil,
            rootDeviceType: String? = nil,
            state: String? = nil,
            stateReason: StateReason? = nil,
            tags: [Tag] = [],
            virtualizationType: String? = nil
        ) {
            self.architecture = architecture
            self.blockDeviceMappings = blockDeviceMappings
            self.bootMode = bootMode
            self.creationDate = creationDate
            self.deprecationTime = deprecationTime
            self.description = description
            self.enaSupport = enaSupport
            self.imageId = imageId
            self.imageLocation = imageLocation
            self.imageOwnerAlias = imageOwnerAlias
            self.imageType = imageType
            self.imdsSupport = imdsSupport
            self.name = name
            self.ownerId = ownerId
            self.platform = platform
            self.platformDetails = platformDetails
            self.public = `public`
            self.rootDeviceName = rootDeviceName
            self.rootDeviceType = rootDeviceType
            self.state = state
            self.stateReason = stateReason
            self.tags = tags
            self.virtualizationType = virtualizationType
        }

        public init(_ node: AWSNode) {
            architecture = node.read("architecture")
            blockDeviceMappings = node.list("blockDeviceMapping", item: "item")
            bootMode = node.read("bootMode")
            creationDate = node.read("creationDate")
            deprecationTime = node.read("deprecationTime")
            description = node.read("description")
            enaSupport = node.read("enaSupport")
            imageId = node.read("imageId")
            imageLocation = node.read("imageLocation")
            imageOwnerAlias = node.read("imageOwnerAlias")
            imageType = node.read("imageType")
            imdsSupport = node.read("imdsSupport")
            name = node.read("name")
            ownerId = node.read("imageOwnerId")
            platform = node.read("platform")
            platformDetails = node.read("platformDetails")
            self.public = node.read("isPublic")
            rootDeviceName = node.read("rootDeviceName")
            rootDeviceType = node.read("rootDeviceType")
            state = node.read("imageState")
            stateReason = node.read("stateReason")
            tags = node.list("tagSet", item: "item")
            virtualizationType = node.read("virtualizationType")
        }
    }

    /// A part of answers. 28 of its 61 members.
    public struct Instance: Equatable, AWSDecodableShape {
        public var architecture: String?
        public var blockDeviceMappings: [InstanceBlockDeviceMapping]
        public var clientToken: String?
        public var ebsOptimized: Bool?
        public var iamInstanceProfile: IamInstanceProfile?
        public var imageId: String?
        public var instanceId: String?
        public var instanceLifecycle: String?
        public var instanceType: String?
        public var keyName: String?
        public var launchTime: Date?
        public var metadataOptions: InstanceMetadataOptionsResponse?
        public var networkInterfaces: [InstanceNetworkInterface]
        public var placement: Placement?
        public var privateDnsName: String?
        public var privateIpAddress: String?
        public var publicDnsName: String?
        public var publicIpAddress: String?
        public var rootDeviceName: String?
        public var rootDeviceType: String?
        public var securityGroups: [GroupIdentifier]
        public var sourceDestCheck: Bool?
        public var state: InstanceState?
        public var stateReason: StateReason?
        public var stateTransitionReason: String?
        public var subnetId: String?
        public var tags: [Tag]
        public var vpcId: String?

        public init(
            architecture: String? = nil,
            blockDeviceMappings: [InstanceBlockDeviceMapping] = [],
            clientToken: String? = nil,
            ebsOptimized: Bool? = nil,
            iamInstanceProfile: IamInstanceProfile? = nil,
            imageId: String? = nil,
            instanceId: String? = nil,
            instanceLifecycle: String? = nil,
            instanceType: String? = nil,
            keyName: String? = nil,
            launchTime: Date? = nil,
            metadataOptions: InstanceMetadataOptionsResponse? = nil,
            networkInterfaces: [InstanceNetworkInterface] = [],
            placement: Placement? = nil,
            privateDnsName: String? = nil,
            privateIpAddress: String? = nil,
            publicDnsName: String? = nil,
            publicIpAddress: String? = nil,
            rootDeviceName: String? = nil,
            rootDeviceType: String? = nil,
            securityGroups: [GroupIdentifier] = [],
            sourceDestCheck: Bool? = nil,
            state: InstanceState? = nil,
            stateReason: StateReason? = nil,
            stateTransitionReason: String? = nil,
            subnetId: String? = nil,
            tags: [Tag] = [],
            vpcId: String? = nil
        ) {
            self.architecture = architecture
            self.blockDeviceMappings = blockDeviceMappings
            self.clientToken = clientToken
            self.ebsOptimized = ebsOptimized
            self.iamInstanceProfile = iamInstanceProfile
            self.imageId = imageId
            self.instanceId = instanceId
            self.instanceLifecycle = instanceLifecycle
            self.instanceType = instanceType
            self.keyName = keyName
            self.launchTime = launchTime
            self.metadataOptions = metadataOptions
            self.networkInterfaces = networkInterfaces
            self.placement = placement
            self.privateDnsName = privateDnsName
            self.privateIpAddress = privateIpAddress
            self.publicDnsName = publicDnsName
            self.publicIpAddress = publicIpAddress
            self.rootDeviceName = rootDeviceName
            self.rootDeviceType = rootDeviceType
            self.securityGroups = securityGroups
            self.sourceDestCheck = sourceDestCheck
            self.state = state
            self.stateReason = stateReason
            self.stateTransitionReason = stateTransitionReason
            self.subnetId = subnetId
            self.tags = tags
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            architecture = node.read("architecture")
            blockDeviceMappings = node.list("blockDeviceMapping", item: "item")
            clientToken = node.read("clientToken")
            ebsOptimized = node.read("ebsOptimized")
            iamInstanceProfile = node.read("iamInstanceProfile")
            imageId = node.read("imageId")
            instanceId = node.read("instanceId")
            instanceLifecycle = node.read("instanceLifecycle")
            instanceType = node.read("instanceType")
            keyName = node.read("keyName")
            launchTime = node.read("launchTime")
            metadataOptions = node.read("metadataOptions")
            networkInterfaces = node.list("networkInterfaceSet", item: "item")
            placement = node.read("placement")
            privateDnsName = node.read("privateDnsName")
            privateIpAddress = node.read("privateIpAddress")
            publicDnsName = node.read("dnsName")
            publicIpAddress = node.read("ipAddress")
            rootDeviceName = node.read("rootDeviceName")
            rootDeviceType = node.read("rootDeviceType")
            securityGroups = node.list("groupSet", item: "item")
            sourceDestCheck = node.read("sourceDestCheck")
            state = node.read("instanceState")
            stateReason = node.read("stateReason")
            stateTransitionReason = node.read("reason")
            subnetId = node.read("subnetId")
            tags = node.list("tagSet", item: "item")
            vpcId = node.read("vpcId")
        }
    }

    /// A part of answers.
    public struct InstanceBlockDeviceMapping: Equatable, AWSDecodableShape {
        public var deviceName: String?
        public var ebs: EbsInstanceBlockDevice?

        public init(
            deviceName: String? = nil,
            ebs: EbsInstanceBlockDevice? = nil
        ) {
            self.deviceName = deviceName
            self.ebs = ebs
        }

        public init(_ node: AWSNode) {
            deviceName = node.read("deviceName")
            ebs = node.read("ebs")
        }
    }

    /// A part of requests.
    public struct InstanceMarketOptionsRequest: Equatable, AWSEncodableShape {
        public var marketType: String?
        public var spotOptions: SpotMarketOptions?

        public init(
            marketType: String? = nil,
            spotOptions: SpotMarketOptions? = nil
        ) {
            self.marketType = marketType
            self.spotOptions = spotOptions
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("MarketType", marketType)
            fields.put("SpotOptions", spotOptions)
        }
    }

    /// A part of requests.
    public struct InstanceMetadataOptionsRequest: Equatable, AWSEncodableShape {
        public var httpEndpoint: String?
        public var httpProtocolIpv6: String?
        public var httpPutResponseHopLimit: Int?
        public var httpTokens: String?
        public var instanceMetadataTags: String?

        public init(
            httpEndpoint: String? = nil,
            httpProtocolIpv6: String? = nil,
            httpPutResponseHopLimit: Int? = nil,
            httpTokens: String? = nil,
            instanceMetadataTags: String? = nil
        ) {
            self.httpEndpoint = httpEndpoint
            self.httpProtocolIpv6 = httpProtocolIpv6
            self.httpPutResponseHopLimit = httpPutResponseHopLimit
            self.httpTokens = httpTokens
            self.instanceMetadataTags = instanceMetadataTags
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("HttpEndpoint", httpEndpoint)
            fields.put("HttpProtocolIpv6", httpProtocolIpv6)
            fields.put("HttpPutResponseHopLimit", httpPutResponseHopLimit)
            fields.put("HttpTokens", httpTokens)
            fields.put("InstanceMetadataTags", instanceMetadataTags)
        }
    }

    /// A part of answers.
    public struct InstanceMetadataOptionsResponse: Equatable, AWSDecodableShape {
        public var httpEndpoint: String?
        public var httpProtocolIpv6: String?
        public var httpPutResponseHopLimit: Int?
        public var httpTokens: String?
        public var instanceMetadataTags: String?
        public var state: String?

        public init(
            httpEndpoint: String? = nil,
            httpProtocolIpv6: String? = nil,
            httpPutResponseHopLimit: Int? = nil,
            httpTokens: String? = nil,
            instanceMetadataTags: String? = nil,
            state: String? = nil
        ) {
            self.httpEndpoint = httpEndpoint
            self.httpProtocolIpv6 = httpProtocolIpv6
            self.httpPutResponseHopLimit = httpPutResponseHopLimit
            self.httpTokens = httpTokens
            self.instanceMetadataTags = instanceMetadataTags
            self.state = state
        }

        public init(_ node: AWSNode) {
            httpEndpoint = node.read("httpEndpoint")
            httpProtocolIpv6 = node.read("httpProtocolIpv6")
            httpPutResponseHopLimit = node.read("httpPutResponseHopLimit")
            httpTokens = node.read("httpTokens")
            instanceMetadataTags = node.read("instanceMetadataTags")
            state = node.read("state")
        }
    }

    /// A part of answers. 10 of its 20 members.
    public struct InstanceNetworkInterface: Equatable, AWSDecodableShape {
        public var attachment: InstanceNetworkInterfaceAttachment?
        public var description: String?
        public var groups: [GroupIdentifier]
        public var macAddress: String?
        public var networkInterfaceId: String?
        public var privateIpAddress: String?
        public var sourceDestCheck: Bool?
        public var status: String?
        public var subnetId: String?
        public var vpcId: String?

        public init(
            attachment: InstanceNetworkInterfaceAttachment? = nil,
            description: String? = nil,
            groups: [GroupIdentifier] = [],
            macAddress: String? = nil,
            networkInterfaceId: String? = nil,
            privateIpAddress: String? = nil,
            sourceDestCheck: Bool? = nil,
            status: String? = nil,
            subnetId: String? = nil,
            vpcId: String? = nil
        ) {
            self.attachment = attachment
            self.description = description
            self.groups = groups
            self.macAddress = macAddress
            self.networkInterfaceId = networkInterfaceId
            self.privateIpAddress = privateIpAddress
            self.sourceDestCheck = sourceDestCheck
            self.status = status
            self.subnetId = subnetId
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            attachment = node.read("attachment")
            description = node.read("description")
            groups = node.list("groupSet", item: "item")
            macAddress = node.read("macAddress")
            networkInterfaceId = node.read("networkInterfaceId")
            privateIpAddress = node.read("privateIpAddress")
            sourceDestCheck = node.read("sourceDestCheck")
            status = node.read("status")
            subnetId = node.read("subnetId")
            vpcId = node.read("vpcId")
        }
    }

    /// A part of answers. 5 of its 8 members.
    public struct InstanceNetworkInterfaceAttachment: Equatable, AWSDecodableShape {
        public var attachTime: Date?
        public var attachmentId: String?
        public var deleteOnTermination: Bool?
        public var deviceIndex: Int?
        public var status: String?

        public init(
            attachTime: Date? = nil,
            attachmentId: String? = nil,
            deleteOnTermination: Bool? = nil,
            deviceIndex: Int? = nil,
            status: String? = nil
        ) {
            self.attachTime = attachTime
            self.attachmentId = attachmentId
            self.deleteOnTermination = deleteOnTermination
            self.deviceIndex = deviceIndex
            self.status = status
        }

        public init(_ node: AWSNode) {
            attachTime = node.read("attachTime")
            attachmentId = node.read("attachmentId")
            deleteOnTermination = node.read("deleteOnTermination")
            deviceIndex = node.read("deviceIndex")
            status = node.read("status")
        }
    }

    /// A part of requests. 8 of its 23 members.
    public struct InstanceNetworkInterfaceSpecification: Equatable, AWSEncodableShape {
        public var associatePublicIpAddress: Bool?
        public var deleteOnTermination: Bool?
        public var description: String?
        public var deviceIndex: Int?
        public var groups: [String]
        public var networkInterfaceId: String?
        public var privateIpAddress: String?
        public var subnetId: String?

        public init(
            associatePublicIpAddress: Bool? = nil,
            deleteOnTermination: Bool? = nil,
            description: String? = nil,
            deviceIndex: Int? = nil,
            groups: [String] = [],
            networkInterfaceId: String? = nil,
            privateIpAddress: String? = nil,
            subnetId: String? = nil
        ) {
            self.associatePublicIpAddress = associatePublicIpAddress
            self.deleteOnTermination = deleteOnTermination
            self.description = description
            self.deviceIndex = deviceIndex
            self.groups = groups
            self.networkInterfaceId = networkInterfaceId
            self.privateIpAddress = privateIpAddress
            self.subnetId = subnetId
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("AssociatePublicIpAddress", associatePublicIpAddress)
            fields.put("DeleteOnTermination", deleteOnTermination)
            fields.put("Description", description)
            fields.put("DeviceIndex", deviceIndex)
            fields.put("SecurityGroupId", groups, item: nil)
            fields.put("NetworkInterfaceId", networkInterfaceId)
            fields.put("PrivateIpAddress", privateIpAddress)
            fields.put("SubnetId", subnetId)
        }
    }

    /// A part of answers.
    public struct InstanceState: Equatable, AWSDecodableShape {
        public var code: Int?
        public var name: String?

        public init(
            code: Int? = nil,
            name: String? = nil
        ) {
            self.code = code
            self.name = name
        }

        public init(_ node: AWSNode) {
            code = node.read("code")
            name = node.read("name")
        }
    }

    /// A part of answers.
    public struct InstanceStateChange: Equatable, AWSDecodableShape {
        public var currentState: InstanceState?
        public var instanceId: String?
        public var previousState: InstanceState?

        public init(
            currentState: InstanceState? = nil,
            instanceId: String? = nil,
            previousState: InstanceState? = nil
        ) {
            self.currentState = currentState
            self.instanceId = instanceId
            self.previousState = previousState
        }

        public init(_ node: AWSNode) {
            currentState = node.read("currentState")
            instanceId = node.read("instanceId")
            previousState = node.read("previousState")
        }
    }

    /// A part of answers. 16 of its 32 members.
    public struct InstanceTypeInfo: Equatable, AWSDecodableShape {
        public var autoRecoverySupported: Bool?
        public var bareMetal: Bool?
        public var burstablePerformanceSupported: Bool?
        public var currentGeneration: Bool?
        public var ebsInfo: EbsInfo?
        public var hypervisor: String?
        public var instanceStorageSupported: Bool?
        public var instanceType: String?
        public var memoryInfo: MemoryInfo?
        public var networkInfo: NetworkInfo?
        public var processorInfo: ProcessorInfo?
        public var supportedBootModes: [String]
        public var supportedRootDeviceTypes: [String]
        public var supportedUsageClasses: [String]
        public var supportedVirtualizationTypes: [String]
        public var vCpuInfo: VCpuInfo?

        public init(
            autoRecoverySupported: Bool? = nil,
            bareMetal: Bool? = nil,
            burstablePerformanceSupported: Bool? = nil,
            currentGeneration: Bool? = nil,
            ebsInfo: EbsInfo? = nil,
            hypervisor: String? = nil,
            instanceStorageSupported: Bool? = nil,
            instanceType: String? = nil,
            memoryInfo: MemoryInfo? = nil,
            networkInfo: NetworkInfo? = nil,
            processorInfo: ProcessorInfo? = nil,
            supportedBootModes: [String] = [],
            supportedRootDeviceTypes: [String] = [],
            supportedUsageClasses: [String] = [],
            supportedVirtualizationTypes: [String] = [],
            vCpuInfo: VCpuInfo? = nil
        ) {
            self.autoRecoverySupported = autoRecoverySupported
            self.bareMetal = bareMetal
            self.burstablePerformanceSupported = burstablePerformanceSupported
            self.currentGeneration = currentGeneration
            self.ebsInfo = ebsInfo
            self.hypervisor = hypervisor
            self.instanceStorageSupported = instanceStorageSupported
            self.instanceType = instanceType
            self.memoryInfo = memoryInfo
            self.networkInfo = networkInfo
            self.processorInfo = processorInfo
            self.supportedBootModes = supportedBootModes
            self.supportedRootDeviceTypes = supportedRootDeviceTypes
            self.supportedUsageClasses = supportedUsageClasses
            self.supportedVirtualizationTypes = supportedVirtualizationTypes
            self.vCpuInfo = vCpuInfo
        }

        public init(_ node: AWSNode) {
            autoRecoverySupported = node.read("autoRecoverySupported")
            bareMetal = node.read("bareMetal")
            burstablePerformanceSupported = node.read("burstablePerformanceSupported")
            currentGeneration = node.read("currentGeneration")
            ebsInfo = node.read("ebsInfo")
            hypervisor = node.read("hypervisor")
            instanceStorageSupported = node.read("instanceStorageSupported")
            instanceType = node.read("instanceType")
            memoryInfo = node.read("memoryInfo")
            networkInfo = node.read("networkInfo")
            processorInfo = node.read("processorInfo")
            supportedBootModes = node.list("supportedBootModes", item: "item")
            supportedRootDeviceTypes = node.list("supportedRootDeviceTypes", item: "item")
            supportedUsageClasses = node.list("supportedUsageClasses", item: "item")
            supportedVirtualizationTypes = node.list("supportedVirtualizationTypes", item: "item")
            vCpuInfo = node.read("vCpuInfo")
        }
    }

    /// A part of answers.
    public struct InstanceTypeOffering: Equatable, AWSDecodableShape {
        public var instanceType: String?
        public var location: String?
        public var locationType: String?

        public init(
            instanceType: String? = nil,
            location: String? = nil,
            locationType: String? = nil
        ) {
            self.instanceType = instanceType
            self.location = location
            self.locationType = locationType
        }

        public init(_ node: AWSNode) {
            instanceType = node.read("instanceType")
            location = node.read("location")
            locationType = node.read("locationType")
        }
    }

    /// A part of answers.
    public struct InternetGateway: Equatable, AWSDecodableShape {
        public var attachments: [InternetGatewayAttachment]
        public var internetGatewayId: String?
        public var ownerId: String?
        public var tags: [Tag]

        public init(
            attachments: [InternetGatewayAttachment] = [],
            internetGatewayId: String? = nil,
            ownerId: String? = nil,
            tags: [Tag] = []
        ) {
            self.attachments = attachments
            self.internetGatewayId = internetGatewayId
            self.ownerId = ownerId
            self.tags = tags
        }

        public init(_ node: AWSNode) {
            attachments = node.list("attachmentSet", item: "item")
            internetGatewayId = node.read("internetGatewayId")
            ownerId = node.read("ownerId")
            tags = node.list("tagSet", item: "item")
        }
    }

    /// A part of answers.
    public struct InternetGatewayAttachment: Equatable, AWSDecodableShape {
        public var state: String?
        public var vpcId: String?

        public init(
            state: String? = nil,
            vpcId: String? = nil
        ) {
            self.state = state
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            state = node.read("state")
            vpcId = node.read("vpcId")
        }
    }

    /// A part of requests and answers. 6 of its 7 members.
    public struct IpPermission: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var fromPort: Int?
        public var ipProtocol: String?
        public var ipRanges: [IpRange]
        public var ipv6Ranges: [Ipv6Range]
        public var toPort: Int?
        public var userIdGroupPairs: [UserIdGroupPair]

        public init(
            fromPort: Int? = nil,
            ipProtocol: String? = nil,
            ipRanges: [IpRange] = [],
            ipv6Ranges: [Ipv6Range] = [],
            toPort: Int? = nil,
            userIdGroupPairs: [UserIdGroupPair] = []
        ) {
            self.fromPort = fromPort
            self.ipProtocol = ipProtocol
            self.ipRanges = ipRanges
            self.ipv6Ranges = ipv6Ranges
            self.toPort = toPort
            self.userIdGroupPairs = userIdGroupPairs
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("FromPort", fromPort)
            fields.put("IpProtocol", ipProtocol)
            fields.put("IpRanges", ipRanges, item: nil)
            fields.put("Ipv6Ranges", ipv6Ranges, item: nil)
            fields.put("ToPort", toPort)
            fields.put("Groups", userIdGroupPairs, item: nil)
        }

        public init(_ node: AWSNode) {
            fromPort = node.read("fromPort")
            ipProtocol = node.read("ipProtocol")
            ipRanges = node.list("ipRanges", item: "item")
            ipv6Ranges = node.list("ipv6Ranges", item: "item")
            toPort = node.read("toPort")
            userIdGroupPairs = node.list("groups", item: "item")
        }
    }

    /// A part of requests and answers.
    public struct IpRange: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var cidrIp: String?
        public var description: String?

        public init(
            cidrIp: String? = nil,
            description: String? = nil
        ) {
            self.cidrIp = cidrIp
            self.description = description
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("CidrIp", cidrIp)
            fields.put("Description", description)
        }

        public init(_ node: AWSNode) {
            cidrIp = node.read("cidrIp")
            description = node.read("description")
        }
    }

    /// A part of requests and answers.
    public struct Ipv6Range: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var cidrIpv6: String?
        public var description: String?

        public init(
            cidrIpv6: String? = nil,
            description: String? = nil
        ) {
            self.cidrIpv6 = cidrIpv6
            self.description = description
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("CidrIpv6", cidrIpv6)
            fields.put("Description", description)
        }

        public init(_ node: AWSNode) {
            cidrIpv6 = node.read("cidrIpv6")
            description = node.read("description")
        }
    }

    /// A part of answers.
    public struct KeyPairInfo: Equatable, AWSDecodableShape {
        public var createTime: Date?
        public var keyFingerprint: String?
        public var keyName: String?
        public var keyPairId: String?
        public var keyType: String?
        public var publicKey: String?
        public var tags: [Tag]

        public init(
            createTime: Date? = nil,
            keyFingerprint: String? = nil,
            keyName: String? = nil,
            keyPairId: String? = nil,
            keyType: String? = nil,
            publicKey: String? = nil,
            tags: [Tag] = []
        ) {
            self.createTime = createTime
            self.keyFingerprint = keyFingerprint
            self.keyName = keyName
            self.keyPairId = keyPairId
            self.keyType = keyType
            self.publicKey = publicKey
            self.tags = tags
        }

        public init(_ node: AWSNode) {
            createTime = node.read("createTime")
            keyFingerprint = node.read("keyFingerprint")
            keyName = node.read("keyName")
            keyPairId = node.read("keyPairId")
            keyType = node.read("keyType")
            publicKey = node.read("publicKey")
            tags = node.list("tagSet", item: "item")
        }
    }

    /// A part of answers.
    public struct MemoryInfo: Equatable, AWSDecodableShape {
        public var sizeInMiB: Int?

        public init(
            sizeInMiB: Int? = nil
        ) {
            self.sizeInMiB = sizeInMiB
        }

        public init(_ node: AWSNode) {
            sizeInMiB = node.read("sizeInMiB")
        }
    }

    /// A part of answers. 11 of its 17 members.
    public struct NatGateway: Equatable, AWSDecodableShape {
        public var connectivityType: String?
        public var createTime: Date?
        public var deleteTime: Date?
        public var failureCode: String?
        public var failureMessage: String?
        public var natGatewayAddresses: [NatGatewayAddress]
        public var natGatewayId: String?
        public var state: String?
        public var subnetId: String?
        public var tags: [Tag]
        public var vpcId: String?

        public init(
            connectivityType: String? = nil,
            createTime: Date? = nil,
            deleteTime: Date? = nil,
            failureCode: String? = nil,
            failureMessage: String? = nil,
            natGatewayAddresses: [NatGatewayAddress] = [],
            natGatewayId: String? = nil,
            state: String? = nil,
            subnetId: String? = nil,
            tags: [Tag] = [],
            vpcId: String? = nil
        ) {
            self.connectivityType = connectivityType
            self.createTime = createTime
            self.deleteTime = deleteTime
            self.failureCode = failureCode
            self.failureMessage = failureMessage
            self.natGatewayAddresses = natGatewayAddresses
            self.natGatewayId = natGatewayId
            self.state = state
            self.subnetId = subnetId
            self.tags = tags
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            connectivityType = node.read("connectivityType")
            createTime = node.read("createTime")
            deleteTime = node.read("deleteTime")
            failureCode = node.read("failureCode")
            failureMessage = node.read("failureMessage")
            natGatewayAddresses = node.list("natGatewayAddressSet", item: "item")
            natGatewayId = node.read("natGatewayId")
            state = node.read("state")
            subnetId = node.read("subnetId")
            tags = node.list("tagSet", item: "item")
            vpcId = node.read("vpcId")
        }
    }

    /// A part of answers. 8 of its 10 members.
    public struct NatGatewayAddress: Equatable, AWSDecodableShape {
        public var allocationId: String?
        public var associationId: String?
        public var failureMessage: String?
        public var isPrimary: Bool?
        public var networkInterfaceId: String?
        public var privateIp: String?
        public var publicIp: String?
        public var status: String?

        public init(
            allocationId: String? = nil,
            associationId: String? = nil,
            failureMessage: String? = nil,
            isPrimary: Bool? = nil,
            networkInterfaceId: String? = nil,
            privateIp: String? = nil,
            publicIp: String? = nil,
            status: String? = nil
        ) {
            self.allocationId = allocationId
            self.associationId = associationId
            self.failureMessage = failureMessage
            self.isPrimary = isPrimary
            self.networkInterfaceId = networkInterfaceId
            self.privateIp = privateIp
            self.publicIp = publicIp
            self.status = status
        }

        public init(_ node: AWSNode) {
            allocationId = node.read("allocationId")
            associationId = node.read("associationId")
            failureMessage = node.read("failureMessage")
            isPrimary = node.read("isPrimary")
            networkInterfaceId = node.read("networkInterfaceId")
            privateIp = node.read("privateIp")
            publicIp = node.read("publicIp")
            status = node.read("status")
        }
    }

    /// A part of answers. 4 of its 19 members.
    public struct NetworkInfo: Equatable, AWSDecodableShape {
        public var enaSupport: String?
        public var ipv4AddressesPerInterface: Int?
        public var maximumNetworkInterfaces: Int?
        public var networkPerformance: String?

        public init(
            enaSupport: String? = nil,
            ipv4AddressesPerInterface: Int? = nil,
            maximumNetworkInterfaces: Int? = nil,
            networkPerformance: String? = nil
        ) {
            self.enaSupport = enaSupport
            self.ipv4AddressesPerInterface = ipv4AddressesPerInterface
            self.maximumNetworkInterfaces = maximumNetworkInterfaces
            self.networkPerformance = networkPerformance
        }

        public init(_ node: AWSNode) {
            enaSupport = node.read("enaSupport")
            ipv4AddressesPerInterface = node.read("ipv4AddressesPerInterface")
            maximumNetworkInterfaces = node.read("maximumNetworkInterfaces")
            networkPerformance = node.read("networkPerformance")
        }
    }

    /// A part of answers. 17 of its 32 members.
    public struct NetworkInterface: Equatable, AWSDecodableShape {
        public var association: NetworkInterfaceAssociation?
        public var attachment: NetworkInterfaceAttachment?
        public var availabilityZone: String?
        public var description: String?
        public var groups: [GroupIdentifier]
        public var interfaceType: String?
        public var macAddress: String?
        public var networkInterfaceId: String?
        public var ownerId: String?
        public var privateIpAddress: String?
        public var requesterId: String?
        public var requesterManaged: Bool?
        public var sourceDestCheck: Bool?
        public var status: String?
        public var subnetId: String?
        public var tagSet: [Tag]
        public var vpcId: String?

        public init(
            association: NetworkInterfaceAssociation? = nil,
            attachment: NetworkInterfaceAttachment? = nil,
            availabilityZone: String? = nil,
            description: String? = nil,
            groups: [GroupIdentifier] = [],
            interfaceType: String? = nil,
            macAddress: String? = nil,
            networkInterfaceId: String? = nil,
            ownerId: String? = nil,
            privateIpAddress: String? = nil,
            requesterId: String? = nil,
            requesterManaged: Bool? = nil,
            sourceDestCheck: Bool? = nil,
            status: String? = nil,
            subnetId: String? = nil,
            tagSet: [Tag] = [],
            vpcId: String? = nil
        ) {
            self.association = association
            self.attachment = attachment
            self.availabilityZone = availabilityZone
            self.description = description
            self.groups = groups
            self.interfaceType = interfaceType
            self.macAddress = macAddress
            self.networkInterfaceId = networkInterfaceId
            self.ownerId = ownerId
            self.privateIpAddress = privateIpAddress
            self.requesterId = requesterId
            self.requesterManaged = requesterManaged
            self.sourceDestCheck = sourceDestCheck
            self.status = status
            self.subnetId = subnetId
            self.tagSet = tagSet
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            association = node.read("association")
            attachment = node.read("attachment")
            availabilityZone = node.read("availabilityZone")
            description = node.read("description")
            groups = node.list("groupSet", item: "item")
            interfaceType = node.read("interfaceType")
            macAddress = node.read("macAddress")
            networkInterfaceId = node.read("networkInterfaceId")
            ownerId = node.read("ownerId")
            privateIpAddress = node.read("privateIpAddress")
            requesterId = node.read("requesterId")
            requesterManaged = node.read("requesterManaged")
            sourceDestCheck = node.read("sourceDestCheck")
            status = node.read("status")
            subnetId = node.read("subnetId")
            tagSet = node.list("tagSet", item: "item")
            vpcId = node.read("vpcId")
        }
    }

    /// A part of answers. 4 of its 7 members.
    public struct NetworkInterfaceAssociation: Equatable, AWSDecodableShape {
        public var allocationId: String?
        public var associationId: String?
        public var ipOwnerId: String?
        public var publicIp: String?

        public init(
            allocationId: String? = nil,
            associationId: String? = nil,
            ipOwnerId: String? = nil,
            publicIp: String? = nil
        ) {
            self.allocationId = allocationId
            self.associationId = associationId
            self.ipOwnerId = ipOwnerId
            self.publicIp = publicIp
        }

        public init(_ node: AWSNode) {
            allocationId = node.read("allocationId")
            associationId = node.read("associationId")
            ipOwnerId = node.read("ipOwnerId")
            publicIp = node.read("publicIp")
        }
    }

    /// A part of answers. 7 of its 10 members.
    public struct NetworkInterfaceAttachment: Equatable, AWSDecodableShape {
        public var attachTime: Date?
        public var attachmentId: String?
        public var deleteOnTermination: Bool?
        public var deviceIndex: Int?
        public var instanceId: String?
        public var instanceOwnerId: String?
        public var status: String?

        public init(
            attachTime: Date? = nil,
            attachmentId: String? = nil,
            deleteOnTermination: Bool? = nil,
            deviceIndex: Int? = nil,
            instanceId: String? = nil,
            instanceOwnerId: String? = nil,
            status: String? = nil
        ) {
            self.attachTime = attachTime
            self.attachmentId = attachmentId
            self.deleteOnTermination = deleteOnTermination
            self.deviceIndex = deviceIndex
            self.instanceId = instanceId
            self.instanceOwnerId = instanceOwnerId
            self.status = status
        }

        public init(_ node: AWSNode) {
            attachTime = node.read("attachTime")
            attachmentId = node.read("attachmentId")
            deleteOnTermination = node.read("deleteOnTermination")
            deviceIndex = node.read("deviceIndex")
            instanceId = node.read("instanceId")
            instanceOwnerId = node.read("instanceOwnerId")
            status = node.read("status")
        }
    }

    /// A part of requests and answers. 4 of its 10 members.
    public struct Placement: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var availabilityZone: String?
        public var availabilityZoneId: String?
        public var groupName: String?
        public var tenancy: String?

        public init(
            availabilityZone: String? = nil,
            availabilityZoneId: String? = nil,
            groupName: String? = nil,
            tenancy: String? = nil
        ) {
            self.availabilityZone = availabilityZone
            self.availabilityZoneId = availabilityZoneId
            self.groupName = groupName
            self.tenancy = tenancy
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("AvailabilityZone", availabilityZone)
            fields.put("AvailabilityZoneId", availabilityZoneId)
            fields.put("GroupName", groupName)
            fields.put("Tenancy", tenancy)
        }

        public init(_ node: AWSNode) {
            availabilityZone = node.read("availabilityZone")
            availabilityZoneId = node.read("availabilityZoneId")
            groupName = node.read("groupName")
            tenancy = node.read("tenancy")
        }
    }

    /// A part of answers.
    public struct ProcessorInfo: Equatable, AWSDecodableShape {
        public var manufacturer: String?
        public var supportedArchitectures: [String]
        public var supportedFeatures: [String]
        public var sustainedClockSpeedInGhz: Double?

        public init(
            manufacturer: String? = nil,
            supportedArchitectures: [String] = [],
            supportedFeatures: [String] = [],
            sustainedClockSpeedInGhz: Double? = nil
        ) {
            self.manufacturer = manufacturer
            self.supportedArchitectures = supportedArchitectures
            self.supportedFeatures = supportedFeatures
            self.sustainedClockSpeedInGhz = sustainedClockSpeedInGhz
        }

        public init(_ node: AWSNode) {
            manufacturer = node.read("manufacturer")
            supportedArchitectures = node.list("supportedArchitectures", item: "item")
            supportedFeatures = node.list("supportedFeatures", item: "item")
            sustainedClockSpeedInGhz = node.read("sustainedClockSpeedInGhz")
        }
    }

    /// A part of answers.
    public struct PropagatingVgw: Equatable, AWSDecodableShape {
        public var gatewayId: String?

        public init(
            gatewayId: String? = nil
        ) {
            self.gatewayId = gatewayId
        }

        public init(_ node: AWSNode) {
            gatewayId = node.read("gatewayId")
        }
    }

    /// A part of answers.
    public struct ReferencedSecurityGroup: Equatable, AWSDecodableShape {
        public var groupId: String?
        public var peeringStatus: String?
        public var userId: String?
        public var vpcId: String?
        public var vpcPeeringConnectionId: String?

        public init(
            groupId: String? = nil,
            peeringStatus: String? = nil,
            userId: String? = nil,
            vpcId: String? = nil,
            vpcPeeringConnectionId: String? = nil
        ) {
            self.groupId = groupId
            self.peeringStatus = peeringStatus
            self.userId = userId
            self.vpcId = vpcId
            self.vpcPeeringConnectionId = vpcPeeringConnectionId
        }

        public init(_ node: AWSNode) {
            groupId = node.read("groupId")
            peeringStatus = node.read("peeringStatus")
            userId = node.read("userId")
            vpcId = node.read("vpcId")
            vpcPeeringConnectionId = node.read("vpcPeeringConnectionId")
        }
    }

    /// A part of answers.
    public struct Reservation: Equatable, AWSDecodableShape {
        public var groups: [GroupIdentifier]
        public var instances: [Instance]
        public var ownerId: String?
        public var requesterId: String?
        public var reservationId: String?

        public init(
            groups: [GroupIdentifier] = [],
            instances: [Instance] = [],
            ownerId: String? = nil,
            requesterId: String? = nil,
            reservationId: String? = nil
        ) {
            self.groups = groups
            self.instances = instances
            self.ownerId = ownerId
            self.requesterId = requesterId
            self.reservationId = reservationId
        }

        public init(_ node: AWSNode) {
            groups = node.list("groupSet", item: "item")
            instances = node.list("instancesSet", item: "item")
            ownerId = node.read("ownerId")
            requesterId = node.read("requesterId")
            reservationId = node.read("reservationId")
        }
    }

    /// A part of answers.
    public struct RevokedSecurityGroupRule: Equatable, AWSDecodableShape {
        public var cidrIpv4: String?
        public var cidrIpv6: String?
        public var description: String?
        public var fromPort: Int?
        public var groupId: String?
        public var ipProtocol: String?
        public var isEgress: Bool?
        public var prefixListId: String?
        public var referencedGroupId: String?
        public var securityGroupRuleId: String?
        public var toPort: Int?

        public init(
            cidrIpv4: String? = nil,
            cidrIpv6: String? = nil,
            description: String? = nil,
            fromPort: Int? = nil,
            groupId: String? = nil,
            ipProtocol: String? = nil,
            isEgress: Bool? = nil,
            prefixListId: String? = nil,
            referencedGroupId: String? = nil,
            securityGroupRuleId: String? = nil,
            toPort: Int? = nil
        ) {
            self.cidrIpv4 = cidrIpv4
            self.cidrIpv6 = cidrIpv6
            self.description = description
            self.fromPort = fromPort
            self.groupId = groupId
            self.ipProtocol = ipProtocol
            self.isEgress = isEgress
            self.prefixListId = prefixListId
            self.referencedGroupId = referencedGroupId
            self.securityGroupRuleId = securityGroupRuleId
            self.toPort = toPort
        }

        public init(_ node: AWSNode) {
            cidrIpv4 = node.read("cidrIpv4")
            cidrIpv6 = node.read("cidrIpv6")
            description = node.read("description")
            fromPort = node.read("fromPort")
            groupId = node.read("groupId")
            ipProtocol = node.read("ipProtocol")
            isEgress = node.read("isEgress")
            prefixListId = node.read("prefixListId")
            referencedGroupId = node.read("referencedGroupId")
            securityGroupRuleId = node.read("securityGroupRuleId")
            toPort = node.read("toPort")
        }
    }

    /// A part of answers. 9 of its 19 members.
    public struct Route: Equatable, AWSDecodableShape {
        public var destinationCidrBlock: String?
        public var destinationIpv6CidrBlock: String?
        public var destinationPrefixListId: String?
        public var gatewayId: String?
        public var instanceId: String?
        public var natGatewayId: String?
        public var networkInterfaceId: String?
        public var origin: String?
        public var state: String?

        public init(
            destinationCidrBlock: String? = nil,
            destinationIpv6CidrBlock: String? = nil,
            destinationPrefixListId: String? = nil,
            gatewayId: String? = nil,
            instanceId: String? = nil,
            natGatewayId: String? = nil,
            networkInterfaceId: String? = nil,
            origin: String? = nil,
            state: String? = nil
        ) {
            self.destinationCidrBlock = destinationCidrBlock
            self.destinationIpv6CidrBlock = destinationIpv6CidrBlock
            self.destinationPrefixListId = destinationPrefixListId
            self.gatewayId = gatewayId
            self.instanceId = instanceId
            self.natGatewayId = natGatewayId
            self.networkInterfaceId = networkInterfaceId
            self.origin = origin
            self.state = state
        }

        public init(_ node: AWSNode) {
            destinationCidrBlock = node.read("destinationCidrBlock")
            destinationIpv6CidrBlock = node.read("destinationIpv6CidrBlock")
            destinationPrefixListId = node.read("destinationPrefixListId")
            gatewayId = node.read("gatewayId")
            instanceId = node.read("instanceId")
            natGatewayId = node.read("natGatewayId")
            networkInterfaceId = node.read("networkInterfaceId")
            origin = node.read("origin")
            state = node.read("state")
        }
    }

    /// A part of answers.
    public struct RouteTable: Equatable, AWSDecodableShape {
        public var associations: [RouteTableAssociation]
        public var ownerId: String?
        public var propagatingVgws: [PropagatingVgw]
        public var routeTableId: String?
        public var routes: [Route]
        public var tags: [Tag]
        public var vpcId: String?

        public init(
            associations: [RouteTableAssociation] = [],
            ownerId: String? = nil,
            propagatingVgws: [PropagatingVgw] = [],
            routeTableId: String? = nil,
            routes: [Route] = [],
            tags: [Tag] = [],
            vpcId: String? = nil
        ) {
            self.associations = associations
            self.ownerId = ownerId
            self.propagatingVgws = propagatingVgws
            self.routeTableId = routeTableId
            self.routes = routes
            self.tags = tags
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            associations = node.list("associationSet", item: "item")
            ownerId = node.read("ownerId")
            propagatingVgws = node.list("propagatingVgwSet", item: "item")
            routeTableId = node.read("routeTableId")
            routes = node.list("routeSet", item: "item")
            tags = node.list("tagSet", item: "item")
            vpcId = node.read("vpcId")
        }
    }

    /// A part of answers.
    public struct RouteTableAssociation: Equatable, AWSDecodableShape {
        public var associationState: RouteTableAssociationState?
        public var gatewayId: String?
        public var main: Bool?
        public var publicIpv4Pool: String?
        public var routeTableAssociationId: String?
        public var routeTableId: String?
        public var subnetId: String?

        public init(
            associationState: RouteTableAssociationState? = nil,
            gatewayId: String? = nil,
            main: Bool? = nil,
            publicIpv4Pool: String? = nil,
            routeTableAssociationId: String? = nil,
            routeTableId: String? = nil,
            subnetId: String? = nil
        ) {
            self.associationState = associationState
            self.gatewayId = gatewayId
            self.main = main
            self.publicIpv4Pool = publicIpv4Pool
            self.routeTableAssociationId = routeTableAssociationId
            self.routeTableId = routeTableId
            self.subnetId = subnetId
        }

        public init(_ node: AWSNode) {
            associationState = node.read("associationState")
            gatewayId = node.read("gatewayId")
            main = node.read("main")
            publicIpv4Pool = node.read("publicIpv4Pool")
            routeTableAssociationId = node.read("routeTableAssociationId")
            routeTableId = node.read("routeTableId")
            subnetId = node.read("subnetId")
        }
    }

    /// A part of answers.
    public struct RouteTableAssociationState: Equatable, AWSDecodableShape {
        public var state: String?
        public var statusMessage: String?

        public init(
            state: String? = nil,
            statusMessage: String? = nil
        ) {
            self.state = state
            self.statusMessage = statusMessage
        }

        public init(_ node: AWSNode) {
            state = node.read("state")
            statusMessage = node.read("statusMessage")
        }
    }

    /// A part of requests.
    public struct RunInstancesMonitoringEnabled: Equatable, AWSEncodableShape {
        public var enabled: Bool?
        public var metricCategoryIds: [String]

        public init(
            enabled: Bool? = nil,
            metricCategoryIds: [String] = []
        ) {
            self.enabled = enabled
            self.metricCategoryIds = metricCategoryIds
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Enabled", enabled)
            fields.put("MetricCategoryId", metricCategoryIds, item: nil)
        }
    }

    /// A part of requests.
    public struct SecureBlobAttributeValue: Equatable, AWSEncodableShape {
        public var value: [UInt8]?

        public init(
            value: [UInt8]? = nil
        ) {
            self.value = value
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Value", value)
        }
    }

    /// A part of answers.
    public struct SecurityGroup: Equatable, AWSDecodableShape {
        public var description: String?
        public var groupId: String?
        public var groupName: String?
        public var ipPermissions: [IpPermission]
        public var ipPermissionsEgress: [IpPermission]
        public var ownerId: String?
        public var securityGroupArn: String?
        public var tags: [Tag]
        public var vpcId: String?

        public init(
            description: String? = nil,
            groupId: String? = nil,
            groupName: String? = nil,
            ipPermissions: [IpPermission] = [],
            ipPermissionsEgress: [IpPermission] = [],
            ownerId: String? = nil,
            securityGroupArn: String? = nil,
            tags: [Tag] = [],
            vpcId: String? = nil
        ) {
            self.description = description
            self.groupId = groupId
            self.groupName = groupName
            self.ipPermissions = ipPermissions
            self.ipPermissionsEgress = ipPermissionsEgress
            self.ownerId = ownerId
            self.securityGroupArn = securityGroupArn
            self.tags = tags
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            description = node.read("groupDescription")
            groupId = node.read("groupId")
            groupName = node.read("groupName")
            ipPermissions = node.list("ipPermissions", item: "item")
            ipPermissionsEgress = node.list("ipPermissionsEgress", item: "item")
            ownerId = node.read("ownerId")
            securityGroupArn = node.read("securityGroupArn")
            tags = node.list("tagSet", item: "item")
            vpcId = node.read("vpcId")
        }
    }

    /// A part of answers.
    public struct SecurityGroupRule: Equatable, AWSDecodableShape {
        public var cidrIpv4: String?
        public var cidrIpv6: String?
        public var description: String?
        public var fromPort: Int?
        public var groupId: String?
        public var groupOwnerId: String?
        public var ipProtocol: String?
        public var isEgress: Bool?
        public var prefixListId: String?
        public var referencedGroupInfo: ReferencedSecurityGroup?
        public var securityGroupRuleArn: String?
        public var securityGroupRuleId: String?
        public var tags: [Tag]
        public var toPort: Int?

        public init(
            cidrIpv4: String? = nil,
            cidrIpv6: String? = nil,
            description: String? = nil,
            fromPort: Int? = nil,
            groupId: String? = nil,
            groupOwnerId: String? = nil,
            ipProtocol: String? = nil,
            isEgress: Bool? = nil,
            prefixListId: String? = nil,
            referencedGroupInfo: ReferencedSecurityGroup? = nil,
            securityGroupRuleArn: String? = nil,
            securityGroupRuleId: String? = nil,
            tags: [Tag] = [],
            toPort: Int? = nil
        ) {
            self.cidrIpv4 = cidrIpv4
            self.cidrIpv6 = cidrIpv6
            self.description = description
            self.fromPort = fromPort
            self.groupId = groupId
            self.groupOwnerId = groupOwnerId
            self.ipProtocol = ipProtocol
            self.isEgress = isEgress
            self.prefixListId = prefixListId
            self.referencedGroupInfo = referencedGroupInfo
            self.securityGroupRuleArn = securityGroupRuleArn
            self.securityGroupRuleId = securityGroupRuleId
            self.tags = tags
            self.toPort = toPort
        }

        public init(_ node: AWSNode) {
            cidrIpv4 = node.read("cidrIpv4")
            cidrIpv6 = node.read("cidrIpv6")
            description = node.read("description")
            fromPort = node.read("fromPort")
            groupId = node.read("groupId")
            groupOwnerId = node.read("groupOwnerId")
            ipProtocol = node.read("ipProtocol")
            isEgress = node.read("isEgress")
            prefixListId = node.read("prefixListId")
            referencedGroupInfo = node.read("referencedGroupInfo")
            securityGroupRuleArn = node.read("securityGroupRuleArn")
            securityGroupRuleId = node.read("securityGroupRuleId")
            tags = node.list("tagSet", item: "item")
            toPort = node.read("toPort")
        }
    }

    /// A part of requests. 2 of its 5 members.
    public struct SpotMarketOptions: Equatable, AWSEncodableShape {
        public var instanceInterruptionBehavior: String?
        public var spotInstanceType: String?

        public init(
            instanceInterruptionBehavior: String? = nil,
            spotInstanceType: String? = nil
        ) {
            self.instanceInterruptionBehavior = instanceInterruptionBehavior
            self.spotInstanceType = spotInstanceType
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("InstanceInterruptionBehavior", instanceInterruptionBehavior)
            fields.put("SpotInstanceType", spotInstanceType)
        }
    }

    /// A part of answers.
    public struct StateReason: Equatable, AWSDecodableShape {
        public var code: String?
        public var message: String?

        public init(
            code: String? = nil,
            message: String? = nil
        ) {
            self.code = code
            self.message = message
        }

        public init(_ node: AWSNode) {
            code = node.read("code")
            message = node.read("message")
        }
    }

    /// A part of answers. 12 of its 24 members.
    public struct Subnet: Equatable, AWSDecodableShape {
        public var availabilityZone: String?
        public var availabilityZoneId: String?
        public var availableIpAddressCount: Int?
        public var cidrBlock: String?
        public var defaultForAz: Bool?
        public var mapPublicIpOnLaunch: Bool?
        public var ownerId: String?
        public var state: String?
        public var subnetArn: String?
        public var subnetId: String?
        public var tags: [Tag]
        public var vpcId: String?

        public init(
            availabilityZone: String? = nil,
            availabilityZoneId: String? = nil,
            availableIpAddressCount: Int? = nil,
            cidrBlock: String? = nil,
            defaultForAz: Bool? = nil,
            mapPublicIpOnLaunch: Bool? = nil,
            ownerId: String? = nil,
            state: String? = nil,
            subnetArn: String? = nil,
            subnetId: String? = nil,
            tags: [Tag] = [],
            vpcId: String? = nil
        ) {
            self.availabilityZone = availabilityZone
            self.availabilityZoneId = availabilityZoneId
            self.availableIpAddressCount = availableIpAddressCount
            self.cidrBlock = cidrBlock
            self.defaultForAz = defaultForAz
            self.mapPublicIpOnLaunch = mapPublicIpOnLaunch
            self.ownerId = ownerId
            self.state = state
            self.subnetArn = subnetArn
            self.subnetId = subnetId
            self.tags = tags
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            availabilityZone = node.read("availabilityZone")
            availabilityZoneId = node.read("availabilityZoneId")
            availableIpAddressCount = node.read("availableIpAddressCount")
            cidrBlock = node.read("cidrBlock")
            defaultForAz = node.read("defaultForAz")
            mapPublicIpOnLaunch = node.read("mapPublicIpOnLaunch")
            ownerId = node.read("ownerId")
            state = node.read("state")
            subnetArn = node.read("subnetArn")
            subnetId = node.read("subnetId")
            tags = node.list("tagSet", item: "item")
            vpcId = node.read("vpcId")
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
            key = node.read("key")
            value = node.read("value")
        }
    }

    /// A part of answers.
    public struct TagDescription: Equatable, AWSDecodableShape {
        public var key: String?
        public var resourceId: String?
        public var resourceType: String?
        public var value: String?

        public init(
            key: String? = nil,
            resourceId: String? = nil,
            resourceType: String? = nil,
            value: String? = nil
        ) {
            self.key = key
            self.resourceId = resourceId
            self.resourceType = resourceType
            self.value = value
        }

        public init(_ node: AWSNode) {
            key = node.read("key")
            resourceId = node.read("resourceId")
            resourceType = node.read("resourceType")
            value = node.read("value")
        }
    }

    /// A part of requests.
    public struct TagSpecification: Equatable, AWSEncodableShape {
        public var resourceType: String?
        public var tags: [Tag]

        public init(
            resourceType: String? = nil,
            tags: [Tag] = []
        ) {
            self.resourceType = resourceType
            self.tags = tags
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("ResourceType", resourceType)
            fields.put("Tag", tags, item: nil)
        }
    }

    /// A part of requests and answers. 5 of its 7 members.
    public struct UserIdGroupPair: Equatable, AWSEncodableShape, AWSDecodableShape {
        public var description: String?
        public var groupId: String?
        public var groupName: String?
        public var userId: String?
        public var vpcId: String?

        public init(
            description: String? = nil,
            groupId: String? = nil,
            groupName: String? = nil,
            userId: String? = nil,
            vpcId: String? = nil
        ) {
            self.description = description
            self.groupId = groupId
            self.groupName = groupName
            self.userId = userId
            self.vpcId = vpcId
        }

        public func encode(into fields: inout AWSFields) {
            fields.put("Description", description)
            fields.put("GroupId", groupId)
            fields.put("GroupName", groupName)
            fields.put("UserId", userId)
            fields.put("VpcId", vpcId)
        }

        public init(_ node: AWSNode) {
            description = node.read("description")
            groupId = node.read("groupId")
            groupName = node.read("groupName")
            userId = node.read("userId")
            vpcId = node.read("vpcId")
        }
    }

    /// A part of answers.
    public struct VCpuInfo: Equatable, AWSDecodableShape {
        public var defaultCores: Int?
        public var defaultThreadsPerCore: Int?
        public var defaultVCpus: Int?
        public var validCores: [Int]
        public var validThreadsPerCore: [Int]

        public init(
            defaultCores: Int? = nil,
            defaultThreadsPerCore: Int? = nil,
            defaultVCpus: Int? = nil,
            validCores: [Int] = [],
            validThreadsPerCore: [Int] = []
        ) {
            self.defaultCores = defaultCores
            self.defaultThreadsPerCore = defaultThreadsPerCore
            self.defaultVCpus = defaultVCpus
            self.validCores = validCores
            self.validThreadsPerCore = validThreadsPerCore
        }

        public init(_ node: AWSNode) {
            defaultCores = node.read("defaultCores")
            defaultThreadsPerCore = node.read("defaultThreadsPerCore")
            defaultVCpus = node.read("defaultVCpus")
            validCores = node.list("validCores", item: "item")
            validThreadsPerCore = node.list("validThreadsPerCore", item: "item")
        }
    }

    /// A part of answers. 13 of its 23 members.
    public struct Volume: Equatable, AWSDecodableShape {
        public var attachments: [VolumeAttachment]
        public var availabilityZone: String?
        public var createTime: Date?
        public var encrypted: Bool?
        public var iops: Int?
        public var kmsKeyId: String?
        public var size: Int?
        public var snapshotId: String?
        public var state: String?
        public var tags: [Tag]
        public var throughput: Int?
        public var volumeId: String?
        public var volumeType: String?

        public init(
            attachments: [VolumeAttachment] = [],
            availabilityZone: String? = nil,
            createTime: Date? = nil,
            encrypted: Bool? = nil,
            iops: Int? = nil,
            kmsKeyId: String? = nil,
            size: Int? = nil,
            snapshotId: String? = nil,
            state: String? = nil,
            tags: [Tag] = [],
            throughput: Int? = nil,
            volumeId: String? = nil,
            volumeType: String? = nil
        ) {
            self.attachments = attachments
            self.availabilityZone = availabilityZone
            self.createTime = createTime
            self.encrypted = encrypted
            self.iops = iops
            self.kmsKeyId = kmsKeyId
            self.size = size
            self.snapshotId = snapshotId
            self.state = state
            self.tags = tags
            self.throughput = throughput
            self.volumeId = volumeId
            self.volumeType = volumeType
        }

        public init(_ node: AWSNode) {
            attachments = node.list("attachmentSet", item: "item")
            availabilityZone = node.read("availabilityZone")
            createTime = node.read("createTime")
            encrypted = node.read("encrypted")
            iops = node.read("iops")
            kmsKeyId = node.read("kmsKeyId")
            size = node.read("size")
            snapshotId = node.read("snapshotId")
            state = node.read("status")
            tags = node.list("tagSet", item: "item")
            throughput = node.read("throughput")
            volumeId = node.read("volumeId")
            volumeType = node.read("volumeType")
        }
    }

    /// A part of answers. 6 of its 9 members.
    public struct VolumeAttachment: Equatable, AWSDecodableShape {
        public var attachTime: Date?
        public var deleteOnTermination: Bool?
        public var device: String?
        public var instanceId: String?
        public var state: String?
        public var volumeId: String?

        public init(
            attachTime: Date? = nil,
            deleteOnTermination: Bool? = nil,
            device: String? = nil,
            instanceId: String? = nil,
            state: String? = nil,
            volumeId: String? = nil
        ) {
            self.attachTime = attachTime
            self.deleteOnTermination = deleteOnTermination
            self.device = device
            self.instanceId = instanceId
            self.state = state
            self.volumeId = volumeId
        }

        public init(_ node: AWSNode) {
            attachTime = node.read("attachTime")
            deleteOnTermination = node.read("deleteOnTermination")
            device = node.read("device")
            instanceId = node.read("instanceId")
            state = node.read("status")
            volumeId = node.read("volumeId")
        }
    }

    /// A part of answers. 9 of its 13 members.
    public struct Vpc: Equatable, AWSDecodableShape {
        public var cidrBlock: String?
        public var cidrBlockAssociationSet: [VpcCidrBlockAssociation]
        public var dhcpOptionsId: String?
        public var instanceTenancy: String?
        public var isDefault: Bool?
        public var ownerId: String?
        public var state: String?
        public var tags: [Tag]
        public var vpcId: String?

        public init(
            cidrBlock: String? = nil,
            cidrBlockAssociationSet: [VpcCidrBlockAssociation] = [],
            dhcpOptionsId: String? = nil,
            instanceTenancy: String? = nil,
            isDefault: Bool? = nil,
            ownerId: String? = nil,
            state: String? = nil,
            tags: [Tag] = [],
            vpcId: String? = nil
        ) {
            self.cidrBlock = cidrBlock
            self.cidrBlockAssociationSet = cidrBlockAssociationSet
            self.dhcpOptionsId = dhcpOptionsId
            self.instanceTenancy = instanceTenancy
            self.isDefault = isDefault
            self.ownerId = ownerId
            self.state = state
            self.tags = tags
            self.vpcId = vpcId
        }

        public init(_ node: AWSNode) {
            cidrBlock = node.read("cidrBlock")
            cidrBlockAssociationSet = node.list("cidrBlockAssociationSet", item: "item")
            dhcpOptionsId = node.read("dhcpOptionsId")
            instanceTenancy = node.read("instanceTenancy")
            isDefault = node.read("isDefault")
            ownerId = node.read("ownerId")
            state = node.read("state")
            tags = node.list("tagSet", item: "item")
            vpcId = node.read("vpcId")
        }
    }

    /// A part of answers.
    public struct VpcCidrBlockAssociation: Equatable, AWSDecodableShape {
        public var associationId: String?
        public var cidrBlock: String?
        public var cidrBlockState: VpcCidrBlockState?

        public init(
            associationId: String? = nil,
            cidrBlock: String? = nil,
            cidrBlockState: VpcCidrBlockState? = nil
        ) {
            self.associationId = associationId
            self.cidrBlock = cidrBlock
            self.cidrBlockState = cidrBlockState
        }

        public init(_ node: AWSNode) {
            associationId = node.read("associationId")
            cidrBlock = node.read("cidrBlock")
            cidrBlockState = node.read("cidrBlockState")
        }
    }

    /// A part of answers.
    public struct VpcCidrBlockState: Equatable, AWSDecodableShape {
        public var state: String?
        public var statusMessage: String?

        public init(
            state: String? = nil,
            statusMessage: String? = nil
        ) {
            self.state = state
            self.statusMessage = statusMessage
        }

        public init(_ node: AWSNode) {
            state = node.read("state")
            statusMessage = node.read("statusMessage")
        }
    }
}
