public import ClusterModel
import Yams

extension JSONValue {
    /// What a YAML document says.
    public init(yaml text: String) throws {
        self.init(try Yams.compose(yaml: text) ?? Node("null", Tag(.null)))
    }

    private init(_ node: Node) {
        switch node {
        case .mapping(let mapping):
            self = .object(Dictionary(mapping.map { ($0.key.string ?? "", JSONValue($0.value)) }, uniquingKeysWith: { $1 }))
        case .sequence(let sequence): self = .array(sequence.map { JSONValue($0) })
        case .scalar, .alias:
            switch Resolver.default.resolveTag(of: node) {
            case .null: self = .null
            case .bool: self = .bool(node.bool ?? false)
            case .int: self = .int(node.int ?? 0)
            case .float: self = .double(node.float ?? 0)
            default: self = .string(node.scalar?.string ?? "")
            }
        }
    }
}
