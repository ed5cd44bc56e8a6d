import Yams

/// Sets single fields of a spec, as `spec.pools[nodes].count=3` or `pools.nodes.count=3`.
public enum SpecEdit {
    /// The spec's YAML with every assignment applied, in order. Whether it is valid is for the decoder to say.
    /// - Throws: `.usage` for an assignment that is none, or whose path leads nowhere.
    public static func apply(_ assignments: [String], to cluster: Cluster) throws -> String {
        guard var root = try Yams.compose(yaml: SpecEncoder.yaml(cluster), .basic) else {
            throw SlipwayError(.bug, doing: "reading the stored spec", cause: "it is empty")
        }
        for assignment in assignments {
            let (path, value) = try split(assignment)
            var steps = try components(path)
            if let first = steps.first, !SpecSchema.document.contains(first) { steps.insert("spec", at: 0) }
            root = try setting(root, steps[...], to: value, place: "")
        }
        return try Yams.serialize(node: root, sortKeys: false)
    }

    private static func refuse(_ cause: String, _ hint: String) -> SlipwayError {
        SlipwayError(.usage, doing: "reading the command line", cause: cause, hint: hint)
    }

    private static func split(_ assignment: String) throws -> (path: String, value: Node) {
        // A label's key may hold anything but a bracket, so the first '=' outside of brackets counts.
        var depth = 0
        guard
            let place = assignment.indices.first(where: { index in
                if assignment[index] == "[" { depth += 1 }
                if assignment[index] == "]" { depth -= 1 }
                return assignment[index] == "=" && depth == 0
            }), place != assignment.startIndex
        else {
            throw refuse("'\(assignment)' is no assignment", "write PATH=VALUE, as spec.pools[nodes].count=3")
        }
        let text = String(assignment[assignment.index(after: place)...])
        do {
            let value = try Yams.compose(yaml: text, .basic) ?? Node("", Yams.Tag(.null), .plain)
            return (String(assignment[..<place]), value)
        } catch {
            throw refuse("the value of '\(assignment[..<place])' is not YAML", "put quotes around a text: '\"\(text)\"'")
        }
    }

    /// `spec.pools[nodes].labels[example.com/tier]` as `spec`, `pools`, `nodes`, `labels`, `example.com/tier`.
    private static func components(_ path: String) throws -> [String] {
        var components: [String] = []
        var rest = path[...]
        while !rest.isEmpty {
            if rest.first == "[" {
                guard let end = rest.firstIndex(of: "]") else {
                    throw refuse("'\(path)' has a bracket that does not end", "close it with ]")
                }
                components.append(String(rest[rest.index(after: rest.startIndex)..<end]))
                rest = rest[rest.index(after: end)...]
                if rest.first == "." { rest = rest.dropFirst() }
            } else {
                let end = rest.firstIndex { $0 == "." || $0 == "[" } ?? rest.endIndex
                components.append(String(rest[..<end]))
                rest = rest[end...]
                if rest.first == "." { rest = rest.dropFirst() }
            }
        }
        guard !components.isEmpty, !components.contains("") else {
            throw refuse("'\(path)' is no path of a spec", "as spec.pools[nodes].count; slipway get spec NAME shows every field")
        }
        return components
    }

    private static func setting(_ node: Node, _ path: ArraySlice<String>, to value: Node, place: String) throws -> Node {
        guard let step = path.first else { return value }
        let rest = path.dropFirst()
        let here = place.isEmpty ? step : "\(place).\(step)"
        switch node {
        case .mapping(var mapping):
            let key = mapping.keys.first { $0.string == step } ?? Node(step)
            let child = mapping[key] ?? Node.mapping(.init([]))
            mapping[key] = try setting(child, rest, to: value, place: here)
            return .mapping(mapping)
        case .sequence(var sequence):
            guard let index = position(of: step, in: sequence) else {
                let known = sequence.compactMap { $0.mapping.flatMap(name) }
                throw refuse(
                    "\(place) has no '\(step)'",
                    known.isEmpty
                        ? "set the whole list, as \(place)=[a, b]"
                        : "it has \(Suggestion.choice(known)); slipway edit cluster NAME adds and removes")
            }
            sequence[index] = try setting(sequence[index], rest, to: value, place: "\(place)[\(step)]")
            return .sequence(sequence)
        case .scalar where SpecReader.isNull(node):
            return try setting(.mapping(.init([])), path, to: value, place: place)
        default:
            throw refuse("\(place) has no fields, so there is no \(here)", "set \(place) itself")
        }
    }

    /// By name or key, else by number from 0.
    private static func position(of step: String, in sequence: Node.Sequence) -> Int? {
        if let named = sequence.firstIndex(where: { $0.mapping.flatMap(name) == step }) { return named }
        return Int(step).flatMap { sequence.indices.contains($0) ? $0 : nil }
    }

    private static func name(_ mapping: Node.Mapping) -> String? { mapping["name"]?.string ?? mapping["key"]?.string }
}
