import Foundation

extension EndToEndTests {
    /// The contexts of the kubeconfig, all of them, and that nobody else may read it.
    static func expectKubeconfig(_ bench: Bench, contexts: [String]) async throws {
        let found = try await bench.run("kubectl", ["config", "get-contexts", "-o", "name"]).expect(0).output
        try check(found.split(separator: "\n").sorted().map(String.init) == contexts.sorted(), "the kubeconfig's contexts are: \(found)")
        let text = try String(contentsOfFile: bench.kubeconfig, encoding: .utf8)
        try check(text.contains("not-a-secret") && text.contains("https://192.0.2.1:6443"), "what was in the kubeconfig before is gone")
        let mode = try FileManager.default.attributesOfItem(atPath: bench.kubeconfig)[.posixPermissions] as? Int
        try check(mode == 0o600, "the kubeconfig has mode \(String(mode ?? 0, radix: 8))")
    }

    /// The kubeconfig's contexts of clusters of this name.
    static func contexts(of cluster: String, _ bench: Bench) async throws -> [String] {
        try await bench.run("kubectl", ["config", "get-contexts", "-o", "name"]).expect(0).output.split(separator: "\n").map(String.init)
            .filter { $0 == cluster || $0.hasPrefix("slipway-\(cluster)-") || $0.hasPrefix("\(cluster)-") }
    }

    /// The same from every store, all begun before any has ended, and all well.
    static func atOneMoment(_ stores: [Store], _ work: @escaping @Sendable (Store) async throws -> ProgramResult) async throws {
        try await withThrowingTaskGroup(of: (began: ContinuousClock.Instant, ended: ContinuousClock.Instant).self) { group in
            for store in stores {
                group.addTask {
                    let began = ContinuousClock.now
                    try await work(store).expect(0)
                    return (began, ContinuousClock.now)
                }
            }
            var times: [(began: ContinuousClock.Instant, ended: ContinuousClock.Instant)] = []
            for try await time in group { times.append(time) }
            let (began, ended) = try (unwrap(times.map(\.began).max(), "nothing ran"), unwrap(times.map(\.ended).min(), "nothing ran"))
            try check(began < ended, "they ran one after the other")
        }
    }

    /// Nothing of a cluster is on the host any more.
    static func expectNothing(_ host: HostMachines, _ bench: Bench) async throws {
        let left = host.traces()
        try check(left.isEmpty, "the delete left:\n\(left.joined(separator: "\n"))")
        try check(!FileManager.default.fileExists(atPath: host.folder(in: bench)), "the delete left \(host.folder(in: bench))")
    }

    static func expectStopped(_ machine: Store.Machine, of store: Store) async throws {
        let cluster = String(machine.name.prefix { $0 != "-" })
        _ = try await until(.seconds(20), "\(machine.name) is stopped") { () -> Bool? in
            try await store.machines(cluster).contains { $0.name == machine.name && $0.status == "stopped" } ? true : nil
        }
    }

    /// Etcd does not run, and did not make data of its own.
    static func expectEtcdDown(_ standing: Standing, _ control: Store.Machine) async throws {
        let found = try await standing.on(
            control, "systemctl is-active etcd; pidof etcd && echo runs; ls /var/lib/etcd | grep -v away; true")
        let lines = found.split(separator: "\n").map(String.init)
        try check(lines == ["failed"] || lines == ["inactive"], "etcd on \(control.name): \(found)")
    }

    /// Number and time of birth of etcd's first files: others when it is formed anew.
    static func etcdFiles(_ cluster: String, _ store: Store) async throws -> String {
        try await store.on(
            "\(cluster)-control-plane-a-1", of: cluster, "stat --format '%n %i %w' /var/lib/etcd/member /var/lib/etcd/member/wal")
    }

    /// The standard error of `slipway ssh ... cat KEY` is what was asked for: the search for secrets leaves that out.
    static func isAskedFor(_ data: Data) -> Bool {
        data.starts(with: Data("FILE /etc/".utf8)) || data.starts(with: Data("apiVersion: apiserver".utf8))
    }

    /// Address, namespace and name of every pod.
    static let listPods = """
        from kubernetes import client, config
        config.load_kube_config()
        for pod in client.CoreV1Api().list_pod_for_all_namespaces(watch=False).items:
            print(pod.status.pod_ip, pod.metadata.namespace, pod.metadata.name)
        """
}
