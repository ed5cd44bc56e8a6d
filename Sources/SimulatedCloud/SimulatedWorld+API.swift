import Bootstrap
public import ClusterModel

extension SimulatedWorld {
    /// The API at an address: of the cluster whose network has it.
    public func connect(_ endpoint: APIEndpoint) -> any ClusterAccess { SimulatedAPI(world: self, url: endpoint.url) }
}

/// The API of one cluster of the world. It answers while a master runs an API server and an etcd.
private struct SimulatedAPI: ClusterAccess {
    let world: SimulatedWorld
    let url: String

    private func unreachable() -> SlipwayError {
        SlipwayError(.unreachable, doing: "asking the API", cause: "no answer from \(url)", retry: .transient)
    }

    /// The uid of the cluster, nil while its API does not answer.
    private func uid(_ contents: SimulatedWorld.Contents) -> String? {
        for network in contents.networks.values where network.isUp {
            let members = contents.machines.values.filter {
                $0.cluster == network.cluster && $0.record.role == .controlPlane && $0.record.status == .running
            }
            // A master's own API server is asked at the master's address, and needs no one to hold the cluster's.
            let own = members.filter { "https://\($0.record.address):\(NodePorts.api)" == url }
            let isShared = "https://\(network.record.apiAddress):\(NodePorts.api)" == url
            guard isShared || !own.isEmpty else { continue }
            let servers = isShared ? members.filter { $0.services[.apiAddress] == "active" } : own
            let formed = members.map(\.etcdMembers.count).max() ?? 0
            let hasQuorum = members.count { $0.services[.etcd] == "active" } * 2 > formed
            let answers = servers.contains { $0.services[.apiserver] == "active" && $0.services[.etcd] == "active" }
            return hasQuorum && answers ? network.cluster.uid : nil
        }
        return nil
    }

    private func reading<Result: Sendable>(_ body: (SimulatedWorld.Network) -> Result) throws -> Result {
        let network = world.with { contents -> SimulatedWorld.Network? in
            guard let uid = uid(contents) else { return nil }
            contents.register(uid)
            contents.networks[uid]?.schedule()
            return contents.networks[uid]
        }
        guard let network else { throw unreachable() }
        return body(network)
    }

    private func changing<Result: Sendable>(
        _ what: String, _ body: @Sendable (inout SimulatedWorld.Network) throws -> Result
    ) throws -> Result {
        _ = try reading { _ in true }
        return try world.change("api \(what)") { contents in
            guard let uid = uid(contents), var network = contents.networks[uid] else { throw unreachable() }
            let result = try body(&network)
            contents.networks[uid] = network
            return result
        }
    }

    func health() async -> APIHealth {
        let isUp = world.with { uid($0) != nil }
        return isUp ? APIHealth(status: .ready) : APIHealth(status: .unreachable, details: ["no answer from \(url)"])
    }

    func version() async throws -> String {
        let version = world.with { contents in
            uid(contents).flatMap { uid in
                contents.machines.values.first { $0.cluster.uid == uid && $0.services[.apiserver] == "active" }?.binariesVersion
            }
        }
        guard let version else { throw unreachable() }
        return "v\(version)"
    }
    func nodes() async throws -> [NodeObservation] { try reading { $0.nodes } }
    func pods(namespace: String?) async throws -> [PodObservation] {
        try reading { network in network.pods.filter { namespace == nil || $0.namespace == namespace } }
    }
    func pods(onNode node: String) async throws -> [PodObservation] { try reading { $0.pods.filter { $0.node == node } } }
    func disruptionBudgets() async throws -> [DisruptionBudget] { try reading { $0.currentBudgets } }

    func evict(_ pod: PodObservation) async throws -> EvictionAnswer {
        try changing("evict \(pod.title)") { network in
            guard network.pods.contains(where: { $0.uid == pod.uid }) else { return .gone }
            let budgets = network.currentBudgets.filter { $0.covers(pod) }
            guard budgets.count < 2 else { return .impossible(reason: "more than one budget") }
            if let budget = budgets.first, budget.disruptionsAllowed < 1 {
                return .blocked(reason: "it would violate the budget \(budget.name)")
            }
            network.end(pod)
            return .accepted
        }
    }

    func deletePod(_ pod: PodObservation) async throws { try changing("delete pod \(pod.title)") { $0.end(pod) } }
    func events(kind: String, name: String) async throws -> [String] { try reading { _ in [] } }
    func close() async {}

    func patchNode(_ name: String, _ patch: JSONValue) async throws -> NodeObservation? {
        try changing("patch node \(name)") { network in
            guard let index = network.nodes.firstIndex(where: { $0.name == name }) else { return nil }
            let version = network.nodes[index].resourceVersion
            if let wanted = patch["metadata"]?["resourceVersion"]?.text, wanted != version {
                throw SlipwayError(.failed, doing: "patching the node", cause: "the object has been modified", retry: .transient)
            }
            network.nodes[index].merge(patch)
            network.nodes[index].resourceVersion = "\((Int(version ?? "") ?? 0) + 1)"
            return network.nodes[index]
        }
    }

    func deleteNode(_ name: String) async throws {
        try changing("delete node \(name)") { network in
            network.nodes.removeAll { $0.name == name }
            for pod in network.pods where pod.node == name { network.end(pod) }
        }
    }

    func apply(_ object: JSONValue) async throws {
        let key = "\(object["kind"]?.text ?? "")/\(object["metadata"]?["name"]?.text ?? "")"
        try changing("apply \(key)") { network in network.objects[key] = object }
    }

    func get(path: String) async throws -> JSONValue? {
        // Kubelet makes it right after its node.
        if path.hasPrefix("/apis/storage.k8s.io/v1/csinodes/") { return .object([:]) }
        if path.contains("/daemonsets/") { return try reading { $0.objects["DaemonSet/\(path.split(separator: "/").last ?? "")"] } }
        guard path == ClusterManifests.notePath else { throw SimulatedWorld.unknown("the path \(path)") }
        return try reading { $0.objects["ConfigMap/slipway"] }
    }
}

extension SimulatedWorld.Contents {
    /// Every kubelet that runs has its node, and says how it is.
    mutating func register(_ uid: String) {
        for machine in machines.values.sorted(by: { $0.record.name < $1.record.name }) where machine.cluster.uid == uid {
            let runs = machine.record.status == .running && machine.services[.kubelet] == "active"
            let ready = NodeObservation.Condition(
                type: "Ready", status: runs ? "True" : "Unknown",
                message: runs ? "kubelet is posting ready status" : "kubelet stopped posting")
            if let index = networks[uid]?.nodes.firstIndex(where: { $0.name == machine.record.name }) {
                networks[uid]?.nodes[index].conditions = [ready]
            } else if runs {
                networks[uid]?.nodes.append(
                    NodeObservation(
                        name: machine.record.name, providerID: machine.record.providerID,
                        labels: ["kubernetes.io/hostname": machine.record.name], taints: [NodeDesign.startupTaint], conditions: [ready],
                        kubeletVersion: "v\(machine.binariesVersion)", addresses: ["\(machine.record.address)"], resourceVersion: "1"))
            }
        }
    }
}

extension NodeObservation {
    /// What a strategic merge patch of a node comes to, as far as Slipway makes them.
    public mutating func merge(_ patch: JSONValue) {
        for (key, value) in patch["metadata"]?["labels"]?.members ?? [:] { labels[key] = value.text }
        for (key, value) in patch["metadata"]?["annotations"]?.members ?? [:] { annotations[key] = value.text }
        if let range = patch["spec"]?["podCIDR"]?.text { podCIDR = range }
        if let flag = patch["spec"]?["unschedulable"]?.flag { unschedulable = flag }
        guard let list = patch["spec"]?["taints"] else { return }
        taints = list.elements.compactMap { taint in
            guard let key = taint["key"]?.text, let effect = taint["effect"]?.text.flatMap(Taint.Effect.init(rawValue:)) else { return nil }
            return Taint(key: key, value: taint["value"]?.text, effect: effect)
        }
    }
}
