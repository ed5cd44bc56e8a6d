import ClusterModel
import Yams

/// Structured files are encoded from values, never put together from text.
enum YAMLText {
    /// YAML of a JSON value, keys sorted.
    static func text(_ value: JSONValue) throws -> String {
        let encoder = YAMLEncoder()
        encoder.options.sortKeys = true
        encoder.options.width = -1
        do {
            return try encoder.encode(value)
        } catch {
            throw SlipwayError(.bug, doing: "encoding a configuration file", cause: "\(error)")
        }
    }
}
