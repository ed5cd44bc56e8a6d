import ClusterModel
import Yams

/// Structured files are encoded from values, never put together from text.
enum YAMLText {
    /// YAML of a JSON value, keys sorted.
    static func text(_ value: JSONValue) throws -> String {
        do {
            return try Yams.serialize(node: Nodes().node(value), width: -1, sortKeys: true)
        } catch {
            throw SlipwayError(.bug, doing: "encoding a configuration file", cause: "\(error)")
        }
    }

    /// The nodes that `YAMLEncoder` makes of a value. That one makes a tag for every node and with each a constructor, which is
    /// most of the time that a plan takes; one of each kind does, as nothing changes a tag that has a name.
    private struct Nodes {
        private let mapping = Tag(.map), sequence = Tag(.seq), string = Tag(.str)
        private let null = Tag(.null), bool = Tag(.bool), int = Tag(.int)
        /// Of a text that may look like something else.
        private let open = Tag(.implicit)

        func node(_ value: JSONValue) -> Node {
            switch value {
            case .null: Node("null", null)
            case .bool(let flag): Node(flag ? "true" : "false", bool)
            case .int(let number): Node(String(number), int)
            case .double(let number): number.box()
            case .string(let text): scalar(text)
            case .array(let elements): Node(elements.map { node($0) }, sequence)
            case .object(let members): Node(members.map { (Node($0.key, string), node($0.value)) }, mapping)
            }
        }

        /// In quotes where it would be read as a number, a date and the like.
        private func scalar(_ text: String) -> Node {
            let isText = Resolver.default.resolveTag(of: Node(text, open)) == .str
            return Node(text, string, isText || text.contains("\n") ? .any : .singleQuoted)
        }
    }
}
