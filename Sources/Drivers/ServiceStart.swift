import Bootstrap
import ClusterModel

/// Starts units on a machine and waits until each is healthy.
struct ServiceStart {
    let login: MachineLogin
    let assets: @Sendable (String) throws -> any AssetSource

    /// How long a service may take to be healthy.
    static let patience: Duration = .seconds(180)

    func start(_ services: [NodeService], on machine: String, state: ClusterState, context: StepContext) async throws -> StepOutcome {
        if services.contains(.etcd) { try await refuseEmptyEtcd(on: machine, state: state) }
        // Kubelet must find the sandbox image, so containerd comes first. Where containerd runs already, a run may have
        // ended before it had the image.
        let early = services.contains(.containerd) ? services.prefix { $0 != .containerd } + [.containerd] : []
        try await startTogether(early, on: machine, state: state, context: context)
        if services.contains(.containerd) || services.contains(.kubelet) { try await importPauseImage(on: machine, state: state) }
        try await startTogether(services.filter { !early.contains($0) }, on: machine, state: state, context: context)
        return .changed
    }

    /// Starts all at once (systemd knows their order) and asks in turns until each is healthy.
    private func startTogether(_ services: [NodeService], on machine: String, state: ClusterState, context: StepContext) async throws {
        guard !services.isEmpty else { return }
        let units = services.map(\.unit).joined(separator: " ")
        let names = services.map(\.rawValue).joined(separator: ", ")
        context.progress("starting \(names)")
        // `--no-block`: a unit that waits for its network must not hold the connection.
        let begin = "systemctl reset-failed \(units) 2>/dev/null; systemctl enable --quiet \(units) && systemctl start --no-block \(units)"
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
            "for turn in 1 2 3 4 5 6 7 8 9 10; do sick=\n\(checks.joined(separator: "\n"))\n[ -n \"$sick\" ] || break\nsleep 0.2\ndone\necho $sick"
        let lines = ProgressOnChange(context.progress)
        let healthy = try await context.run.poll(every: .milliseconds(50), for: ServiceStart.patience) { () async throws -> Bool? in
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
        let file = try await assets(state.desired.spec.assets.source).pauseImage(named: NodeImages.pause)
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
        case .kubelet: "\(active) && \(answers(NodePorts.kubeletHealth, path: "/healthz"))"
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
