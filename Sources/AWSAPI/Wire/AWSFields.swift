public import struct Foundation.Date

/// A value of a request, before it is known how the service wants it.
public indirect enum AWSField: Sendable, Equatable {
    case text(String)
    /// A number or a truth value: JSON has no quotes around it.
    case bare(String)
    case time(Date)
    case fields(AWSFields)
    /// `item` is what each element is called; nil where the elements take the list's own place.
    case list([AWSField], item: String?)
    case map([String: AWSField])
}

/// The members of a request or of a part of it, in order. What is nil or empty is not sent.
public struct AWSFields: Sendable, Equatable {
    public struct Member: Sendable, Equatable {
        public var name: String
        public var value: AWSField
    }

    public private(set) var members: [Member] = []
    /// Makes the tries of one request one request to the service, where it has a member for that and the caller no wish.
    public let token: String?

    public init(token: String? = nil) { self.token = token }

    public mutating func put(_ name: String, _ value: (some AWSEncodable)?) {
        if let value { members.append(Member(name: name, value: value.awsField)) }
    }

    public mutating func put(_ name: String, _ values: [some AWSEncodable], item: String?) {
        if !values.isEmpty { members.append(Member(name: name, value: .list(values.map(\.awsField), item: item))) }
    }

    public mutating func put(_ name: String, map: [String: some AWSEncodable]) {
        if !map.isEmpty { members.append(Member(name: name, value: .map(map.mapValues(\.awsField)))) }
    }
}

/// What a member of a request can be.
public protocol AWSEncodable: Sendable {
    var awsField: AWSField { get }
}

/// A part of a request that has members itself.
public protocol AWSEncodableShape: AWSEncodable {
    func encode(into fields: inout AWSFields)
}

extension AWSEncodableShape {
    public var awsField: AWSField {
        var fields = AWSFields()
        encode(into: &fields)
        return .fields(fields)
    }
}

extension String: AWSEncodable {
    public var awsField: AWSField { .text(self) }
}

extension Int: AWSEncodable {
    public var awsField: AWSField { .bare("\(self)") }
}

extension Bool: AWSEncodable {
    public var awsField: AWSField { .bare(self ? "true" : "false") }
}

extension Double: AWSEncodable {
    public var awsField: AWSField { .bare("\(self)") }
}

extension Date: AWSEncodable {
    public var awsField: AWSField { .time(self) }
}

/// Bytes go in Base64.
extension Array: AWSEncodable where Element == UInt8 {
    public var awsField: AWSField { .text(Base64.encode(self)) }
}
