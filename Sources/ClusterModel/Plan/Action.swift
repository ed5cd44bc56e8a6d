/// All that a step can do. Closed: a driver switches over it without a default. Every value has a label, as it is a key of
/// the plan as JSON.
public enum Action: Codable, Sendable, Equatable {
    // Cloud
    /// Makes the network or brings it up again.
    case ensureNetwork(cidr: IPv4CIDR?, podCIDR: IPv4CIDR, serviceCIDR: IPv4CIDR)
    case createMachine(design: MachineDesign)
    case startMachine
    /// Shuts it down in an orderly way; its disk stays.
    case stopMachine
    case deleteMachine
    /// Gives a stopped machine another size.
    case resizeMachine(instanceType: String)
    case setRoute(podCIDR: IPv4CIDR, machine: String)
    case deleteRoute(podCIDR: IPv4CIDR)
    case deleteNetwork

    // Machine, over SSH
    /// Waits for a verified login and checks what the machine's system has to offer.
    case connect
    /// Brings the Kubernetes binaries that the role needs.
    case installBinaries(version: KubernetesVersion)
    /// Brings files, certificates and units, and restarts what runs with changed ones.
    case installContent(specDigest: String)
    /// Brings what a successor needs when the state store is lost: the spec and the secrets, for root alone.
    case keepRecoveryKit(digest: String)
    /// Starts and enables units, and waits until each is healthy.
    case startServices(services: [NodeService])
    case stopServices(services: [NodeService])

    // Etcd
    /// Starts the initial members with a new cluster state and waits until all are healthy.
    case formEtcd(token: String, members: [String])
    /// Makes this machine's etcd a member: a learner first, promoted once it has caught up.
    case joinEtcd
    /// Takes this machine out of etcd's members, moves leadership off it first, and wipes its data where it can be reached.
    case leaveEtcd
    /// Moves leadership off this machine's etcd, which is about to be stopped, once the others have a majority without it.
    case handOverEtcd

    // Cluster, over the Kubernetes API
    case waitForAPI
    /// Roles and bindings that the cluster's own parts need.
    case applyManifests(digest: String)
    /// Waits for the node, gives it its pod range and labels, verifies it, and lifts its startup taint.
    case admitNode(design: NodeDesign)
    case deleteNode
    /// Asks the scheduler to prefer other nodes from now on.
    case taintNode
    /// Keeps new pods off the node, and notes on it which run did so.
    case cordonNode
    /// Evicts the node's pods within their budgets and waits until they are gone.
    case drainNode(options: DrainOptions)
    /// Takes back what `taintNode` and `cordonNode` did, and nothing that others did.
    case uncordonNode
    /// Waits until the control plane and this node with its machine are healthy, twice in a row.
    case validateNode

    // Record
    /// Makes the secrets that do not exist yet, all at once.
    case ensureSecrets
    case markEtcd(mark: EtcdMark)
    case markDeleting
    /// Removes state and secrets of the cluster from the store.
    case forgetCluster

    /// Names of actions, as they appear in step ids and plans.
    public enum Name: String, Codable, Sendable, CaseIterable {
        case ensureNetwork = "ensure-network"
        case createMachine = "create-machine"
        case startMachine = "start-machine"
        case stopMachine = "stop-machine"
        case deleteMachine = "delete-machine"
        case resizeMachine = "resize-machine"
        case setRoute = "set-route"
        case deleteRoute = "delete-route"
        case deleteNetwork = "delete-network"
        case connect
        case installBinaries = "install-binaries"
        case installContent = "install-content"
        case keepRecoveryKit = "keep-recovery-kit"
        case startServices = "start-services"
        case stopServices = "stop-services"
        case formEtcd = "form-etcd"
        case joinEtcd = "join-etcd"
        case leaveEtcd = "leave-etcd"
        case handOverEtcd = "hand-over-etcd"
        case waitForAPI = "wait-for-api"
        case applyManifests = "apply-manifests"
        case admitNode = "admit-node"
        case deleteNode = "delete-node"
        case taintNode = "taint-node"
        case cordonNode = "cordon-node"
        case drainNode = "drain-node"
        case uncordonNode = "uncordon-node"
        case validateNode = "validate-node"
        case ensureSecrets = "ensure-secrets"
        case markEtcd = "mark-etcd"
        case markDeleting = "mark-deleting"
        case forgetCluster = "forget-cluster"
    }

    /// Which driver carries it out; limits on concurrency are per kind.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        case cloud, machine, etcd, cluster, record
    }

    public var name: Name {
        switch self {
        case .ensureNetwork: .ensureNetwork
        case .createMachine: .createMachine
        case .startMachine: .startMachine
        case .stopMachine: .stopMachine
        case .deleteMachine: .deleteMachine
        case .resizeMachine: .resizeMachine
        case .setRoute: .setRoute
        case .deleteRoute: .deleteRoute
        case .deleteNetwork: .deleteNetwork
        case .connect: .connect
        case .installBinaries: .installBinaries
        case .installContent: .installContent
        case .keepRecoveryKit: .keepRecoveryKit
        case .startServices: .startServices
        case .stopServices: .stopServices
        case .formEtcd: .formEtcd
        case .joinEtcd: .joinEtcd
        case .leaveEtcd: .leaveEtcd
        case .handOverEtcd: .handOverEtcd
        case .waitForAPI: .waitForAPI
        case .applyManifests: .applyManifests
        case .admitNode: .admitNode
        case .deleteNode: .deleteNode
        case .taintNode: .taintNode
        case .cordonNode: .cordonNode
        case .drainNode: .drainNode
        case .uncordonNode: .uncordonNode
        case .validateNode: .validateNode
        case .ensureSecrets: .ensureSecrets
        case .markEtcd: .markEtcd
        case .markDeleting: .markDeleting
        case .forgetCluster: .forgetCluster
        }
    }

    public var kind: Kind {
        switch self {
        case .ensureNetwork, .createMachine, .startMachine, .stopMachine, .deleteMachine, .resizeMachine, .setRoute, .deleteRoute,
            .deleteNetwork:
            .cloud
        case .connect, .installBinaries, .installContent, .keepRecoveryKit, .startServices, .stopServices: .machine
        case .formEtcd, .joinEtcd, .leaveEtcd, .handOverEtcd: .etcd
        case .waitForAPI, .applyManifests, .admitNode, .deleteNode, .taintNode, .cordonNode, .drainNode, .uncordonNode, .validateNode:
            .cluster
        case .ensureSecrets, .markEtcd, .markDeleting, .forgetCluster: .record
        }
    }

    /// True for what cannot be taken back.
    public var isIrreversible: Bool {
        switch self {
        case .deleteMachine, .deleteNetwork, .forgetCluster, .leaveEtcd: true
        default: false
        }
    }
}

/// A machine to be made, without its secrets.
public struct MachineDesign: Codable, Sendable, Equatable {
    public var name: String
    public var pool: String
    public var zone: String
    public var role: MachineRole
    public var ordinal: Int
    public var instanceType: String
    public var market: MachineMarket?
    public var podCIDR: IPv4CIDR
    /// The machine whose place it takes.
    public var replaces: String?

    public init(
        name: String, pool: String, zone: String, role: MachineRole, ordinal: Int, instanceType: String, market: MachineMarket? = nil,
        podCIDR: IPv4CIDR, replaces: String? = nil
    ) {
        self.name = name
        self.pool = pool
        self.zone = zone
        self.role = role
        self.ordinal = ordinal
        self.instanceType = instanceType
        self.market = market
        self.podCIDR = podCIDR
        self.replaces = replaces
    }
}

/// What a node is to look like in the Kubernetes API.
public struct NodeDesign: Codable, Sendable, Equatable {
    /// Lifted last: a node that has it accepts no pods.
    public static let startupTaint = Taint(key: "slipway.dev/starting", effect: .noSchedule)
    /// On nodes that are about to be replaced: new pods rather go elsewhere.
    public static let leavingTaint = Taint(key: "slipway.dev/leaving", effect: .preferNoSchedule)
    /// On nodes that Slipway cordoned: the run that did.
    public static let cordonAnnotation = "slipway.dev/cordoned-by"

    /// On every node: the keys of the labels, and the taints, that Slipway put there. What leaves the spec leaves the node, and
    /// what others put there stays.
    public static let labelsAnnotation = "slipway.dev/labels"
    public static let taintsAnnotation = "slipway.dev/taints"

    public var podCIDR: IPv4CIDR
    public var labels: [String: String]
    /// Without the startup taint.
    public var taints: [Taint]

    public init(podCIDR: IPv4CIDR, labels: [String: String], taints: [Taint]) {
        self.podCIDR = podCIDR
        self.labels = labels
        self.taints = taints
    }
}

/// The units that Slipway installs and looks after.
public enum NodeService: String, Codable, Sendable, CaseIterable {
    case apiAddress = "slipway-api-address"
    case podBridge = "slipway-pod-bridge"
    case containerd
    case etcd
    case apiserver = "kube-apiserver"
    case controllerManager = "kube-controller-manager"
    case scheduler = "kube-scheduler"
    case proxy = "kube-proxy"
    case kubelet

    /// The systemd unit.
    public var unit: String { "\(rawValue).service" }

    /// What runs on every node, in the order of starting.
    public static let node: [NodeService] = [.podBridge, .containerd, .proxy, .kubelet]
    /// What a control plane node runs besides, in the order of starting.
    public static let controlPlane: [NodeService] = [.etcd, .apiserver, .apiAddress, .controllerManager, .scheduler]
}

/// As the key of a dictionary it is a name in JSON, too: the same services are the same bytes.
extension NodeService: CodingKeyRepresentable {}
