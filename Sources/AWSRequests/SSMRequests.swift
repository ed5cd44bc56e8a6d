// Made by scripts/aws-requests from the model of SSM, version 2014-11-06, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

/// Amazon Simple Systems Manager (SSM).
public enum SSM {
    public static let service = AWSService(name: "SSM", id: "SSM", endpointPrefix: "ssm",
        signingName: "ssm", version: "2014-11-06", wire: .json(prefix: "AmazonSSM"), isGlobal: false)
}

extension SSM {
    /// Asks for GetParameter.
    public struct GetParameterRequest: AWSOperation, Equatable {
        public var name: String?
        public var withDecryption: Bool?

        public init(
            name: String? = nil,
            withDecryption: Bool? = nil
        ) {
            self.name = name
            self.withDecryption = withDecryption
        }

        public typealias Output = GetParameterResponse
        public static var service: AWSService { SSM.service }
        public static let name = "GetParameter"
        public static let isReadOnly = true

        public func encode(into fields: inout AWSFields) {
            fields.put("Name", name)
            fields.put("WithDecryption", withDecryption)
        }
    }

    /// The answer to GetParameter.
    public struct GetParameterResponse: Equatable, AWSDecodableShape {
        public var parameter: Parameter?

        public init(
            parameter: Parameter? = nil
        ) {
            self.parameter = parameter
        }

        public init(_ node: AWSNode) {
            parameter = node.read("Parameter")
        }
    }
}
