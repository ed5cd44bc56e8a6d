import ClusterModel
public import Foundation

/// A part of an answer, XML or JSON. What is missing or is not what was expected is nil: services add members as they like,
/// and what must be there is for whoever asked to say.
public struct AWSNode: Sendable {
    private enum Content: Sendable {
        case xml(XMLElement)
        case json(JSONValue)
    }

    private let content: Content

    init(_ element: XMLElement) { content = .xml(element) }
    init(_ value: JSONValue) { content = .json(value) }

    private func child(_ name: String) -> AWSNode? {
        switch content {
        case .xml(let element): return element.first(name).map { AWSNode($0) }
        case .json(let value):
            guard let member = value[name], member != .null else { return nil }
            return AWSNode(member)
        }
    }

    public func read<Value: AWSDecodable>(_ name: String) -> Value? { child(name).flatMap { Value(from: $0) } }

    /// - Parameter item: what the elements are called in XML; nil where they take the list's own place.
    public func list<Value: AWSDecodable>(_ name: String, item: String?) -> [Value] {
        switch content {
        case .xml(let element):
            guard let item else { return element.all(name).compactMap { Value(from: AWSNode($0)) } }
            return element.first(name)?.all(item).compactMap { Value(from: AWSNode($0)) } ?? []
        case .json(let value): return value[name]?.elements.compactMap { Value(from: AWSNode($0)) } ?? []
        }
    }

    public func map<Value: AWSDecodable>(_ name: String) -> [String: Value] {
        guard case .json(let value) = content else { return [:] }
        return value[name]?.members.compactMapValues { Value(from: AWSNode($0)) } ?? [:]
    }

    /// Of a member that is sent percent-encoded within its XML.
    public func percentDecoded(_ name: String) -> String? {
        let text: String? = read(name)
        return text.map { $0.removingPercentEncoding ?? $0 }
    }

    // MARK: Scalars

    fileprivate var text: String? {
        switch content {
        case .xml(let element): element.text
        case .json(.string(let text)): text
        case .json: nil
        }
    }

    fileprivate var integer: Int? {
        if case .json(.int(let number)) = content { return number }
        return text.flatMap { Int($0) }
    }

    fileprivate var double: Double? {
        switch content {
        case .json(.int(let number)): Double(number)
        case .json(.double(let number)): number
        default: text.flatMap { Double($0) }
        }
    }

    fileprivate var flag: Bool? {
        if case .json(.bool(let flag)) = content { return flag }
        return text.flatMap { Bool($0) }
    }

    /// Seconds since 1970 in JSON, text everywhere else.
    fileprivate var time: Date? {
        if case .json = content, let seconds = double { return Date(timeIntervalSince1970: seconds) }
        return text.flatMap(AWSTime.read)
    }
}

/// What a member of an answer can be.
public protocol AWSDecodable: Sendable {
    /// Nil when it is something else.
    init?(from node: AWSNode)
}

/// A part of an answer that has members itself, or the whole of it.
public protocol AWSDecodableShape: AWSDecodable {
    /// Members that are missing are nil or empty.
    init(_ node: AWSNode)
}

extension AWSDecodableShape {
    public init?(from node: AWSNode) { self.init(node) }
}

extension String: AWSDecodable {
    public init?(from node: AWSNode) {
        guard let text = node.text else { return nil }
        self = text
    }
}

extension Int: AWSDecodable {
    public init?(from node: AWSNode) {
        guard let number = node.integer else { return nil }
        self = number
    }
}

extension Bool: AWSDecodable {
    public init?(from node: AWSNode) {
        guard let flag = node.flag else { return nil }
        self = flag
    }
}

extension Double: AWSDecodable {
    public init?(from node: AWSNode) {
        guard let number = node.double else { return nil }
        self = number
    }
}

extension Date: AWSDecodable {
    public init?(from node: AWSNode) {
        guard let time = node.time else { return nil }
        self = time
    }
}

/// Bytes come in Base64.
extension Array: AWSDecodable where Element == UInt8 {
    public init?(from node: AWSNode) {
        guard let bytes = node.text.flatMap(Base64.decode) else { return nil }
        self = bytes
    }
}
