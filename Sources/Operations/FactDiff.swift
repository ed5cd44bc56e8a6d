import ClusterModel
import Foundation

/// What differs between two sets of facts, field by field, as `hosts.demo-nodes-a-1.services.kubelet: active -> failed`.
enum FactDiff {
    static func differences(old: Observation, new: Observation) throws -> [String] {
        guard old != new else { return [] }
        let (before, after) = (try fields(old), try fields(new))
        return Set(before.keys).union(after.keys).sorted().compactMap { path in
            guard before[path] != after[path] else { return nil }
            return "\(path): \(before[path] ?? "none") -> \(after[path] ?? "none")"
        }
    }

    private static func fields(_ facts: Observation) throws -> [String: String] {
        var fields: [String: String] = [:]
        flatten(try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(facts)), "", into: &fields)
        return fields
    }

    private static func flatten(_ value: JSONValue, _ path: String, into fields: inout [String: String]) {
        func below(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
        switch value {
        case .object(let members):
            // An enum's case says what is in it.
            for (key, member) in members { flatten(member, ["_0", "reached"].contains(key) ? path : below(key), into: &fields) }
        case .array(let elements):
            for (index, element) in elements.enumerated() { flatten(element, below(element["name"]?.text ?? "\(index)"), into: &fields) }
        case .string(let text): fields[path] = text
        case .int(let number): fields[path] = "\(number)"
        case .double(let number): fields[path] = "\(number)"
        case .bool(let flag): fields[path] = "\(flag)"
        case .null: break
        }
    }
}
