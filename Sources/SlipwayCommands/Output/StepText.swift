import ClusterModel

/// A step in a person's words.
enum StepText {
    /// What a machine is, and what is particular about its price.
    static func size(_ instanceType: String, _ market: MachineMarket?) -> String {
        ([instanceType] + [market?.rawValue].compactMap { $0 }).joined(separator: " ")
    }

    static func text(_ step: Step) -> String {
        let name = step.address.name
        switch step.action {
        case .ensureNetwork(let cidr, let pods, let services):
            // What a network is that consists of parts is the reason's to say.
            let what = step.reason.new.flatMap { $0.hasPrefix("VPC ") ? $0 : nil }
            return (what ?? "network \(cidr.map { "\($0)" } ?? "of a free range")") + ", pods \(pods), services \(services)"
        case .createMachine(let design):
            return
                "\(design.name): \(design.role.rawValue), \(Self.size(design.instanceType, design.market)), zone \(design.zone)"
                + (design.role.isOfNodes ? ", pods \(design.podCIDR)" : "")
                + (design.replaces.map { ", replaces \($0)" } ?? "")
        case .startMachine: return "start \(name)"
        case .stopMachine: return "stop \(name)"
        case .deleteMachine: return "\(name) with its disk"
        case .resizeMachine(let instanceType): return "\(name) becomes \(instanceType)"
        case .setRoute(let range, let machine): return "route \(range) to \(machine)"
        case .deleteRoute(let range): return "route \(range)"
        case .deleteNetwork: return "network \(name)"
        case .connect: return "log in, host key verified"
        case .installBinaries(let version): return "Kubernetes \(version)"
        case .installContent: return "units, configuration and certificates"
        case .keepRecoveryKit: return "recovery kit (spec and secrets, for root alone)"
        case .startServices(let services): return "start \(list(services)) on \(machine(step))"
        case .stopServices(let services): return "stop \(list(services)) on \(machine(step))"
        case .joinEtcd: return "\(name) joins etcd, at first without a vote"
        case .leaveEtcd: return "\(name) as a member of etcd"
        case .handOverEtcd: return "\(name) leads etcd no more, if it does"
        case .formEtcd(_, let members): return "form etcd on \(members.joined(separator: ", "))"
        case .waitForAPI: return "wait until the API answers"
        case .applyManifests: return "apply the cluster's own roles and bindings"
        case .admitNode: return "admit node \(name)"
        case .deleteNode: return "remove node \(name)"
        case .taintNode: return "prefer other nodes to \(name) for new pods"
        case .cordonNode: return "no new pods on \(name)"
        case .drainNode(let options): return "move the pods of \(name), within \(options.timeout)"
        case .uncordonNode: return "\(name) takes pods again"
        case .validateNode: return "wait until \(name) is healthy, before others follow"
        case .ensureSecrets: return "certificate authorities and keys, stored encrypted"
        case .markEtcd(.initialised): return "note that etcd exists: it is never formed again"
        case .markEtcd: return "note that etcd may form now, this once"
        case .markDeleting: return "note that the delete has begun: only delete works from here on"
        case .forgetCluster: return "state and secrets of \(name)"
        }
    }

    /// Why, in parentheses, where that says more than the step itself: something that exists and differs. What is made anew
    /// speaks for itself. The whole reason is in the plan as JSON.
    static func note(_ step: Step) -> String? {
        guard let old = step.reason.old else { return nil }
        switch step.action {
        case .startMachine, .stopMachine, .taintNode, .drainNode, .validateNode, .ensureSecrets, .formEtcd, .joinEtcd, .handOverEtcd,
            .waitForAPI,
            .markEtcd,
            .markDeleting, .forgetCluster:
            return nil
        case .deleteMachine, .deleteNetwork, .deleteRoute, .deleteNode, .leaveEtcd: return " (\(old))"
        case .installBinaries, .installContent:
            if old == StepText.unseen { return " (compared once the machine answers)" }
            return old.hasPrefix("changed on the machine") ? " (\(old))" : " (\(step.reason))"
        case .keepRecoveryKit: return old == StepText.unseen ? " (compared once the machine answers)" : nil
        case .ensureNetwork, .createMachine, .resizeMachine, .setRoute, .connect, .startServices, .stopServices, .applyManifests,
            .admitNode, .cordonNode,
            .uncordonNode:
            return " (\(step.reason))"
        }
    }

    /// What a plan says of a machine that does not run or does not answer.
    private static let unseen = "not known"

    private static func list(_ services: [NodeService]) -> String { services.map(\.rawValue).joined(separator: ", ") }

    /// `service/MACHINE/PART`
    private static func machine(_ step: Step) -> Substring { step.address.name.prefix { $0 != "/" } }
}
