// Made by scripts/aws-requests from the model of IAM, version 2010-05-08, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

/// AWS Identity and Access Management.
public enum IAM {
    public static let service = AWSService(name: "IAM", id: "IAM", endpointPrefix: "iam",
        signingName: "iam", version: "2010-05-08", wire: .query, isGlobal: true)
}

extension IAM {
    /// Asks for CreateRole. 7 of its 8 members.
    public struct CreateRoleRequest: AWSOperation, Equatable {
        public var assumeRolePolicyDocument: String?
        public var description: String?
        public var maxSessionDuration: Int?
        public var path: String?
        public var permissionsBoundary: String?
        public var roleName: String?
        public var tags: [Tag]

        public init(
            assumeRolePolicyDocument: String? = nil,
            description: String? = nil,
            maxSessionDuration: Int? = nil,
            path: String? = nil,
            permissionsBoundary: String? = nil,
            roleName: String? = nil,
            tags: [Tag] = []
        ) {
            self.assumeRolePolicyDocument = assumeRolePolicyDocument
            self.description = description
            self.maxSessionDuration = maxSessionDuration
            self.path = path
            self.permissionsBoundary = permissionsBoundary
            self.roleName = roleName
            self.tags = tags
        }

        public typealias Output = CreateRoleResponse
        public static var service: AWSService { IAM.service }
        public static let name = "CreateRole"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("AssumeRolePolicyDocument", assumeRolePolicyDocument)
            fields.put("Description", description)
            fields.put("MaxSessionDuration", maxSessionDuration)
            fields.put("Path", path)
            fields.put("PermissionsBoundary", permissionsBoundary)
            fields.put("RoleName", roleName)
            fields.put("Tags", tags, item: "member")
        }
    }

    /// The answer to CreateRole.
    public struct CreateRoleResponse: Equatable, AWSDecodableShape {
        public var role: Role?

        public init(
            role: Role? = nil
        ) {
            self.role = role
        }

        public init(_ node: AWSNode) {
            role = node.read("Role")
        }
    }

    /// Asks for GetRole.
    public struct GetRoleRequest: AWSOperation, Equatable {
        public var roleName: String?

        public init(
            roleName: String? = nil
        ) {
            self.roleName = roleName
        }

        public typealias Output = GetRoleResponse
        public static var service: AWSService { IAM.service }
        public static let name = "GetRole"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("RoleName", roleName)
        }
    }

    /// The answer to GetRole.
    public struct GetRoleResponse: Equatable, AWSDecodableShape {
        public var role: Role?

        public init(
            role: Role? = nil
        ) {
            self.role = role
        }

        public init(_ node: AWSNode) {
            role = node.read("Role")
        }
    }

    /// Asks for DeleteRole.
    public struct DeleteRoleRequest: AWSOperation, Equatable {
        public var roleName: String?

        public init(
            roleName: String? = nil
        ) {
            self.roleName = roleName
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { IAM.service }
        public static let name = "DeleteRole"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("RoleName", roleName)
        }
    }

    /// Asks for TagRole.
    public struct TagRoleRequest: AWSOperation, Equatable {
        public var roleName: String?
        public var tags: [Tag]

        public init(
            roleName: String? = nil,
            tags: [Tag] = []
        ) {
            self.roleName = roleName
            self.tags = tags
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { IAM.service }
        public static let name = "TagRole"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("RoleName", roleName)
            fields.put("Tags", tags, item: "member")
        }
    }

    /// Asks for ListRoles.
    public struct ListRolesRequest: AWSPagedOperation, Equatable {
        public var marker: String?
        public var maxItems: Int?
        public var pathPrefix: String?

        public init(
            marker: String? = nil,
            maxItems: Int? = nil,
            pathPrefix: String? = nil
        ) {
            self.marker = marker
            self.maxItems = maxItems
            self.pathPrefix = pathPrefix
        }

        public typealias Output = ListRolesResponse
        public static var service: AWSService { IAM.service }
        public static let name = "ListRoles"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("Marker", marker)
            fields.put("MaxItems", maxItems)
            fields.put("PathPrefix", pathPrefix)
        }

        public func next(after output: ListRolesResponse) -> Self? {
            guard output.isTruncated == true else { return nil }
            guard let token = output.marker, !token.isEmpty else { return nil }
            var next = self
            next.marker = token
            return next
        }
    }

    /// The answer to ListRoles.
    public struct ListRolesResponse: Equatable, AWSDecodableShape {
        public var isTruncated: Bool?
        public var marker: String?
        public var roles: [Role]

        public init(
            isTruncated: Bool? = nil,
            marker: String? = nil,
            roles: [Role] = []
        ) {
            self.isTruncated = isTruncated
            self.marker = marker
            self.roles = roles
        }

        public init(_ node: AWSNode) {
            isTruncated = node.read("IsTruncated")
            marker = node.read("Marker")
            roles = node.list("Roles", item: "member")
        }
    }

    /// Asks for ListRoleTags.
    public struct ListRoleTagsRequest: AWSPagedOperation, Equatable {
        public var marker: String?
        public var maxItems: Int?
        public var roleName: String?

        public init(
            marker: String? = nil,
            maxItems: Int? = nil,
            roleName: String? = nil
        ) {
            self.marker = marker
            self.maxItems = maxItems
            self.roleName = roleName
        }

        public typealias Output = ListRoleTagsResponse
        public static var service: AWSService { IAM.service }
        public static let name = "ListRoleTags"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("Marker", marker)
            fields.put("MaxItems", maxItems)
            fields.put("RoleName", roleName)
        }

        public func next(after output: ListRoleTagsResponse) -> Self? {
            guard output.isTruncated == true else { return nil }
            guard let token = output.marker, !token.isEmpty else { return nil }
            var next = self
            next.marker = token
            return next
        }
    }

    /// The answer to ListRoleTags.
    public struct ListRoleTagsResponse: Equatable, AWSDecodableShape {
        public var isTruncated: Bool?
        public var marker: String?
        public var tags: [Tag]

        public init(
            isTruncated: Bool? = nil,
            marker: String? = nil,
            tags: [Tag] = []
        ) {
            self.isTruncated = isTruncated
            self.marker = marker
            self.tags = tags
        }

        public init(_ node: AWSNode) {
            isTruncated = node.read("IsTruncated")
            marker = node.read("Marker")
            tags = node.list("Tags", item: "member")
        }
    }

    /// Asks for PutRolePolicy.
    public struct PutRolePolicyRequest: AWSOperation, Equatable {
        public var policyDocument: String?
        public var policyName: String?
        public var roleName: String?

        public init(
            policyDocument: String? = nil,
            policyName: String? = nil,
            roleName: String? = nil
        ) {
            self.policyDocument = policyDocument
            self.policyName = policyName
            self.roleName = roleName
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { IAM.service }
        public static let name = "PutRolePolicy"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("PolicyDocument", policyDocument)
            fields.put("PolicyName", policyName)
            fields.put("RoleName", roleName)
        }
    }

    /// Asks for GetRolePolicy.
    public struct GetRolePolicyRequest: AWSOperation, Equatable {
        public var policyName: String?
        public var roleName: String?

        public init(
            policyName: String? = nil,
            roleName: String? = nil
        ) {
            self.policyName = policyName
            self.roleName = roleName
        }

        public typealias Output = GetRolePolicyResponse
        public static var service: AWSService { IAM.service }
        public static let name = "GetRolePolicy"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("PolicyName", policyName)
            fields.put("RoleName", roleName)
        }
    }

    /// The answer to GetRolePolicy.
    public struct GetRolePolicyResponse: Equatable, AWSDecodableShape {
        public var policyDocument: String?
        public var policyName: String?
        public var roleName: String?

        public init(
            policyDocument: String? = nil,
            policyName: String? = nil,
            roleName: String? = nil
        ) {
            self.policyDocument = policyDocument
            self.policyName = policyName
            self.roleName = roleName
        }

        public init(_ node: AWSNode) {
            policyDocument = node.percentDecoded("PolicyDocument")
            policyName = node.read("PolicyName")
            roleName = node.read("RoleName")
        }
    }

    /// Asks for DeleteRolePolicy.
    public struct DeleteRolePolicyRequest: AWSOperation, Equatable {
        public var policyName: String?
        public var roleName: String?

        public init(
            policyName: String? = nil,
            roleName: String? = nil
        ) {
            self.policyName = policyName
            self.roleName = roleName
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { IAM.service }
        public static let name = "DeleteRolePolicy"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("PolicyName", policyName)
            fields.put("RoleName", roleName)
        }
    }

    /// Asks for ListRolePolicies.
    public struct ListRolePoliciesRequest: AWSPagedOperation, Equatable {
        public var marker: String?
        public var maxItems: Int?
        public var roleName: String?

        public init(
            marker: String? = nil,
            maxItems: Int? = nil,
            roleName: String? = nil
        ) {
            self.marker = marker
            self.maxItems = maxItems
            self.roleName = roleName
        }

        public typealias Output = ListRolePoliciesResponse
        public static var service: AWSService { IAM.service }
        public static let name = "ListRolePolicies"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("Marker", marker)
            fields.put("MaxItems", maxItems)
            fields.put("RoleName", roleName)
        }

        public func next(after output: ListRolePoliciesResponse) -> Self? {
            guard output.isTruncated == true else { return nil }
            guard let token = output.marker, !token.isEmpty else { return nil }
            var next = self
            next.marker = token
            return next
        }
    }

    /// The answer to ListRolePolicies.
    public struct ListRolePoliciesResponse: Equatable, AWSDecodableShape {
        public var isTruncated: Bool?
        public var marker: String?
        public var policyNames: [String]

        public init(
            isTruncated: Bool? = nil,
            marker: String? = nil,
            policyNames: [String] = []
        ) {
            self.isTruncated = isTruncated
            self.marker = marker
            self.policyNames = policyNames
        }

        public init(_ node: AWSNode) {
            isTruncated = node.read("IsTruncated")
            marker = node.read("Marker")
            policyNames = node.list("PolicyNames", item: "member")
        }
    }

    /// Asks for CreateInstanceProfile.
    public struct CreateInstanceProfileRequest: AWSOperation, Equatable {
        public var instanceProfileName: String?
        public var path: String?
        public var tags: [Tag]

        public init(
            instanceProfileName: String? = nil,
            path: String? = nil,
            tags: [Tag] = []
        ) {
            self.instanceProfileName = instanceProfileName
            self.path = path
            self.tags = tags
        }

        public typealias Output = CreateInstanceProfileResponse
        public static var service: AWSService { IAM.service }
        public static let name = "CreateInstanceProfile"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("InstanceProfileName", instanceProfileName)
            fields.put("Path", path)
            fields.put("Tags", tags, item: "member")
        }
    }

    /// The answer to CreateInstanceProfile.
    public struct CreateInstanceProfileResponse: Equatable, AWSDecodableShape {
        public var instanceProfile: InstanceProfile?

        public init(
            instanceProfile: InstanceProfile? = nil
        ) {
            self.instanceProfile = instanceProfile
        }

        public init(_ node: AWSNode) {
            instanceProfile = node.read("InstanceProfile")
        }
    }

    /// Asks for GetInstanceProfile.
    public struct GetInstanceProfileRequest: AWSOperation, Equatable {
        public var instanceProfileName: String?

        public init(
            instanceProfileName: String? = nil
        ) {
            self.instanceProfileName = instanceProfileName
        }

        public typealias Output = GetInstanceProfileResponse
        public static var service: AWSService { IAM.service }
        public static let name = "GetInstanceProfile"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("InstanceProfileName", instanceProfileName)
        }
    }

    /// The answer to GetInstanceProfile.
    public struct GetInstanceProfileResponse: Equatable, AWSDecodableShape {
        public var instanceProfile: InstanceProfile?

        public init(
            instanceProfile: InstanceProfile? = nil
        ) {
            self.instanceProfile = instanceProfile
        }

        public init(_ node: AWSNode) {
            instanceProfile = node.read("InstanceProfile")
        }
    }

    /// Asks for DeleteInstanceProfile.
    public struct DeleteInstanceProfileRequest: AWSOperation, Equatable {
        public var instanceProfileName: String?

        public init(
            instanceProfileName: String? = nil
        ) {
            self.instanceProfileName = instanceProfileName
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { IAM.service }
        public static let name = "DeleteInstanceProfile"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("InstanceProfileName", instanceProfileName)
        }
    }

    /// Asks for AddRoleToInstanceProfile.
    public struct AddRoleToInstanceProfileRequest: AWSOperation, Equatable {
        public var instanceProfileName: String?
        public var roleName: String?

        public init(
            instanceProfileName: String? = nil,
            roleName: String? = nil
        ) {
            self.instanceProfileName = instanceProfileName
            self.roleName = roleName
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { IAM.service }
        public static let name = "AddRoleToInstanceProfile"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("InstanceProfileName", instanceProfileName)
            fields.put("RoleName", roleName)
        }
    }

    /// Asks for RemoveRoleFromInstanceProfile.
    public struct RemoveRoleFromInstanceProfileRequest: AWSOperation, Equatable {
        public var instanceProfileName: String?
        public var roleName: String?

        public init(
            instanceProfileName: String? = nil,
            roleName: String? = nil
        ) {
            self.instanceProfileName = instanceProfileName
            self.roleName = roleName
        }

        public typealias Output = AWSNoOutput
        public static var service: AWSService { IAM.service }
        public static let name = "RemoveRoleFromInstanceProfile"
        public static let isReadOnly = false

        public func encode(into fields: inout AWSFields) {
            fields.put("InstanceProfileName", instanceProfileName)
            fields.put("RoleName", roleName)
        }
    }

    /// Asks for ListInstanceProfilesForRole.
    public struct ListInstanceProfilesForRoleRequest: AWSPagedOperation, Equatable {
        public var marker: String?
        public var maxItems: Int?
        public var roleName: String?

        public init(
            marker: String? = nil,
            maxItems: Int? = nil,
            roleName: String? = nil
        ) {
            self.marker = marker
            self.maxItems = maxItems
            self.roleName = roleName
        }

        public typealias Output = ListInstanceProfilesForRoleResponse
        public static var service: AWSService { IAM.service }
        public static let name = "ListInstanceProfilesForRole"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("Marker", marker)
            fields.put("MaxItems", maxItems)
            fields.put("RoleName", roleName)
        }

        public func next(after output: ListInstanceProfilesForRoleResponse) -> Self? {
            guard output.isTruncated == true else { return nil }
            guard let token = output.marker, !token.isEmpty else { return nil }
            var next = self
            next.marker = token
            return next
        }
    }

    /// The answer to ListInstanceProfilesForRole.
    public struct ListInstanceProfilesForRoleResponse: Equatable, AWSDecodableShape {
        public var instanceProfiles: [InstanceProfile]
        public var isTruncated: Bool?
        public var marker: String?

        public init(
            instanceProfiles: [InstanceProfile] = [],
            isTruncated: Bool? = nil,
            marker: String? = nil
        ) {
            self.instanceProfiles = instanceProfiles
            self.isTruncated = isTruncated
            self.marker = marker
        }

        public init(_ node: AWSNode) {
            instanceProfiles = node.list("InstanceProfiles", item: "member")
            isTruncated = node.read("IsTruncated")
            marker = node.read("Marker")
        }
    }
}
