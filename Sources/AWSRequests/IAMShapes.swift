// Made by scripts/aws-requests from the model of IAM, version 2010-05-08, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

public import struct Foundation.Date

extension IAM {
    /// A part of answers.
    public struct InstanceProfile: Equatable, AWSDecodableShape {
        public var arn: String?
        public var createDate: Date?
        public var instanceProfileId: String?
        public var instanceProfileName: String?
        public var path: String?
        public var roles: [Role]
        public var tags: [Tag]

        public init(
            arn: String? = nil,
            createDate: Date? = nil,
            instanceProfileId: String? = nil,
            instanceProfileName: String? = nil,
            path: String? = nil,
            roles: [Role] = [],
            tags: [Tag] = []
        ) {
            self.arn = arn
            self.createDate = createDate
            self.instanceProfileId = instanceProfileId
            self.instanceProfileName = instanceProfileName
            self.path = path
            self.roles = roles
            self.tags = tags
        }

        public init(_ node: AWSNode) {
            arn = node.read("Arn")
            createDate = node.read("CreateDate")
            instanceProfileId = node.read("InstanceProfileId")
            instanceProfileName = node.read("InstanceProfileName")
            path = node.read("Path")
            roles = node.list("Roles", item: "member")
            tags = node.list("Tags", item: "member")
        }
    }

    /// A part of answers. 9 of its 13 members.
    public struct Role: Equatable, AWSDecodableShape {
        public var arn: String?
        public var assumeRolePolicyDocument: String?
        public var createDate: Date?
        public var description: String?
        public var maxSessionDuration: Int?
        public var path: String?
        public var roleId: String?
        public var roleName: String?
        public var tags: [Tag]

        public init(
            arn: String? = nil,
            assumeRolePolicyDocument: String? = nil,
            createDate: Date? = nil,
            description: String? = nil,
            maxSessionDuration: Int? = nil,
            path: String? = nil,
            roleId: String? = nil,
            roleName: String? = nil,
            tags: [Tag] = []
        ) {
            self.arn = arn
            self.assumeRolePolicyDocument = assumeRolePolicyDocument
            self.createDate = createDate
            self.description = description
            self.maxSessionDuration = maxSessionDuration
            self.path = path
            self.roleId = roleId
            self.roleName = roleName
            self.tags = tags
        }

        public init(_ node: AWSNode) {
            arn = node.read("Arn")
            assumeRolePolicyDocument = node.percentDecoded("AssumeRolePolicyDocument")
            createDate = node.read("CreateDate")
            description = node.read("Description")
            maxSessionDuration = node.read("MaxSessionDuration")
            path = node.read("Path")
            roleId = node.read("RoleId")
            roleName = node.read("RoleName")
            tags = node.list("Tags", item: "member")
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
}
