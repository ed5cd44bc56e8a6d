import ClusterModel
import Mustache

/// Fills in a text template. A tag without a value is a bug, not an empty text.
enum UnitTemplate {
    /// - Parameters:
    ///   - values: texts that are already quoted for where they go.
    ///   - flags: sections that are in or out.
    static func render(_ template: String, values: [String: String], flags: [String: Bool] = [:]) throws -> String {
        let known = Set(values.keys).union(flags.keys)
        let unknown = tags(in: template).subtracting(known)
        guard unknown.isEmpty else {
            throw SlipwayError(
                .bug, doing: "rendering a unit", cause: "no value for \(unknown.sorted().joined(separator: ", "))")
        }
        var object: [String: Any] = values
        for (name, value) in flags { object[name] = value }
        do {
            return try MustacheTemplate(string: "{{% CONTENT_TYPE:TEXT}}" + template).render(object)
        } catch {
            throw SlipwayError(.bug, doing: "rendering a unit", cause: "\(error)")
        }
    }

    private static func tags(in template: String) -> Set<String> {
        Set(
            template.split(separator: "{{", omittingEmptySubsequences: false).dropFirst().compactMap { part in
                part.firstRange(of: "}}").map { String(part[..<$0.lowerBound].drop { "#/^".contains($0) }) }
            })
    }
}
