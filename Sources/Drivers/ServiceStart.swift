import Bootstrap
import ClusterModel

/// Starts units on a machine and waits until each is healthy.
struct ServiceStart {
    let login: MachineLogin
    let assets: @Sendable (String) throws -> any AssetSource
    /// As `MachineDriver.endpoint`.
    var endpoint: (any Cloud)?

    /// How long a service may take to be healthy.
    static let patience: Duration = .seconds(180)
    /// How long a cloud's endpoint may take until it leads to a machine.
    static let endpointPatience: Duration = .seconds(600)

    func start(_ services: [NodeService], on machine: String, state: ClusterState, context: StepContext) async throws -> StepOutcome {
        if services.contains(.etcd) { try await refuseEmptyEtcd(on: machine, state: state) }
        guard let endpoint, services.contains(.apiAddress) else {
            try await startUnits(services, on: machine, state: state, context: context)
            return .changed
        }
        // Before there is a healthy API server: the endpoint finds out by itself when that is so, and takes its time to.
        context.progress("joining the API's endpoint")
        try await endpoint.joinEndpoint(state.identity, machine: machine)
        try await startUnits(services.filter { $0 != .apiAddress }, on: machine, state: state, context: context)
        try await waitUntilLed(to: machine, by: endpoint, state: state, context: context)
        return .changed
    }

    private func waitUntilLed(to machine: String, by endpoint: any Cloud, state: ClusterState, context: StepContext) async throws {
        let lines = ProgressOnChange(context.progress)
        let isLed = try await context.run.poll(every: .seconds(3), for: Self.endpointPatience, ridingOut: { lines.say($0.cause) }) {
            if try await endpoint.endpointLeads(state.identity, to: machine) { return true }
            lines.say("waiting for the API's endpoint to lead to it")
            return nil
        }
        guard isLed == nil else { return }
        throw SlipwayError(
            .failed, doing: "joining the API's endpoint", cause: "it did not lead to the machine within \(Self.endpointPatience)",
            hint: "slipway ssh \(state.name) \(machine) -- journalctl -u \(NodeService.apiserver.rawValue) -n 50",
            log: await login.unitLog(.apiserver, on: machine, state: state))
    }

    private func startUnits(_ services: [NodeService], on machine: String, state: ClusterState, context: StepContext) async throws {
        // Kubelet must find the sandbox image, so containerd comes first. Where containerd runs already, a run may have
        // ended before it had the image.
        let early = services.contains(.containerd) ? services.prefix { $0 != .containerd } + [.containerd] : []
        try await startTogether(early, on: machine, state: state, context: context)
        if services.contains(.containerd) || services.contains(.kubelet) { try await importPauseImage(on: machine, state: state) }
        try await startTogether(services.filter { !early.contains($0) }, on: machine, state: state, context: context)
    }

    /// Enables units, starts them, and gives them some seconds to be ready.
    ///
    /// `--no-reload`: systemd has read the units when they were delivered, and reads all of them again each time. `--no-block`:
    /// a unit that waits for its network must not hold the connection. The second start joins the first: some units tell
    /// systemd when they are ready, and to wait for that costs the machine less than to ask again and again.
    static func startScript(_ units: String) -> String {
        "systemctl enable --no-reload --quiet \(units) && systemctl start --no-block \(units) "
            + "&& { timeout 15 systemctl start \(units) >/dev/null 2>&1 || true; }"
    }

    /// Starts all at once (systemd knows their order) and asks in turns until each is healthy.
    private func startTogether(_ services: [NodeService], on machine: String, state: ClusterState, context: StepContext) async throws {
        guard !services.isEmpty else { return }
        let units = services.map(\.unit).joined(separator: " ")
        let names = services.map(\.rawValue).joined(separator: ", ")
        context.progress("starting \(names)")
        let begin = "systemctl reset-failed \(units) 2>/dev/null; \(Self.startScript(units))"
        try await login.run(begin, on: machine, state: state, doing: "starting \(names)", timeout: .seconds(60))
        try await waitUntilHealthy(services, on: machine, state: state, context: context)
    }

    /// - Parameter running: leave out those that were stopped or never started.
    func waitUntilHealthy(
        _ services: [NodeService], running: Bool = false, on machine: String, state: ClusterState, context: StepContext
    ) async throws {
        let endpoint = try await login.endpoint(machine, state: state)
        // Prints those that are not healthy; a short wait on the machine saves asking too often over the network.
        let checks = services.map { service in
            let check = "{ \(ServiceHealth.script(service)); } >/dev/null 2>&1 || sick=\"$sick \(service.rawValue)\""
            return running ? "systemctl show --property=ActiveState \(service.unit) | grep -q =inactive || \(check)" : check
        }
        let script =
            "for turn in 1 2 3 4 5; do sick=\n\(checks.joined(separator: "\n"))\n[ -n \"$sick\" ] || break\nsleep 0.4\ndone\necho $sick"
        let lines = ProgressOnChange(context.progress)
        let healthy = try await context.run.poll(
            every: .milliseconds(50), for: ServiceStart.patience, ridingOut: { lines.say($0.cause) }
        ) { () async throws -> Bool? in
            let sick = try await login.hosts.run(script, on: endpoint, timeout: .seconds(60)).text.split(whereSeparator: \.isWhitespace)
            if sick.isEmpty { return true }
            lines.say("waiting for \(sick.joined(separator: ", "))")
            return nil
        }
        guard healthy == nil else { return }
        let sick = try await login.hosts.run(script, on: endpoint, timeout: .seconds(60)).text.split(whereSeparator: \.isWhitespace)
        guard let first = sick.first.flatMap({ NodeService(rawValue: String($0)) }) else { return }
        throw SlipwayError(
            .failed, doing: "starting \(first.rawValue)", cause: "it was not healthy within \(ServiceStart.patience)",
            hint: "slipway ssh \(state.name) \(machine) -- journalctl -u \(first.rawValue) -n 50",
            log: await login.unitLog(first, on: machine, state: state))
    }

    /// An etcd without its data is never started: its unit refuses, too.
    private func refuseEmptyEtcd(on machine: String, state: ClusterState) async throws {
        let result = try await login.hosts.run(
            "test -d \(NodePaths.etcdData)/member", on: login.endpoint(machine, state: state), timeout: .seconds(30))
        guard result.exitStatus != 0 else { return }
        throw SlipwayError(
            .refused, doing: "starting etcd", cause: "its data (\(NodePaths.etcdData)/member) is gone, and the cluster was initialised",
            hint: "put the data back, or delete the cluster and create it anew")
    }

    private func importPauseImage(on machine: String, state: ClusterState) async throws {
        let endpoint = try await login.endpoint(machine, state: state)
        let there = try await login.hosts.run(
            "ctr --namespace k8s.io images ls -q | grep -qxF \(NodeImages.pause)", on: endpoint, timeout: .seconds(60))
        guard there.exitStatus != 0 else { return }
        guard let version = state.desired.spec.kubernetesVersion else {
            throw SlipwayError(.bug, doing: "choosing the pod sandbox image", cause: "the Kubernetes version was not resolved")
        }
        let file = try await assets(state.desired.spec.assets.source).pauseImage(named: NodeImages.pause, for: version)
        let path = "/opt/slipway/pause.tar"
        try await login.hosts.upload(
            .file(path: file.path, sha256: file.sha256), to: path, mode: 0o644, on: endpoint, timeout: .seconds(120))
        try await login.run(
            "ctr --namespace k8s.io images import \(path) && rm -f \(path)", on: machine, state: state,
            doing: "importing the pod sandbox image",
            timeout: .seconds(120))
    }
}

/// How to ask a service whether it works: a script that exits with 0 when it does.
enum ServiceHealth {
    static func script(_ service: NodeService) -> String {
        let active = "systemctl is-active --quiet \(service.unit)"
        return switch service {
        case .etcd: "\(active) && \(Etcdctl.healthScript)"
        case .containerd: "\(active) && ctr version >/dev/null 2>&1"
        case .kubelet: "\(active) && \(listens(NodePorts.kubeletHealth)) && \(answers(NodePorts.kubeletHealth, path: "/healthz"))"
        case .apiserver: "\(active) && \(listens(NodePorts.api))"
        case .controllerManager: "\(active) && \(listens(NodePorts.controllerManager))"
        case .scheduler: "\(active) && \(listens(NodePorts.scheduler))"
        case .proxy: "\(active) && \(listens(NodePorts.proxyHealth))"
        case .apiAddress, .podBridge: active
        }
    }

    private static func listens(_ port: Int) -> String { "ss -Hltn 'sport = :\(port)' | grep -q ." }

    private static func answers(_ port: Int, path: String) -> String {
        "printf 'GET \(path) HTTP/1.0\\r\\n\\r\\n' | socat -T 2 - TCP:127.0.0.1:\(port) 2>/dev/null | head -n 1 | grep -q ' 200 '"
    }
}
