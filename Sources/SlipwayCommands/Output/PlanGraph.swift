import ClusterModel

/// A plan as a graph in Graphviz' language: one box a step, an arrow to each step that waits for it.
enum PlanGraph {
    static func dot(_ plan: Plan) -> String {
        var lines = [
            "digraph \(quoted("\(plan.intent.rawValue) \(plan.cluster.name)")) {",
            "  rankdir=LR;",
            "  node [shape=box, style=rounded, fontname=\"sans-serif\", fontsize=10];",
        ]
        for step in plan.steps {
            let verb = PlanVerb(of: step.action)
            let text = "\(verb.symbol) \(StepText.text(step))"
            let label = wrap(text, width: 36) + "\n\(step.address)"
            let color = step.action.isIrreversible ? "red" : verb == .make ? "darkgreen" : "goldenrod"
            lines.append("  \(quoted(step.id)) [label=\(quoted(label)), color=\(color)];")
        }
        for (from, to) in edges(plan) { lines.append("  \(quoted(from)) -> \(quoted(to));") }
        return (lines + ["}"]).joined(separator: "\n") + "\n"
    }

    /// Without those that follow from others: the picture shows the same order with fewer arrows.
    static func edges(_ plan: Plan) -> [(String, String)] {
        /// Everything that a step comes after, directly or not. A plan's order respects `after`.
        var before: [String: Set<String>] = [:]
        var edges: [(String, String)] = []
        for step in plan.steps {
            let direct = Set(step.after)
            let implied = direct.reduce(into: Set<String>()) { $0.formUnion(before[$1] ?? []) }
            before[step.id] = direct.union(implied)
            for id in step.after where !implied.contains(id) { edges.append((id, step.id)) }
        }
        return edges
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
    }
}
