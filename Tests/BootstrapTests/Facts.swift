import ClusterModel
import Foundation
import Testing

/// What one minor release of Kubernetes accepts, as `scripts/version-facts` read it from that release's own sources.
struct Facts: Decodable {
    /// The releases that content is rendered for.
    static let minors = Array(20...36)

    var minor: String
    /// Which projects, paths and commits the facts were read from.
    var source: String
    /// Programs, kinds and plugins that were derived from those of other releases, and how.
    var derived: [String: String]
    /// By program.
    var flags: [String: Set<String>]
    /// By API version and kind: every field, as `a.b`, within lists as `a[].b`.
    var fields: [String: Set<String>]
    /// Names of plugins, by what they plug into: `admission`.
    var plugins: [String: Set<String>]
    /// As `policy/v1`, the core group's as `v1`.
    var apis: Set<String>

    static func url(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Facts/\(name)")
    }

    /// Of Kubernetes 1.`minor`.
    init(minor: Int) throws {
        self = try JSONDecoder().decode(Facts.self, from: Data(contentsOf: Facts.url("1.\(minor).json")))
    }

    /// What the program does not accept of the flags on its unit's command line. Flags that are given twice count as well.
    static func unknownFlags(in unit: String, known: Set<String>) -> [String] {
        var seen: Set<String> = []
        return unit.split(whereSeparator: \.isWhitespace).filter { $0.hasPrefix("--") }
            .compactMap { $0.dropFirst(2).split(separator: "=").first.map(String.init) }
            .filter { !known.contains($0) || !seen.insert($0).inserted }
    }

    /// Paths of fields in a configuration file that its kind does not have, its kind's own name if that is unknown.
    func unknownFields(in configuration: JSONValue) -> [String] {
        let name = "\(configuration["apiVersion"]?.text ?? "-") \(configuration["kind"]?.text ?? "-")"
        guard let known = fields[name] else { return [name] }
        var object = configuration.members
        object["apiVersion"] = nil
        object["kind"] = nil
        return unknown(.object(object), "", known)
    }

    /// Below a field without fields of its own (a map, a value) everything goes.
    private func unknown(_ value: JSONValue, _ path: String, _ known: Set<String>) -> [String] {
        switch value {
        case .array(let elements): known.contains(path + "[]") ? elements.flatMap { unknown($0, path + "[]", known) } : [path + "[]"]
        case .object(let members) where members["kind"] != nil && members["apiVersion"] != nil:
            known.contains(path) ? unknownFields(in: value).map { "\(path): \($0)" } : [path]
        case .object(let members) where path.isEmpty || known.contains { $0.hasPrefix(path + ".") }:
            members.sorted { $0.key < $1.key }.flatMap { unknown($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)", known) }
        default: known.contains(path) ? [] : [path]
        }
    }
}
