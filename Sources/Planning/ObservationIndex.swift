import ClusterModel

/// What was observed, by name: planning looks at each machine, and must not search all of them for it each time.
struct ObservationIndex: Sendable {
    private(set) var machines: [String: MachineRecord]
    private(set) var nodes: [String: NodeObservation]
    /// The pods of each node, in the order in which they were listed.
    private(set) var pods: [String: [PodObservation]]

    init(_ observation: Observation) {
        machines = Dictionary(observation.cloud.machines.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        nodes = Dictionary(observation.cluster.nodes.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        pods = [:]
        for pod in observation.cluster.workload?.pods ?? [] {
            if let node = pod.node { pods[node, default: []].append(pod) }
        }
    }
}
