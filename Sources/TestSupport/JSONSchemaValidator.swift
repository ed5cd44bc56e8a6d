public import ClusterModel
import Foundation

/// Holds values against a JSON Schema, as far as Slipway's own schemas use the language. A word that is not known is a failure,
/// so that no schema says more than what is checked.
public final class JSONSchemaValidator {
    private let schema: JSONValue
    private var patterns: [String: NSRegularExpression] = [:]

    public init(_ schema: JSONValue) { self.schema = schema }

    /// Where and why a value does not fit; empty when it does.
    public func problems(_ value: JSONValue) -> [String] { problems(value, schema, at: "$") }

    private static let silent: Set<String> = ["$schema", "title", "description"]

    private func problems(_ value: JSONValue, _ schema: JSONValue, at path: String) -> [String] {
        if case .bool(let allows) = schema { return allows ? [] : ["\(path): nothing is allowed here"] }
        var found: [String] = []
        for (word, rule) in schema.members where !Self.silent.contains(word) {
            switch word {
            case "type":
                let types = rule.text.map { [$0] } ?? rule.elements.compactMap(\.text)
                if !types.contains(where: { Self.isOf(value, $0) }) { found.append("\(path): is not \(types.joined(separator: " or "))") }
            case "enum": if !rule.elements.contains(value) { found.append("\(path): is none of the choices") }
            case "const": if rule != value { found.append("\(path): is not what it has to be") }
            case "pattern": if let text = value.text, !matches(text, rule.text ?? "") { found.append("\(path): does not match") }
            case "maxLength": if let text = value.text, let most = rule.number, text.count > most { found.append("\(path): too long") }
            case "minimum": if let number = value.number, let least = rule.number, number < least { found.append("\(path): too small") }
            case "required":
                guard case .object(let members) = value else { continue }
                for key in rule.elements.compactMap(\.text) where members[key] == nil { found.append("\(path): lacks \(key)") }
            case "properties":
                for (key, member) in value.members { if let below = rule[key] { found += problems(member, below, at: "\(path).\(key)") } }
            case "additionalProperties":
                let known = schema["properties"]?.members ?? [:]
                for (key, member) in value.members where known[key] == nil { found += problems(member, rule, at: "\(path).\(key)") }
            case "items":
                for (index, element) in value.elements.enumerated() { found += problems(element, rule, at: "\(path)[\(index)]") }
            case "anyOf", "oneOf":
                let fitting = rule.elements.count { problems(value, $0, at: path).isEmpty }
                if word == "anyOf" ? fitting == 0 : fitting != 1 { found.append("\(path): fits \(fitting) of the cases") }
            default: found.append("\(path): the schema says \(word), which is not known here")
            }
        }
        return found
    }

    private static func isOf(_ value: JSONValue, _ type: String) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("null", .null), ("integer", .int),
            ("number", .int), ("number", .double):
            true
        default: false
        }
    }

    private func matches(_ text: String, _ pattern: String) -> Bool {
        if patterns[pattern] == nil { patterns[pattern] = try? NSRegularExpression(pattern: pattern) }
        return patterns[pattern]?.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }
}
