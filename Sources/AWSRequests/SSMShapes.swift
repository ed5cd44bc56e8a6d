// Made by scripts/aws-requests from the model of SSM, version 2014-11-06, of
// botocore 1.44.8, for what scripts/aws-operations.toml lists. Not to be edited: change the list,
// and run the script.
// swift-format-ignore-file

public import AWSAPI

public import struct Foundation.Date

extension SSM {
    /// A part of answers.
    public struct Parameter: Equatable, AWSDecodableShape {
        public var arn: String?
        public var dataType: String?
        public var lastModifiedDate: Date?
        public var name: String?
        public var selector: String?
        public var sourceResult: String?
        public var type: String?
        public var value: String?
        public var version: Int?

        public init(
            arn: String? = nil,
            dataType: String? = nil,
            lastModifiedDate: Date? = nil,
            name: String? = nil,
            selector: String? = nil,
            sourceResult: String? = nil,
            type: String? = nil,
            value: String? = nil,
            version: Int? = nil
        ) {
            self.arn = arn
            self.dataType = dataType
            self.lastModifiedDate = lastModifiedDate
            self.name = name
            self.selector = selector
            self.sourceResult = sourceResult
            self.type = type
            self.value = value
            self.version = version
        }

        public init(_ node: AWSNode) {
            arn = node.read("ARN")
            dataType = node.read("DataType")
            lastModifiedDate = node.read("LastModifiedDate")
            name = node.read("Name")
            selector = node.read("Selector")
            sourceResult = node.read("SourceResult")
            type = node.read("Type")
            value = node.read("Value")
            version = node.read("Version")
        }
    }
}
