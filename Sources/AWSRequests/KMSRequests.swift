// Made by scripts/aws-requests from the model of KMS, version 2014-11-01, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

/// AWS Key Management Service.
public enum KMS {
    public static let service = AWSService(name: "KMS", id: "KMS", endpointPrefix: "kms",
        signingName: "kms", version: "2014-11-01", wire: .json(prefix: "TrentService"), isGlobal: false)
}

extension KMS {
    /// Asks for Encrypt. 4 of its 6 members.
    public struct EncryptRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var encryptionContext: [String: String]
        public var keyId: String?
        public var plaintext: [UInt8]?

        public init(
            dryRun: Bool? = nil,
            encryptionContext: [String: String] = [:],
            keyId: String? = nil,
            plaintext: [UInt8]? = nil
        ) {
            self.dryRun = dryRun
            self.encryptionContext = encryptionContext
            self.keyId = keyId
            self.plaintext = plaintext
        }

        public typealias Output = EncryptResponse
        public static var service: AWSService { KMS.service }
        public static let name = "Encrypt"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("EncryptionContext", map: encryptionContext)
            fields.put("KeyId", keyId)
            fields.put("Plaintext", plaintext)
        }
    }

    /// The answer to Encrypt. 2 of its 3 members.
    public struct EncryptResponse: Equatable, AWSDecodableShape {
        public var ciphertextBlob: [UInt8]?
        public var keyId: String?

        public init(
            ciphertextBlob: [UInt8]? = nil,
            keyId: String? = nil
        ) {
            self.ciphertextBlob = ciphertextBlob
            self.keyId = keyId
        }

        public init(_ node: AWSNode) {
            ciphertextBlob = node.read("CiphertextBlob")
            keyId = node.read("KeyId")
        }
    }

    /// Asks for Decrypt. 4 of its 8 members.
    public struct DecryptRequest: AWSOperation, Equatable {
        public var ciphertextBlob: [UInt8]?
        public var dryRun: Bool?
        public var encryptionContext: [String: String]
        public var keyId: String?

        public init(
            ciphertextBlob: [UInt8]? = nil,
            dryRun: Bool? = nil,
            encryptionContext: [String: String] = [:],
            keyId: String? = nil
        ) {
            self.ciphertextBlob = ciphertextBlob
            self.dryRun = dryRun
            self.encryptionContext = encryptionContext
            self.keyId = keyId
        }

        public typealias Output = DecryptResponse
        public static var service: AWSService { KMS.service }
        public static let name = "Decrypt"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("CiphertextBlob", ciphertextBlob)
            fields.put("DryRun", dryRun)
            fields.put("EncryptionContext", map: encryptionContext)
            fields.put("KeyId", keyId)
        }
    }

    /// The answer to Decrypt. 2 of its 5 members.
    public struct DecryptResponse: Equatable, AWSDecodableShape {
        public var keyId: String?
        public var plaintext: [UInt8]?

        public init(
            keyId: String? = nil,
            plaintext: [UInt8]? = nil
        ) {
            self.keyId = keyId
            self.plaintext = plaintext
        }

        public init(_ node: AWSNode) {
            keyId = node.read("KeyId")
            plaintext = node.read("Plaintext")
        }
    }

    /// Asks for GenerateDataKey. 4 of its 7 members.
    public struct GenerateDataKeyRequest: AWSOperation, Equatable {
        public var dryRun: Bool?
        public var encryptionContext: [String: String]
        public var keyId: String?
        public var keySpec: String?

        public init(
            dryRun: Bool? = nil,
            encryptionContext: [String: String] = [:],
            keyId: String? = nil,
            keySpec: String? = nil
        ) {
            self.dryRun = dryRun
            self.encryptionContext = encryptionContext
            self.keyId = keyId
            self.keySpec = keySpec
        }

        public typealias Output = GenerateDataKeyResponse
        public static var service: AWSService { KMS.service }
        public static let name = "GenerateDataKey"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("DryRun", dryRun)
            fields.put("EncryptionContext", map: encryptionContext)
            fields.put("KeyId", keyId)
            fields.put("KeySpec", keySpec)
        }
    }

    /// The answer to GenerateDataKey. 3 of its 5 members.
    public struct GenerateDataKeyResponse: Equatable, AWSDecodableShape {
        public var ciphertextBlob: [UInt8]?
        public var keyId: String?
        public var plaintext: [UInt8]?

        public init(
            ciphertextBlob: [UInt8]? = nil,
            keyId: String? = nil,
            plaintext: [UInt8]? = nil
        ) {
            self.ciphertextBlob = ciphertextBlob
            self.keyId = keyId
            self.plaintext = plaintext
        }

        public init(_ node: AWSNode) {
            ciphertextBlob = node.read("CiphertextBlob")
            keyId = node.read("KeyId")
            plaintext = node.read("Plaintext")
        }
    }

    /// Asks for DescribeKey. 1 of its 2 members.
    public struct DescribeKeyRequest: AWSOperation, Equatable {
        public var keyId: String?

        public init(
            keyId: String? = nil
        ) {
            self.keyId = keyId
        }

        public typealias Output = DescribeKeyResponse
        public static var service: AWSService { KMS.service }
        public static let name = "DescribeKey"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("KeyId", keyId)
        }
    }

    /// The answer to DescribeKey.
    public struct DescribeKeyResponse: Equatable, AWSDecodableShape {
        public var keyMetadata: KeyMetadata?

        public init(
            keyMetadata: KeyMetadata? = nil
        ) {
            self.keyMetadata = keyMetadata
        }

        public init(_ node: AWSNode) {
            keyMetadata = node.read("KeyMetadata")
        }
    }
}
