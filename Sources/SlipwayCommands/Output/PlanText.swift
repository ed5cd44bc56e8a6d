import ClusterModel

/// A plan in a person's terms: what will exist, what will run where, why, and what cannot be taken back.
struct PlanText {
    let plan: Plan
    let page: Page

    var text: String {
        guard !plan.isEmpty else { return nothing }
        var lines = [page.styled(title, .bold), ""]
        for section in PlanSection.allCases {
            let steps = plan.steps.filter { PlanSection(of: $0) == section }
            guard !steps.isEmpty else { continue }
            lines.append("\(section.title):")
            lines += section == .software ? software(steps) : steps.map(line)
            lines.append("")
        }
        lines += (plan.notes ?? []).map { wrap($0, width: page.textWidth) }
        lines += warnings
        lines.append(summary)
        return lines.joined(separator: "\n") + "\n"
    }

    private var warnings: [String] {
        plan.warnings.map {
            page.styled("warning: ", .yellow) + wrap($0.keepingCommandsWhole, width: page.textWidth, indent: 9, start: 9).withSpaces
        }
    }

    private var title: String {
        switch plan.intent {
        case .create: "Plan to create cluster \(plan.cluster.name)"
        case .update: "Plan to update cluster \(plan.cluster.name)"
        case .repair: "Plan to repair cluster \(plan.cluster.name)"
        case .roll: "Plan of a rolling update of cluster \(plan.cluster.name)"
        case .delete: "Plan to delete cluster \(plan.cluster.name)"
        case .stop: "Plan to stop cluster \(plan.cluster.name)"
        case .start: "Plan to start cluster \(plan.cluster.name)"
        }
    }

    private var nothing: String {
        guard plan.warnings.isEmpty else {
            let head = "no changes to cluster \(plan.cluster.name) apart from what has to be rolled"
            return ([head] + warnings).joined(separator: "\n") + "\n"
        }
        return switch plan.intent {
        case .stop: "no changes: no machine of cluster \(plan.cluster.name) runs\n"
        case .start: "no changes: cluster \(plan.cluster.name) runs\n"
        default: "no changes: cluster \(plan.cluster.name) is as its spec says\n"
        }
    }

    private var summary: String {
        let verbs = plan.steps.map { PlanVerb(of: $0.action) }
        let counts = PlanVerb.allCases.map { verb in (verb, verbs.count { $0 == verb }) }.filter { $0.1 > 0 }
        let irreversible = plan.steps.count { $0.action.isIrreversible }
        let tail = irreversible == 0 ? "" : "; \(irreversible) cannot be taken back (marked !)"
        return wrap(
            "\(counted(plan.steps.count, "step")): " + counts.map { "\($0.1) \($0.0.rawValue)" }.joined(separator: ", ") + tail,
            width: page.textWidth)
    }

    // MARK: Lines

    private func line(_ step: Step) -> String {
        entry(PlanVerb(of: step.action), isIrreversible: step.action.isIrreversible, StepText.text(step) + (StepText.note(step) ?? ""))
    }

    private func entry(_ verb: PlanVerb, isIrreversible: Bool = false, _ text: String) -> String {
        let mark = isIrreversible ? "!" : " "
        let style: Page.Style = isIrreversible ? .red : verb == .make ? .green : .yellow
        return "  " + page.styled("\(verb.symbol)\(mark)", style) + " " + wrap(text, width: page.textWidth, indent: 7, start: 5)
    }

    /// One entry a machine: the login that comes before is no news.
    private func software(_ steps: [Step]) -> [String] {
        var order: [String] = []
        var byMachine: [String: [Step]] = [:]
        for step in steps {
            if byMachine[step.address.name] == nil { order.append(step.address.name) }
            byMachine[step.address.name, default: []].append(step)
        }
        return order.map { machine in
            let steps = byMachine[machine] ?? []
            let brought = steps.filter { $0.action.name != .connect || StepText.note($0) != nil || steps.count == 1 }
            let notes = brought.map(StepText.note)
            // What holds of all is said once.
            if let note = notes[0], notes.count > 1, notes.allSatisfy({ $0 == note }) {
                return entry(.change, "\(machine): " + brought.map(StepText.text).joined(separator: "; ") + note)
            }
            return entry(.change, "\(machine): " + zip(brought, notes).map { StepText.text($0) + ($1 ?? "") }.joined(separator: "; "))
        }
    }
}

/// What a step comes to, for whoever counts.
enum PlanVerb: String, CaseIterable {
    case make, change, remove

    init(of action: Action) {
        switch action {
        case .createMachine, .ensureNetwork, .setRoute, .ensureSecrets, .formEtcd, .joinEtcd, .admitNode: self = .make
        case .deleteMachine, .deleteRoute, .deleteNetwork, .deleteNode, .leaveEtcd, .forgetCluster: self = .remove
        case .startMachine, .connect, .installBinaries, .installContent, .keepRecoveryKit, .startServices, .stopServices, .waitForAPI,
            .applyManifests,
            .markEtcd, .markDeleting, .stopMachine, .resizeMachine, .handOverEtcd, .taintNode, .cordonNode, .drainNode, .uncordonNode,
            .validateNode:
            self = .change
        }
    }

    var symbol: String {
        switch self {
        case .make: "+"
        case .change: "~"
        case .remove: "-"
        }
    }
}

/// The parts of a preview, in the order that they are shown.
enum PlanSection: CaseIterable {
    case access, network, machines, software, controlPlane, nodes, state

    init(of step: Step) {
        switch step.action {
        case .ensureSecrets: self = .access
        case .ensureNetwork, .setRoute, .deleteRoute, .deleteNetwork: self = .network
        case .createMachine, .startMachine, .stopMachine, .resizeMachine, .deleteMachine: self = .machines
        case .connect, .installBinaries, .installContent, .keepRecoveryKit: self = .software
        case .formEtcd, .joinEtcd, .leaveEtcd, .handOverEtcd, .waitForAPI, .applyManifests: self = .controlPlane
        case .markEtcd: self = .controlPlane
        case .startServices(let services), .stopServices(let services):
            self = services.allSatisfy(NodeService.node.contains) ? .nodes : .controlPlane
        case .admitNode, .deleteNode, .taintNode, .cordonNode, .drainNode, .uncordonNode, .validateNode: self = .nodes
        case .markDeleting, .forgetCluster: self = .state
        }
    }

    var title: String {
        switch self {
        case .access: "Keys and certificates"
        case .network: "Network"
        case .machines: "Machines"
        case .software: "Software on the machines"
        case .controlPlane: "Control plane"
        case .nodes: "Nodes"
        case .state: "State"
        }
    }
}
