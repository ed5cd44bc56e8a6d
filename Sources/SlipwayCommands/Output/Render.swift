import ArgumentParser
import ClusterModel
import Foundation
import Yams

enum OutputFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case table, json, yaml
}

/// The one way that data is printed: a table for people, or the whole value as JSON or YAML.
enum Render {
    /// The shape that every JSON or YAML document starts with.
    struct Document<Content: Encodable>: Encodable {
        var apiVersion = "slipway.dev/v1alpha1"
        var kind: String
        var content: Content

        private enum Keys: String, CodingKey { case apiVersion, kind }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Keys.self)
            try container.encode(apiVersion, forKey: .apiVersion)
            try container.encode(kind, forKey: .kind)
            try content.encode(to: encoder)
        }
    }

    struct List<Item: Encodable & Sendable>: Encodable, Sendable {
        var items: [Item]
    }

    static func text(_ kind: String, _ value: some Encodable, as format: OutputFormat, table: () -> String) throws -> String {
        switch format {
        case .table: table()
        case .json: try json(Document(kind: kind, content: value))
        case .yaml: try yaml(Document(kind: kind, content: value))
        }
    }

    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    static func yaml(_ value: some Encodable) throws -> String {
        let encoder = YAMLEncoder()
        encoder.options.sortKeys = true
        return try encoder.encode(value)
    }
}
