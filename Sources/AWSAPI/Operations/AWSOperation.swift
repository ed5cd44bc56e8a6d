/// One call of a service, with what it is asked.
public protocol AWSOperation: Sendable {
    associatedtype Output: Sendable
    static var service: AWSService { get }
    /// AWS' own name for it, as `RunInstances`.
    static var name: String { get }
    /// It changes nothing, however often it is sent.
    static var isReadOnly: Bool { get }
    /// Where it goes. All but REST services have one address for everything.
    var target: AWSTarget { get }
    /// Everything that is not in the address.
    func encode(into fields: inout AWSFields)
    static func decode(_ node: AWSNode) -> Output
}

extension AWSOperation {
    public var target: AWSTarget { AWSTarget("POST", path: "/", query: []) }
    /// `EC2.RunInstances`
    public static var fullName: String { "\(service.name).\(name)" }
}

extension AWSOperation where Output: AWSDecodableShape {
    public static func decode(_ node: AWSNode) -> Output { Output(node) }
}

extension AWSOperation where Output == AWSNoOutput {
    public static func decode(_ node: AWSNode) -> AWSNoOutput { AWSNoOutput() }
}

/// A call whose answer may come in pages.
public protocol AWSPagedOperation: AWSOperation, Equatable {
    /// What asks for the page behind this one; nil behind the last.
    func next(after output: Output) -> Self?
}

/// The answer of an operation that says nothing but that it is done.
public struct AWSNoOutput: Sendable, Equatable {
    public init() {}
}

/// Where a request goes.
public struct AWSTarget: Sendable {
    public var method: String
    /// Absolute and not encoded.
    public var path: String
    public var query: [(name: String, value: String)]
    /// The outermost element of an XML body, with its name space.
    public var root: (name: String, namespace: String)?

    public init(
        _ method: String, path: String, query: [(name: String, value: String?)], root: String? = nil, namespace: String = ""
    ) {
        self.method = method
        self.path = path
        self.query = query.compactMap { entry in entry.value.map { (entry.name, $0) } }
        self.root = root.map { ($0, namespace) }
    }

    /// Services answer ids as `/hostedzone/ID`, and want `ID`.
    public static func lastSegment(_ id: String?) -> String {
        guard let id else { return "" }
        return String(id[(id.lastIndex(of: "/").map(id.index(after:)) ?? id.startIndex)...])
    }
}
