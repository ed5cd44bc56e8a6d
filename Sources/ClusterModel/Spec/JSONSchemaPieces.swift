/// The few words of JSON Schema (draft 7) that Slipway's own schemas are made of.
enum SchemaPiece {
    static let draft = JSONValue.string("http://json-schema.org/draft-07/schema#")

    /// All of `fields` but the optional ones have to be there, and nothing else may.
    static func object(_ fields: [String: JSONValue], optional: Set<String> = [], _ description: String? = nil) -> JSONValue {
        var schema: [String: JSONValue] = [
            "type": .string("object"), "additionalProperties": .bool(false), "properties": .object(fields),
        ]
        let required = fields.keys.filter { !optional.contains($0) }.sorted()
        if !required.isEmpty { schema["required"] = .array(required.map(JSONValue.string)) }
        if let description { schema["description"] = .string(description) }
        return .object(schema)
    }

    static func map(of values: JSONValue, _ description: String) -> JSONValue {
        .object(["type": .string("object"), "additionalProperties": values, "description": .string(description)])
    }

    static func list(of items: JSONValue, _ description: String) -> JSONValue {
        .object(["type": .string("array"), "items": items, "description": .string(description)])
    }

    static func text(_ description: String, pattern: String? = nil) -> JSONValue {
        var schema: [String: JSONValue] = ["type": .string("string"), "description": .string(description)]
        if let pattern { schema["pattern"] = .string(pattern) }
        return .object(schema)
    }

    static func number(_ description: String) -> JSONValue {
        .object(["type": .string("integer"), "description": .string(description)])
    }

    static func flag(_ description: String) -> JSONValue {
        .object(["type": .string("boolean"), "description": .string(description)])
    }

    static func choice(_ values: [String], _ description: String) -> JSONValue {
        .object(["enum": .array(values.map(JSONValue.string)), "description": .string(description)])
    }

    static func constant(_ value: JSONValue) -> JSONValue { .object(["const": value]) }

    /// One of several cases, each an object with one member that names it.
    static func cases(_ cases: [String: JSONValue], _ description: String) -> JSONValue {
        .object([
            "description": .string(description),
            "oneOf": .array(cases.sorted { $0.key < $1.key }.map { object([$0.key: $0.value]) }),
        ])
    }

    static func document(_ schema: JSONValue, title: String) -> JSONValue {
        .object(schema.members.merging(["$schema": draft, "title": .string(title)]) { first, _ in first })
    }
}
