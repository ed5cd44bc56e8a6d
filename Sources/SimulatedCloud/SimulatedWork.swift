import ClusterModel

/// What takes time in the simulated world: calls, and what goes on by itself after them.
public enum SimulatedWork: String, Codable, Sendable, CaseIterable {
    // The cloud
    case preflight, observe, clusters
    case ensureNetwork = "ensure-network"
    case tagNetwork = "tag-network"
    case deleteNetwork = "delete-network"
    case createMachine = "create-machine"
    case startMachine = "start-machine"
    case stopMachine = "stop-machine"
    case resizeMachine = "resize-machine"
    case deleteMachine = "delete-machine"
    case setRoute = "set-route"
    case deleteRoute = "delete-route"
    case tagMachine = "tag-machine"
    case joinEndpoint = "join-endpoint"
    case leaveEndpoint = "leave-endpoint"
    case consoleTail = "console-tail"

    // Machines, over SSH
    case script, upload
    /// Of a node's content.
    case deliver
    /// From the cloud's answer to the first login.
    case boot

    // The Kubernetes API
    case apiRead = "api-read"
    case apiWrite = "api-write"

    // From the start of a unit until it is healthy
    case startEtcd = "start-etcd"
    case startAPIServer = "start-kube-apiserver"
    case startContainerd = "start-containerd"
    case startKubelet = "start-kubelet"
    case startUnit = "start-unit"
    /// From a healthy kubelet to a ready node.
    case join

    static func start(of service: NodeService) -> SimulatedWork {
        switch service {
        case .etcd: .startEtcd
        case .apiserver: .startAPIServer
        case .containerd: .startContainerd
        case .kubelet: .startKubelet
        default: .startUnit
        }
    }
}
