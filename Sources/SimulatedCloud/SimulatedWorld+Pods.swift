import ClusterModel

extension SimulatedWorld.Network {
    /// Runs so many pods of one ReplicaSet, with a budget when one is given.
    public mutating func deploy(_ name: String, replicas: Int, minAvailable: Int? = nil, usesEmptyDir: Bool = false) {
        for _ in 0..<replicas { make(name, usesEmptyDir: usesEmptyDir) }
        guard let minAvailable else { return }
        let selector = LabelSelector(matchLabels: ["app": name])
        budgets.append(
            SimulatedWorld.Budget(
                budget: DisruptionBudget(namespace: "default", name: name, selector: selector, disruptionsAllowed: 0),
                minAvailable: minAvailable))
    }

    private mutating func make(_ name: String, usesEmptyDir: Bool) {
        podsMade += 1
        pods.append(
            PodObservation(
                namespace: "default", name: "\(name)-\(podsMade)", uid: "uid-\(podsMade)", node: nil, phase: "Pending", isReady: false,
                podIP: nil, labels: ["app": name], controller: .init(kind: "ReplicaSet", name: name), usesEmptyDir: usesEmptyDir))
    }

    /// Binds pods that wait to the node that takes them and has the fewest, rather one that is not about to leave.
    mutating func schedule() {
        for index in pods.indices where pods[index].node == nil {
            let open = nodes.filter { $0.isReady && !$0.unschedulable && !$0.taints.contains { $0.effect == .noSchedule } }
            let counts = Dictionary(grouping: pods.compactMap(\.node), by: { $0 }).mapValues(\.count)
            func rank(_ node: NodeObservation) -> (Int, Int, String) {
                (node.taints.contains { $0.effect == .preferNoSchedule } ? 1 : 0, counts[node.name] ?? 0, node.name)
            }
            guard let node = open.min(by: { rank($0) < rank($1) }) else { continue }
            pods[index].node = node.name
            pods[index].phase = "Running"
            pods[index].isReady = true
        }
    }

    /// It is gone, and its ReplicaSet makes another.
    mutating func end(_ pod: PodObservation) {
        guard let index = pods.firstIndex(where: { $0.uid == pod.uid }) else { return }
        let ended = pods.remove(at: index)
        if let controller = ended.controller, controller.kind == "ReplicaSet" { make(controller.name, usesEmptyDir: ended.usesEmptyDir) }
    }

    /// The budgets with what they allow now.
    var currentBudgets: [DisruptionBudget] {
        budgets.map { entry in
            var budget = entry.budget
            let ready = pods.count { budget.covers($0) && $0.isReady }
            budget.disruptionsAllowed = max(0, ready - entry.minAvailable)
            return budget
        }
    }
}
