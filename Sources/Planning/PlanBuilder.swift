import ClusterModel

/// Collects steps and remembers which step last touched what, so that later steps can name what they come after.
struct PlanBuilder {
    private(set) var steps: [Step] = []
    private var index: [String: Int] = [:]

    /// Adds a step and returns its id.
    @discardableResult
    mutating func add(
        _ address: Address, _ action: Action, after: [String?] = [], tokens: [Token] = [], takes: [Token] = [],
        gives: [Token] = [], guards: [Guard] = [], reason: Reason
    ) -> String {
        var seen: Set<String> = []
        let after = after.compactMap { $0 }.filter { seen.insert($0).inserted }
        var step = Step(address, action, after: after, tokens: tokens, guards: guards, reason: reason)
        if !takes.isEmpty { step.takes = takes }
        if !gives.isEmpty { step.gives = gives }
        index[step.id] = steps.count
        steps.append(step)
        return step.id
    }

    func contains(_ id: String) -> Bool { index[id] != nil }

    /// Changes a step that is there.
    mutating func amend(_ id: String, _ change: (inout Step) -> Void) {
        guard let index = index[id] else { preconditionFailure("the plan has no step \(id)") }
        change(&steps[index])
        var seen: Set<String> = []
        steps[index].after.removeAll { !seen.insert($0).inserted }
    }

    /// Brings the steps into an order that respects `after`, and keeps the order they have where it does.
    mutating func sort() {
        var sorted: [Step] = []
        var isPlaced = [Bool](repeating: false, count: steps.count)
        var isOpen = isPlaced
        // Depth first: what a step comes after is placed right before it.
        for start in steps.indices where !isPlaced[start] {
            var path = [start]
            while let top = path.last {
                if isPlaced[top] {
                    path.removeLast()
                    continue
                }
                isOpen[top] = true
                let missing = steps[top].after.compactMap { index[$0] }.filter { !isPlaced[$0] && !isOpen[$0] }.sorted()
                guard missing.isEmpty else {
                    path += missing.reversed()
                    continue
                }
                isPlaced[top] = true
                sorted.append(steps[top])
                path.removeLast()
            }
        }
        steps = sorted
        for (place, step) in steps.enumerated() { index[step.id] = place }
    }
}
