import Bootstrap
public import ClusterModel

/// Carries out what goes through the Kubernetes API.
public struct ClusterDriver: Driver {
    private let api: APIConnection
    let machines: MachineLogin
    /// Written on nodes that it cordons.
    let runID: String
    /// Two nodes that are cordoned at once must not count on each other.
    let cordons = Turns()
    /// What is wrong with the control plane and one machine.
    let problems: @Sendable (_ machine: String) async throws -> [String]

    /// How long an API server may take to answer, and a node to register and become ready.
    static let patience: Duration = .seconds(300)

    public init(
        api: APIConnection, machines: MachineLogin, runID: String = "run",
        problems: @escaping @Sendable (_ machine: String) async throws -> [String] = { _ in [] }
    ) {
        self.api = api
        self.machines = machines
        self.runID = runID
        self.problems = problems
    }

    public func perform(_ step: Step, in context: StepContext) async throws -> StepOutcome {
        let state = await context.state()
        let cluster = try await api.access(state)
        switch step.action {
        case .waitForAPI: return try await waitForAPI(cluster, state: state, context: context)
        case .applyManifests:
            for object in try NodeContents.manifests(state) { try await cluster.apply(object) }
            return .changed
        case .admitNode(let design): return try await admit(step.address.name, design, cluster: cluster, context: context)
        case .deleteNode:
            try await cluster.deleteNode(step.address.name)
            return .changed
        case .taintNode: return try await taint(step.address.name, cluster: cluster, context: context)
        case .cordonNode: return try await cordon(step, state: state, cluster: cluster, context: context)
        case .drainNode(let options):
            return try await drain(step.address.name, options, state: state, cluster: cluster, context: context)
        case .uncordonNode: return try await uncordon(step.address.name, cluster: cluster, context: context)
        case .validateNode: return try await validate(step.address.name, state: state, context: context)
        default: throw SlipwayError(.bug, doing: step.action.name.rawValue, cause: "it is no action of the cluster")
        }
    }

    private func waitForAPI(_ cluster: any ClusterAccess, state: ClusterState, context: StepContext) async throws -> StepOutcome {
        let lines = ProgressOnChange(context.progress)
        let ready = try await context.run.poll(every: .milliseconds(250), for: ClusterDriver.patience) {
            let health = await cluster.health()
            if health.status == .ready { return true }
            lines.say(health.details.first ?? health.status.rawValue)
            return nil
        }
        guard ready == nil else { return .changed }
        let health = await cluster.health()
        let master = state.machines.values.filter { $0.role == .controlPlane }.map(\.name).min()
        throw SlipwayError(
            .failed, doing: "waiting for the API to be ready", cause: health.details.joined(separator: "; "),
            hint: "slipway ssh \(state.name) \(master ?? "MACHINE") -- journalctl -u kube-apiserver -n 50",
            log: await machines.unitLog(.apiserver, on: master, state: state))
    }

    // MARK: Admission

    private func admit(
        _ name: String, _ design: NodeDesign, cluster: any ClusterAccess, context: StepContext
    ) async throws -> StepOutcome {
        let state = await context.state()
        let wasAdmitted = try await find(name, cluster).map { isAdmitted($0, design) } ?? false
        let registered = try await wait("registered", name, state: state, cluster: cluster, context: context) { _ in true }
        if let expected = state.machines[name]?.providerID, registered.providerID != expected {
            throw SlipwayError(
                .refused, doing: "admitting the node",
                cause: "its providerID is \(registered.providerID ?? "absent"), not \(expected): it is not the machine of that name",
                hint: "remove the foreign node, or the machine that registered it")
        }
        try await waitForStorage(name, cluster: cluster, context: context)
        try await update(name, cluster: cluster, context: context) { node in
            NodePatch.design(design, on: node)
        }
        _ = try await wait("ready", name, state: state, cluster: cluster, context: context, until: \.isReady)
        // Last of all the taint: pods come only once labels, route, reachability and proxy are verified.
        try await machines.verifyReachable(name, podCIDR: design.podCIDR, state: state)
        try await update(name, cluster: cluster, context: context) { node in
            NodePatch.open(node)
        }
        return wasAdmitted ? .unchanged : .changed
    }

    /// Kubelet reports itself anew the moment it is given its pod range, and then only every ten seconds. Its CSINode object
    /// is the last thing that it needs to be ready; a range given earlier costs those ten seconds. Without one it goes on.
    private func waitForStorage(_ name: String, cluster: any ClusterAccess, context: StepContext) async throws {
        _ = try await context.run.poll(every: .milliseconds(100), for: .seconds(5), ridingOut: { _ in }) {
            try await cluster.get(path: "/apis/storage.k8s.io/v1/csinodes/\(name)") == nil ? nil : true
        }
    }

    func find(_ name: String, _ cluster: any ClusterAccess) async throws -> NodeObservation? {
        try await cluster.nodes().first { $0.name == name }
    }

    private func isAdmitted(_ node: NodeObservation, _ design: NodeDesign) -> Bool {
        NodePatch.design(design, on: node) == nil && NodePatch.open(node) == nil
    }

    /// Patches on top of what was just read; somebody else's change in between makes it read again.
    func update(
        _ name: String, cluster: any ClusterAccess, context: StepContext, _ patch: @Sendable (NodeObservation) -> JSONValue?
    ) async throws {
        let lines = ProgressOnChange(context.progress)
        let done = try await context.run.poll(every: .milliseconds(200), for: .seconds(30), ridingOut: { lines.say($0.cause) }) {
            guard let node = try await find(name, cluster), let patch = patch(node) else { return true }
            try await cluster.patchNode(name, patch)
            return true
        }
        guard done != nil else {
            throw SlipwayError(
                .failed, doing: "patching the node", cause: lines.last ?? "it did not succeed within 30 seconds", hint: "try again",
                retry: .transient)
        }
    }

    private func wait(
        _ what: String, _ name: String, state: ClusterState, cluster: any ClusterAccess, context: StepContext,
        until condition: @Sendable (NodeObservation) -> Bool
    ) async throws -> NodeObservation {
        let lines = ProgressOnChange(context.progress)
        let node = try await context.run.poll(
            every: .milliseconds(500), for: ClusterDriver.patience, ridingOut: { lines.say($0.cause) }
        ) { () async throws -> NodeObservation? in
            guard let node = try await find(name, cluster) else {
                lines.say("waiting for the node to register")
                return nil
            }
            if condition(node) { return node }
            let message = node.conditions.first { $0.type == "Ready" }?.message ?? ""
            lines.say("not \(what) yet" + (message.isEmpty ? "" : ": \(message)"))
            return nil
        }
        if let node { return node }
        throw SlipwayError(
            .failed, doing: "waiting for the node to be \(what)", cause: "it was not within \(ClusterDriver.patience)",
            hint: "slipway ssh \(state.name) \(name) -- journalctl -u kubelet -n 50",
            log: await machines.unitLog(.kubelet, on: name, state: state))
    }
}
