/// A service of AWS: what it is called where, and how it is spoken to.
public struct AWSService: Sendable, Equatable {
    /// How requests and answers look.
    public enum Wire: Sendable, Equatable {
        /// A form, with lists whose elements have no name; answers XML.
        case ec2
        /// A form, with lists whose elements have one; answers XML.
        case query
        /// Paths and XML both ways.
        case restXML
        /// JSON 1.1 both ways; the operation is in a header, behind `prefix`.
        case json(prefix: String)
    }

    /// Short, as `ELBv2`.
    public var name: String
    /// AWS' own, as `Elastic Load Balancing v2`; of it the names of settings are made.
    public var id: String
    /// Begins the standard host's name.
    public var endpointPrefix: String
    public var signingName: String
    /// Of the API, a date.
    public var version: String
    public var wire: Wire
    /// One for all regions of a partition.
    public var isGlobal: Bool

    public init(
        name: String, id: String, endpointPrefix: String, signingName: String, version: String, wire: Wire, isGlobal: Bool
    ) {
        self.name = name
        self.id = id
        self.endpointPrefix = endpointPrefix
        self.signingName = signingName
        self.version = version
        self.wire = wire
        self.isGlobal = isGlobal
    }
}
