// Made by scripts/aws-requests from the model of KMS, version 2014-11-01, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

public import struct Foundation.Date

extension KMS {
    /// A part of answers. 11 of its 26 members.
    public struct KeyMetadata: Equatable, AWSDecodableShape {
        public var arn: String?
        public var awsAccountId: String?
        public var creationDate: Date?
        public var deletionDate: Date?
        public var description: String?
        public var enabled: Bool?
        public var keyId: String?
        public var keyManager: String?
        public var keySpec: String?
        public var keyState: String?
        public var keyUsage: String?

        public init(
            arn: String? = nil,
            awsAccountId: String? = nil,
            creationDate: Date? = nil,
            deletionDate: Date? = nil,
            description: String? = nil,
            enabled: Bool? = nil,
            keyId: String? = nil,
            keyManager: String? = nil,
            keySpec: String? = nil,
            keyState: String? = nil,
            keyUsage: String? = nil
        ) {
            self.arn = arn
            self.awsAccountId = awsAccountId
            self.creationDate = creationDate
            self.deletionDate = deletionDate
            self.description = description
            self.enabled = enabled
            self.keyId = keyId
            self.keyManager = keyManager
            self.keySpec = keySpec
            self.keyState = keyState
            self.keyUsage = keyUsage
        }

        public init(_ node: AWSNode) {
            arn = node.read("Arn")
            awsAccountId = node.read("AWSAccountId")
            creationDate = node.read("CreationDate")
            deletionDate = node.read("DeletionDate")
            description = node.read("Description")
            enabled = node.read("Enabled")
            keyId = node.read("KeyId")
            keyManager = node.read("KeyManager")
            keySpec = node.read("KeySpec")
            keyState = node.read("KeyState")
            keyUsage = node.read("KeyUsage")
        }
    }
}
