public import ClusterModel

extension Plan {
    /// What a person is asked before a machine is replaced, changed or removed, by the id of the step that begins it.
    public var questions: [String: String] {
        var questions: [String: String] = [:]
        var asked: Set<String> = []
        let replacements = Dictionary(
            newMachines.compactMap { design in design.replaces.map { ($0, design.name) } }, uniquingKeysWith: { first, _ in first })
        let resized = Set(steps.filter { $0.action.name == .resizeMachine }.map(\.address.name))
        func ask(_ step: Step, about machine: String) {
            guard asked.insert(machine).inserted else { return }
            questions[step.id] =
                if let new = replacements[machine] {
                    "replace \(machine) by \(new)?"
                } else if resized.contains(machine) {
                    "stop \(machine) and change it?"
                } else {
                    "remove \(machine)?"
                }
        }
        for step in steps {
            switch step.action {
            case .createMachine(let design): if let old = design.replaces { ask(step, about: old) }
            case .cordonNode, .stopMachine: ask(step, about: step.address.name)
            default: break
            }
        }
        return questions
    }
}
