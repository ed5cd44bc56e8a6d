import ClusterModel

/// A plan in a person's terms: what will exist, what will run where, why, and what cannot be taken back.
struct PlanText {
    let plan: Plan
    let console: Console

    private var width: Int { min(max(console.width, 40), 120) }

    func text() -> String {
        guard !plan.isEmpty else { return "no changes: cluster \(plan.cluster.name) is as its spec says\n" }
        var lines = [console.styled(title, .bold), ""]
        for section in PlanSection.allCases {
            let steps = plan.steps.filter { PlanSection(of: $0) == section }
            guard !steps.isEmpty else { continue }
            lines.append("\(section.title):")
            lines += section == .machines ? machineLines(steps) : steps.map(line)
            lines.append("")
        }
        for warning in plan.warnings { lines.append(wrap("warning: \(warning)", width: width, indent: 9)) }
        lines.append(summary)
        return lines.joined(separator: "\n") + "\n"
    }

    private var title: String {
        switch plan.intent {
        case .create: "Plan to create cluster \(plan.cluster.name)"
        case .update: "Plan to update cluster \(plan.cluster.name)"
        case .delete: "Plan to delete cluster \(plan.cluster.name)"
        }
    }

    private var summary: String {
        let counts = plan.steps.reduce(into: (made: 0, changed: 0, removed: 0)) { counts, step in
            switch symbol(step.action) {
            case "+": counts.made += 1
            case "-": counts.removed += 1
            default: counts.changed += 1
            }
        }
        let irreversible = plan.steps.count { $0.action.isIrreversible }
        let tail = irreversible == 0 ? "" : "; \(irreversible) cannot be taken back (marked !)"
        return wrap(
            "\(plan.steps.count) steps: \(counts.made) make, \(counts.changed) change or start, \(counts.removed) remove\(tail)",
            width: width)
    }

    private func line(_ step: Step) -> String {
        let mark = step.action.isIrreversible ? "!" : " "
        return fit("  \(symbol(step.action))\(mark) \(describe(step))", reason: step.reason)
    }

    private func fit(_ text: String, reason: Reason) -> String {
        let whole = "\(text)  (\(reason))"
        return whole.count <= width ? whole : text + "\n" + indented("(\(reason))")
    }

    private func indented(_ text: String) -> String { String(repeating: " ", count: 7) + wrap(text, width: width, indent: 7) }

    private func machineLines(_ steps: [Step]) -> [String] {
        steps.map { step in
            guard case .createMachine(let design) = step.action else { return line(step) }
            return
                "  +  \(design.name)\n       \(design.role.rawValue), \(design.instanceType), zone \(design.zone), pods \(design.podCIDR)"
        }
    }

    private func symbol(_ action: Action) -> String {
        switch action {
        case .createMachine, .ensureNetwork, .setRoute, .ensureSecrets, .formEtcd, .admitNode: "+"
        case .deleteMachine, .deleteRoute, .deleteNetwork, .deleteNode, .forgetCluster: "-"
        case .startMachine, .connect, .installBinaries, .installContent, .startServices, .stopServices, .waitForAPI, .applyManifests,
            .markEtcd, .markDeleting:
            "~"
        }
    }

    private func describe(_ step: Step) -> String {
        let name = step.address.name
        switch step.action {
        case .ensureNetwork(let cidr, let pods, let services):
            return "network \(cidr.map { "\($0)" } ?? "of a free range"), pods \(pods), services \(services)"
        case .createMachine(let design): return "machine \(design.name)"
        case .startMachine: return "start machine \(name)"
        case .deleteMachine: return "machine \(name) with its disk"
        case .setRoute(let range, let machine): return "route \(range) to \(machine)"
        case .deleteRoute(let range): return "route \(range)"
        case .deleteNetwork: return "network \(name)"
        case .connect: return "log in to \(name), host key verified"
        case .installBinaries(let version): return "bring Kubernetes \(version) to \(name)"
        case .installContent: return "bring units, configuration and certificates to \(name)"
        case .startServices(let services), .stopServices(let services):
            let verb = step.action.name == .startServices ? "start" : "stop"
            return "\(verb) \(services.map(\.rawValue).joined(separator: ", ")) on \(name.split(separator: "/").first ?? "")"
        case .formEtcd(_, let members): return "form etcd with \(members.count) member\(members.count == 1 ? "" : "s")"
        case .waitForAPI: return "wait until the API answers"
        case .applyManifests: return "apply the cluster's own roles and bindings"
        case .admitNode: return "admit node \(name)"
        case .deleteNode: return "remove node \(name)"
        case .ensureSecrets: return "certificate authorities and keys"
        case .markEtcd(.initialised): return "mark etcd as initialised: it is never formed again"
        case .markEtcd: return "mark etcd as forming"
        case .markDeleting: return "mark the cluster as being deleted"
        case .forgetCluster: return "state and secrets of \(name)"
        }
    }
}

/// The parts of a preview, in the order that they are shown.
enum PlanSection: CaseIterable {
    case access, network, machines, content, controlPlane, nodes, state

    init(of step: Step) {
        switch step.action {
        case .ensureSecrets: self = .access
        case .ensureNetwork, .setRoute, .deleteRoute, .deleteNetwork: self = .network
        case .createMachine, .startMachine, .deleteMachine: self = .machines
        case .connect, .installBinaries, .installContent: self = .content
        case .formEtcd, .waitForAPI, .applyManifests: self = .controlPlane
        case .markEtcd: self = .controlPlane
        case .startServices, .stopServices: self = step.address.name.hasSuffix("/node") ? .nodes : .controlPlane
        case .admitNode, .deleteNode: self = .nodes
        case .markDeleting, .forgetCluster: self = .state
        }
    }

    var title: String {
        switch self {
        case .access: "Keys and certificates"
        case .network: "Network"
        case .machines: "Machines"
        case .content: "Software on the machines"
        case .controlPlane: "Control plane"
        case .nodes: "Nodes"
        case .state: "State"
        }
    }
}
