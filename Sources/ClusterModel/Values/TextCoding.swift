/// A value that is written as one string in JSON and YAML.
public protocol TextCodable: Codable, CustomStringConvertible {
    init?(text: String)
}

extension TextCodable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(text: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a valid \(Self.self)")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension IPv4Address: TextCodable {
    public init?(text: String) { self.init(text) }
}

extension IPv4CIDR: TextCodable {
    public init?(text: String) { self.init(text) }
}

extension KubernetesVersion: TextCodable {
    public init?(text: String) { self.init(text) }
}
