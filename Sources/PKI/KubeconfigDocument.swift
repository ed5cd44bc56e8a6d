import Yams

/// A kubeconfig as a tree of YAML nodes, checked to have the shape that an edit relies on.
struct KubeconfigDocument {
    /// The three lists of named entries.
    enum Section: String, CaseIterable {
        case clusters, contexts, users

        /// The key beside `name` that holds what the entry says.
        var body: String { String(rawValue.dropLast()) }
    }

    var root: Node.Mapping

    /// Reads a text. One without a document is an empty kubeconfig.
    /// - Throws: `KubeconfigProblem`.
    init(_ text: String) throws {
        let node: Node?
        do {
            node = try compose(yaml: text)
        } catch {
            throw KubeconfigProblem(error)
        }
        guard let node, !node.isNull else {
            root = Self.empty
            return
        }
        try node.checkSize()
        guard let mapping = node.mapping else {
            throw KubeconfigProblem(cause: "it is not a kubeconfig: not a mapping", line: node.mark?.line)
        }
        root = mapping
        try check("kind", is: "Config")
        try check("apiVersion", is: "v1")
        for section in Section.allCases { try check(section) }
        if let current = root["current-context"], current.scalar == nil {
            throw KubeconfigProblem(cause: "'current-context' is not a name", line: current.mark?.line)
        }
    }

    /// With its keys in the order in which kubectl writes them.
    private static var empty: Node.Mapping {
        Node.Mapping([
            (.text("apiVersion"), .text("v1")),
            (.text("clusters"), Node.sequence([])),
            (.text("contexts"), Node.sequence([])),
            (.text("current-context"), .text("")),
            (.text("kind"), .text("Config")),
            (.text("preferences"), Node.mapping([:])),
            (.text("users"), Node.sequence([])),
        ])
    }

    private func check(_ key: String, is expected: String) throws {
        guard let value = root[key], !value.isNull else { return }
        guard value.scalar?.string == expected else {
            throw KubeconfigProblem(cause: "it is not a kubeconfig: '\(key)' is not '\(expected)'", line: value.mark?.line)
        }
    }

    private func check(_ section: Section) throws {
        guard let list = root[section.rawValue], !list.isNull else { return }
        guard let entries = list.sequence else {
            throw KubeconfigProblem(cause: "'\(section.rawValue)' is not a list", line: list.mark?.line)
        }
        for entry in entries {
            guard let mapping = entry.mapping, mapping["name"]?.scalar != nil else {
                throw KubeconfigProblem(cause: "an entry of '\(section.rawValue)' has no name", line: entry.mark?.line)
            }
            guard let body = mapping[section.body], !body.isNull else { continue }
            guard body.mapping != nil else {
                throw KubeconfigProblem(
                    cause: "'\(section.body)' in an entry of '\(section.rawValue)' is not a mapping", line: body.mark?.line)
            }
        }
    }

    /// The text in block style, read again and compared before it is given out.
    /// - Throws: `KubeconfigProblem` when the file holds something that cannot be written so that it means the same.
    func rendered() throws -> String {
        let node = Node.mapping(root).writable
        guard let text = try? serialize(node: node, width: -1, allowUnicode: true), let again = try? compose(yaml: text),
            again == Node.mapping(root)
        else { throw KubeconfigProblem(cause: "it holds YAML that cannot be kept as it is (an explicit tag?)") }
        return text
    }
}

extension KubeconfigProblem {
    /// What Yams says, without the text that it quotes.
    init(_ error: any Error) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            self.init(cause: "it is not YAML: \(problem)", line: mark.line)
        case .duplicatedKeysInMapping(_, let context):
            self.init(cause: "it is not YAML: the same key stands twice in a mapping", line: context.mark.line)
        default:
            self.init(cause: "it is not YAML that can be read")
        }
    }
}
