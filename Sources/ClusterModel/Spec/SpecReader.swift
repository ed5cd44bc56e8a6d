import Yams

/// Reads typed values out of YAML nodes. Never stops at a mistake: it notes it, gives nil and goes on.
struct SpecReader {
    /// A mapping's entry.
    struct Entry {
        var key: SourceMark?
        var node: Node
        var path: FieldPath
    }

    typealias Fields = [String: Entry]

    private(set) var findings: [Finding] = []
    private(set) var marks: [FieldPath: FindingLocator.Marks] = [:]
    /// Fields whose value could not be read. What rules find about stand-ins for them is not true.
    private(set) var unreadable: [FieldPath] = []
    private let renamedKeys: [SourceMark: String]

    init(renamedKeys: [SourceMark: String] = [:]) { self.renamedKeys = renamedKeys }

    // MARK: Findings

    /// Notes a mistake. `unreadable`: the field's value is lost with it.
    mutating func report(
        _ path: FieldPath, _ message: String, suggestion: String? = nil, at mark: SourceMark? = nil, unreadable isLost: Bool = true
    ) {
        findings.append(Finding(path: path, mark: mark, message: message, suggestion: suggestion))
        if isLost { unreadable.append(path) }
    }

    private mutating func wrongType(_ entry: Entry, expected: String, suggestion: String? = nil) {
        report(entry.path, "expected \(expected), found \(Self.describe(entry.node))", suggestion: suggestion)
    }

    private static func describe(_ node: Node) -> String {
        switch node {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar(let scalar): isNull(node) ? "nothing" : TerminalText.quoted(scalar.string)
        }
    }

    static func isNull(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private static func mark(_ node: Node) -> SourceMark? {
        node.mark.map { SourceMark(line: $0.line, column: $0.column) }
    }

    // MARK: Mappings

    mutating func root(_ node: Node) -> Entry {
        let entry = Entry(key: nil, node: node, path: .root)
        marks[.root] = FindingLocator.Marks(key: nil, value: Self.mark(node))
        return entry
    }

    /// The entries of a mapping. Keys besides `known` are noted as mistakes. Entries without a value are left out: an empty field
    /// is one that its user left to Slipway.
    mutating func mapping(_ entry: Entry, known: [String], example: String? = nil) -> Fields? {
        guard let pairs = pairs(of: entry, example: example) else { return nil }
        var fields: Fields = [:]
        var seen: [String: SourceMark?] = [:]
        for (name, key, node) in pairs {
            let path = entry.path.field(name)
            guard known.contains(name) else {
                unknownKey(name, at: key, in: entry.path, known: known)
                continue
            }
            guard isFirst(name, key, path, &seen) else { continue }
            let isNull = Self.isNull(node)
            marks[path] = FindingLocator.Marks(key: key, value: isNull ? nil : Self.mark(node))
            if !isNull { fields[name] = Entry(key: key, node: node, path: path) }
        }
        return fields
    }

    /// A mapping whose keys are the user's own. A key without a value has an empty one.
    mutating func texts(_ entry: Entry?) -> [String: String]? {
        guard let entry, let pairs = pairs(of: entry) else { return nil }
        var texts: [String: String] = [:]
        var seen: [String: SourceMark?] = [:]
        for (name, key, node) in pairs {
            let path = entry.path.key(name)
            guard isFirst(name, key, path, &seen) else { continue }
            marks[path] = FindingLocator.Marks(key: key, value: Self.isNull(node) ? nil : Self.mark(node))
            if Self.isNull(node) {
                texts[name] = ""
            } else if let text = text(Entry(key: key, node: node, path: path)) {
                texts[name] = text
            }
        }
        return texts
    }

    private mutating func isFirst(_ name: String, _ key: SourceMark?, _ path: FieldPath, _ seen: inout [String: SourceMark?]) -> Bool {
        guard let first = seen.updateValue(key, forKey: name) else { return true }
        seen[name] = first
        let where_ = first.map { ", first on line \($0.line)" } ?? ""
        report(
            path, "\(TerminalText.quoted(name)) is given twice\(where_)", suggestion: "keep one of them", at: key, unreadable: false)
        return false
    }

    private mutating func unknownKey(_ name: String, at key: SourceMark?, in path: FieldPath, known: [String]) {
        if name == "<<" {
            report(path.field(name), "merge keys are not supported", suggestion: "write the fields out", at: key, unreadable: false)
        } else {
            report(
                path.field(TerminalText.clean(name)), "unknown key \(TerminalText.quoted(name))",
                suggestion: SpecSchema.suggestion(forUnknown: name, known: known), at: key, unreadable: false)
        }
    }

    private mutating func pairs(of entry: Entry, example: String? = nil) -> [(name: String, key: SourceMark?, node: Node)]? {
        guard let mapping = entry.node.mapping else {
            wrongType(entry, expected: "a mapping", suggestion: example)
            return nil
        }
        refuseTag(mapping.tag, "tag:yaml.org,2002:map", entry)
        var pairs: [(name: String, key: SourceMark?, node: Node)] = []
        for (key, value) in mapping {
            let place = Self.mark(key)
            guard let scalar = key.scalar else {
                report(entry.path, "a key must be text, found \(Self.describe(key))", at: place, unreadable: false)
                continue
            }
            let name = place.flatMap { renamedKeys[$0] } ?? scalar.string
            pairs.append((name, place, value))
        }
        return pairs
    }

    private mutating func refuseTag(_ tag: Yams.Tag, _ allowed: String, _ entry: Entry) {
        guard !["", "!", allowed].contains(tag.rawValue) else { return }
        report(
            entry.path, "the YAML tag \(TerminalText.quoted(tag.rawValue)) is not supported", suggestion: "remove it",
            at: Self.mark(entry.node), unreadable: false)
    }

    /// The field, or a note that it is missing.
    mutating func required(_ fields: Fields, _ name: String, in parent: Entry, suggestion: String) -> Entry? {
        if let entry = fields[name] { return entry }
        let path = parent.path.field(name)
        let isEmpty = marks[path] != nil
        report(path, isEmpty ? "'\(name)' has no value" : "'\(path)' is missing", suggestion: suggestion)
        return nil
    }

    // MARK: Lists

    mutating func list(_ entry: Entry?, example: String? = nil) -> [Entry]? {
        guard let entry else { return nil }
        guard let sequence = entry.node.sequence else {
            var suggestion = example
            if let scalar = entry.node.scalar, example == nil {
                let items = scalar.string.split(separator: ",").map { TerminalText.clean($0.trimmingSpaces) }
                suggestion = "write [\(items.joined(separator: ", "))]"
            }
            wrongType(entry, expected: "a list", suggestion: suggestion)
            return nil
        }
        refuseTag(sequence.tag, "tag:yaml.org,2002:seq", entry)
        return sequence.enumerated().map { index, node in
            let path = entry.path.index(index)
            marks[path] = FindingLocator.Marks(key: nil, value: Self.mark(node))
            return Entry(key: nil, node: node, path: path)
        }
    }

    /// Items that cannot be read stay as empty texts, so that the others keep their places.
    mutating func texts(inListOf entry: Entry?) -> [String]? {
        guard let items = list(entry) else { return nil }
        var texts: [String] = []
        for item in items { texts.append(text(item) ?? "") }
        return texts
    }

    mutating func ranges(inListOf entry: Entry?) -> [IPv4CIDR]? {
        guard let items = list(entry) else { return nil }
        var ranges: [IPv4CIDR] = []
        for item in items {
            if let range = range(item) { ranges.append(range) }
        }
        return ranges
    }

    // MARK: Scalars

    /// The scalar's own text, whatever YAML would make of it.
    mutating func text(_ entry: Entry?) -> String? {
        guard let entry else { return nil }
        guard let scalar = entry.node.scalar, !Self.isNull(entry.node) else {
            wrongType(entry, expected: "text")
            return nil
        }
        refuseTag(scalar.tag, "tag:yaml.org,2002:str", entry)
        return scalar.string
    }

    mutating func integer(_ entry: Entry?) -> Int? {
        guard let entry else { return nil }
        guard let scalar = entry.node.scalar else {
            wrongType(entry, expected: "a whole number")
            return nil
        }
        let text = scalar.string
        guard scalar.style == .plain else {
            wrongType(
                entry, expected: "a whole number", suggestion: Int(text).map { "write \($0) without quotes" })
            return nil
        }
        refuseTag(scalar.tag, "tag:yaml.org,2002:int", entry)
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let isDecimal = !digits.isEmpty && digits.utf8.allSatisfy { (48...57).contains($0) }
        if isDecimal, digits == "0" || !digits.hasPrefix("0") {
            guard let number = Int(text) else {
                report(entry.path, "\(TerminalText.quoted(text)) is far too large a number")
                return nil
            }
            return number
        }
        var suggestion: String?
        if isDecimal, let number = Int(text) {
            suggestion = "write \(number): a leading zero means an octal number to YAML"
        } else if let number = Double(text), number == number.rounded(), abs(number) < 1_000_000 {
            suggestion = "write \(Int(number))"
        }
        wrongType(entry, expected: "a whole number", suggestion: suggestion)
        return nil
    }

    mutating func flag(_ entry: Entry?) -> Bool? {
        guard let entry else { return nil }
        guard let scalar = entry.node.scalar else {
            wrongType(entry, expected: "true or false")
            return nil
        }
        if scalar.style == .plain {
            refuseTag(scalar.tag, "tag:yaml.org,2002:bool", entry)
            if scalar.string == "true" { return true }
            if scalar.string == "false" { return false }
        }
        let quotes = scalar.style == .plain ? "" : " without quotes"
        let suggestion: String? =
            switch scalar.string.lowercased() {
            case "true", "yes", "on", "y", "1": "write true" + quotes
            case "false", "no", "off", "n", "0": "write false" + quotes
            default: nil
            }
        wrongType(entry, expected: "true or false", suggestion: suggestion)
        return nil
    }

    /// A value with a text form of its own. `explain` says what is wrong with a text that `parse` refuses.
    mutating func value<Value>(
        _ entry: Entry?, parse: (String) -> Value?, explain: (String) -> SpecTextProblem
    ) -> Value? {
        guard let text = text(entry), let entry else { return nil }
        if let value = parse(text) { return value }
        let problem = explain(text)
        report(entry.path, problem.message, suggestion: problem.suggestion)
        return nil
    }

    mutating func range(_ entry: Entry?) -> IPv4CIDR? {
        value(entry, parse: { IPv4CIDR($0) }, explain: SpecTextProblem.range)
    }

    mutating func version(_ entry: Entry?) -> KubernetesVersion? {
        value(entry, parse: { KubernetesVersion($0) }, explain: SpecTextProblem.version)
    }
}

extension StringProtocol {
    var trimmingSpaces: SubSequence {
        var copy = self[...]
        while copy.first?.isWhitespace == true { copy.removeFirst() }
        while copy.last?.isWhitespace == true { copy.removeLast() }
        return copy
    }
}
