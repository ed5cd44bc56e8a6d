// Made by scripts/aws-requests from the model of STS, version 2011-06-15, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

public import struct Foundation.Date

extension STS {
    /// A part of answers.
    public struct AssumedRoleUser: Equatable, AWSDecodableShape {
        public var arn: String?
        public var assumedRoleId: String?

        public init(
            arn: String? = nil,
            assumedRoleId: String? = nil
        ) {
            self.arn = arn
            self.assumedRoleId = assumedRoleId
        }

        public init(_ node: AWSNode) {
            arn = node.read("Arn")
            assumedRoleId = node.read("AssumedRoleId")
        }
    }

    /// A part of answers.
    public struct Credentials: Equatable, AWSDecodableShape {
        public var accessKeyId: String?
        public var expiration: Date?
        public var secretAccessKey: String?
        public var sessionToken: String?

        public init(
            accessKeyId: String? = nil,
            expiration: Date? = nil,
            secretAccessKey: String? = nil,
            sessionToken: String? = nil
        ) {
            self.accessKeyId = accessKeyId
            self.expiration = expiration
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
        }

        public init(_ node: AWSNode) {
            accessKeyId = node.read("AccessKeyId")
            expiration = node.read("Expiration")
            secretAccessKey = node.read("SecretAccessKey")
            sessionToken = node.read("SessionToken")
        }
    }
}
