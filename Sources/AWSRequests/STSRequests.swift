// Made by scripts/aws-requests from the model of STS, version 2011-06-15, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

/// AWS Security Token Service.
public enum STS {
    public static let service = AWSService(name: "STS", id: "STS", endpointPrefix: "sts",
        signingName: "sts", version: "2011-06-15", wire: .query, isGlobal: false)
}

extension STS {
    /// Asks for AssumeRole. 5 of its 13 members.
    public struct AssumeRoleRequest: AWSOperation, Equatable {
        public var durationSeconds: Int?
        public var externalId: String?
        public var policy: String?
        public var roleArn: String?
        public var roleSessionName: String?

        public init(
            durationSeconds: Int? = nil,
            externalId: String? = nil,
            policy: String? = nil,
            roleArn: String? = nil,
            roleSessionName: String? = nil
        ) {
            self.durationSeconds = durationSeconds
            self.externalId = externalId
            self.policy = policy
            self.roleArn = roleArn
            self.roleSessionName = roleSessionName
        }

        public typealias Output = AssumeRoleResponse
        public static var service: AWSService { STS.service }
        public static let name = "AssumeRole"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DurationSeconds", durationSeconds)
            fields.put("ExternalId", externalId)
            fields.put("Policy", policy)
            fields.put("RoleArn", roleArn)
            fields.put("RoleSessionName", roleSessionName)
        }
    }

    /// The answer to AssumeRole. 2 of its 5 members.
    public struct AssumeRoleResponse: Equatable, AWSDecodableShape {
        public var assumedRoleUser: AssumedRoleUser?
        public var credentials: Credentials?

        public init(
            assumedRoleUser: AssumedRoleUser? = nil,
            credentials: Credentials? = nil
        ) {
            self.assumedRoleUser = assumedRoleUser
            self.credentials = credentials
        }

        public init(_ node: AWSNode) {
            assumedRoleUser = node.read("AssumedRoleUser")
            credentials = node.read("Credentials")
        }
    }

    /// Asks for AssumeRoleWithWebIdentity. 5 of its 8 members.
    public struct AssumeRoleWithWebIdentityRequest: AWSOperation, Equatable {
        public var durationSeconds: Int?
        public var policy: String?
        public var roleArn: String?
        public var roleSessionName: String?
        public var webIdentityToken: String?

        public init(
            durationSeconds: Int? = nil,
            policy: String? = nil,
            roleArn: String? = nil,
            roleSessionName: String? = nil,
            webIdentityToken: String? = nil
        ) {
            self.durationSeconds = durationSeconds
            self.policy = policy
            self.roleArn = roleArn
            self.roleSessionName = roleSessionName
            self.webIdentityToken = webIdentityToken
        }

        public typealias Output = AssumeRoleWithWebIdentityResponse
        public static var service: AWSService { STS.service }
        public static let name = "AssumeRoleWithWebIdentity"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DurationSeconds", durationSeconds)
            fields.put("Policy", policy)
            fields.put("RoleArn", roleArn)
            fields.put("RoleSessionName", roleSessionName)
            fields.put("WebIdentityToken", webIdentityToken)
        }
    }

    /// The answer to AssumeRoleWithWebIdentity. 2 of its 9 members.
    public struct AssumeRoleWithWebIdentityResponse: Equatable, AWSDecodableShape {
        public var assumedRoleUser: AssumedRoleUser?
        public var credentials: Credentials?

        public init(
            assumedRoleUser: AssumedRoleUser? = nil,
            credentials: Credentials? = nil
        ) {
            self.assumedRoleUser = assumedRoleUser
            self.credentials = credentials
        }

        public init(_ node: AWSNode) {
            assumedRoleUser = node.read("AssumedRoleUser")
            credentials = node.read("Credentials")
        }
    }

    /// Asks for GetCallerIdentity.
    public struct GetCallerIdentityRequest: AWSOperation, Equatable {
        public init() {}

        public typealias Output = GetCallerIdentityResponse
        public static var service: AWSService { STS.service }
        public static let name = "GetCallerIdentity"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {}
    }

    /// The answer to GetCallerIdentity.
    public struct GetCallerIdentityResponse: Equatable, AWSDecodableShape {
        public var account: String?
        public var arn: String?
        public var userId: String?

        public init(
            account: String? = nil,
            arn: String? = nil,
            userId: String? = nil
        ) {
            self.account = account
            self.arn = arn
            self.userId = userId
        }

        public init(_ node: AWSNode) {
            account = node.read("Account")
            arn = node.read("Arn")
            userId = node.read("UserId")
        }
    }
}
