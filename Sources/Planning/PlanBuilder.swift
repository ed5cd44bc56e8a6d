import ClusterModel

/// Collects steps and remembers which step last touched what, so that later steps can name what they come after.
struct PlanBuilder {
    private(set) var steps: [Step] = []

    /// Adds a step and returns its id.
    @discardableResult
    mutating func add(
        _ address: Address, _ action: Action, after: [String?] = [], tokens: [Token] = [], guards: [Guard] = [], reason: Reason
    ) -> String {
        var seen: Set<String> = []
        let after = after.compactMap { $0 }.filter { seen.insert($0).inserted }
        let step = Step(address, action, after: after, tokens: tokens, guards: guards, reason: reason)
        steps.append(step)
        return step.id
    }
}
