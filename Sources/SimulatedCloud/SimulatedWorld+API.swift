import Bootstrap
public import ClusterModel

extension SimulatedWorld {
    /// The API at an address: of the cluster whose network has it.
    public func connect(_ endpoint: APIEndpoint) -> any ClusterAccess {
        SimulatedAPI(world: self, url: endpoint.url, connectsTo: endpoint.connectsTo)
    }
}

/// The API of one cluster of the world. It answers while a master runs an API server and an etcd.
private struct SimulatedAPI: ClusterAccess {
    let world: SimulatedWorld
    let url: String
    let connectsTo: IPv4Address?

    private func unreachable() -> SlipwayError {
        SlipwayError(.unreachable, doing: "asking the API", cause: "no answer from \(url)", retry: .transient)
    }

    /// The uid of the cluster, nil while its API does not answer.
    private func uid(_ contents: SimulatedWorld.Contents) -> String? {
        let moment = world.moment
        for network in contents.networks.values where network.isUp {
            let members = contents.masters(network.cluster).filter { $0.record.status == .running }
            // A master's own API server is asked at the master's address, and needs no one to hold the cluster's.
            let own = members.filter { isOwn($0.record) }
            let isShared = network.record.accessURL == url
            guard isShared || !own.isEmpty else { continue }
            let servers = isShared ? members.filter { network.leads(to: $0, moment) } : own
            let hasQuorum = contents.hasQuorum(network.cluster, moment)
            let answers = servers.contains { $0.isHealthy(.apiserver, moment) && $0.isHealthy(.etcd, moment) }
            return hasQuorum && answers ? network.cluster.uid : nil
        }
        return nil
    }

    private func isOwn(_ machine: MachineRecord) -> Bool {
        let host = machine.accessAddress == nil ? "\(machine.address)" : machine.name
        return "https://\(host):\(NodePorts.api)" == url && connectsTo == machine.accessAddress
    }

    private func reading<Result: Sendable>(
        _ what: String, _ body: @Sendable (SimulatedWorld.Network) throws -> Result
    ) async throws -> Result {
        try await world.read(.apiRead, "api \(what)") { contents in
            guard let uid = uid(contents) else { throw unreachable() }
            contents.register(uid, world.moment)
            contents.networks[uid]?.schedule()
            guard let network = contents.networks[uid] else { throw unreachable() }
            return try body(network)
        }
    }

    private func changing<Result: Sendable>(
        _ what: String, _ body: @Sendable (inout SimulatedWorld.Network) throws -> Result
    ) async throws -> Result {
        // What does not answer was not asked for anything.
        let isUp = try world.transaction { uid($0) != nil }
        guard isUp else { throw unreachable() }
        return try await world.change(.apiWrite, "api \(what)") { contents in
            guard let uid = uid(contents) else { throw unreachable() }
            contents.register(uid, world.moment)
            guard var network = contents.networks[uid] else { throw unreachable() }
            let result = try body(&network)
            contents.networks[uid] = network
            return result
        }
    }

    func health() async -> APIHealth {
        do {
            return try await reading("health") { _ in APIHealth(status: .ready) }
        } catch {
            return APIHealth(status: .unreachable, details: ["no answer from \(url)"])
        }
    }

    func version() async throws -> String {
        let version = try await world.read(.apiRead, "api version") { contents in
            uid(contents).flatMap { uid in
                contents.machines.values.first { $0.cluster.uid == uid && $0.services[.apiserver] == "active" }?.binariesVersion
            }
        }
        guard let version else { throw unreachable() }
        return "v\(version)"
    }

    func nodes() async throws -> [NodeObservation] { try await reading("nodes") { $0.nodes } }
    func pods(namespace: String?) async throws -> [PodObservation] {
        try await reading("pods") { network in network.pods.filter { namespace == nil || $0.namespace == namespace } }
    }
    func pods(onNode node: String) async throws -> [PodObservation] {
        try await reading("pods of \(node)") { $0.pods.filter { $0.node == node } }
    }
    func disruptionBudgets() async throws -> [DisruptionBudget] { try await reading("budgets") { $0.currentBudgets } }

    func evict(_ pod: PodObservation) async throws -> EvictionAnswer {
        try await changing("evict \(pod.title)") { network in
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

    func deletePod(_ pod: PodObservation) async throws { try await changing("delete pod \(pod.title)") { $0.end(pod) } }
    func events(kind: String, name: String) async throws -> [String] { try await reading("events of \(name)") { _ in [] } }
    func close() async {}

    func patchNode(_ name: String, _ patch: JSONValue) async throws -> NodeObservation? {
        try await changing("patch node \(name)") { network in
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
        try await changing("delete node \(name)") { network in
            network.nodes.removeAll { $0.name == name }
            for pod in network.pods where pod.node == name { network.end(pod) }
        }
    }

    func apply(_ object: JSONValue) async throws {
        let key = "\(object["kind"]?.text ?? "")/\(object["metadata"]?["name"]?.text ?? "")"
        try await changing("apply \(key)") { network in network.objects[key] = object }
    }

    func get(path: String) async throws -> JSONValue? {
        // Kubelet makes it right after its node.
        if path.hasPrefix("/apis/storage.k8s.io/v1/csinodes/") { return .object([:]) }
        if path.contains("/daemonsets/") {
            return try await reading("daemon sets") { $0.objects["DaemonSet/\(path.split(separator: "/").last ?? "")"] }
        }
        guard path == ClusterManifests.notePath else { throw SimulatedWorld.unknown("the path \(path)") }
        return try await reading("note") { $0.objects["ConfigMap/slipway"] }
    }
}

extension SimulatedWorld.Network {
    /// Whether the cluster's address leads to the machine.
    fileprivate func leads(to machine: SimulatedWorld.Machine, _ moment: Moment) -> Bool {
        endpointMachines.map { $0.contains(machine.record.name) } ?? machine.isHealthy(.apiAddress, moment)
    }
}

extension SimulatedWorld.Contents {
    /// Every kubelet that runs has its node, and says how it is.
    mutating func register(_ uid: String, _ moment: Moment) {
        guard let nodes = networks[uid]?.nodes else { return }
        let places = Dictionary(nodes.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
        var new: [NodeObservation] = []
        for machine in machines.values where machine.cluster.uid == uid {
            let runs = machine.record.status == .running && machine.isHealthy(.kubelet, moment)
            let place = places[machine.record.name]
            guard runs || place != nil else { continue }
            let isReady = runs && moment.isPast(machine.joinedAt)
            let status = isReady ? "True" : runs ? "False" : "Unknown"
            // Of a thousand nodes hardly any has changed.
            if let place, nodes[place].conditions.count == 1, nodes[place].status(of: "Ready") == status { continue }
            let ready = NodeObservation.Condition(
                type: "Ready", status: status, message: runs ? "kubelet is posting ready status" : "kubelet stopped posting")
            if let place {
                networks[uid]?.nodes[place].conditions = [ready]
                continue
            }
            new.append(
                NodeObservation(
                    name: machine.record.name, providerID: machine.record.providerID,
                    labels: ["kubernetes.io/hostname": machine.record.name], taints: [NodeDesign.startupTaint], conditions: [ready],
                    kubeletVersion: "v\(machine.binariesVersion)", addresses: ["\(machine.record.address)"], resourceVersion: "1"))
        }
        networks[uid]?.nodes += new.sorted { $0.name < $1.name }
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
