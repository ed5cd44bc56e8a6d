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
        for service in services {
            context.progress("starting \(service.rawValue)")
            try await start(service, on: machine, state: state, context: context)
            if service == .containerd { try await importPauseImage(on: machine, state: state) }
        }
        return .changed
    }

    private func start(_ service: NodeService, on machine: String, state: ClusterState, context: StepContext) async throws {
        // `--no-block`: a unit that waits for its network must not hold the connection; the loop asks instead.
        let begin =
            "systemctl reset-failed \(service.unit) 2>/dev/null; systemctl enable --quiet \(service.unit) && systemctl start --no-block \(service.unit)"
        try await login.run(begin, on: machine, state: state, doing: "starting \(service.rawValue)", timeout: .seconds(60))
        let check = ServiceHealth.script(service)
        let healthy = try await context.run.poll(every: .milliseconds(100), for: ServiceStart.patience) {
            try await login.hosts.run(check, on: login.endpoint(machine, state: state), timeout: .seconds(30)).exitStatus == 0 ? true : nil
        }
        guard healthy == nil else { return }
        throw SlipwayError(
            .failed, doing: "starting \(service.rawValue)", cause: "it was not healthy within \(ServiceStart.patience)",
            hint: "look at: slipway ssh \(state.name) \(machine) -- journalctl -u \(service.rawValue) -n 50",
            log: await login.unitLog(service, on: machine, state: state))
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
