import Foundation
import Glibc

/// One master and a pool in two zones.
struct Rough: Sendable {
    static let name = "rough"

    let store: Store
    var bench: Bench { store.bench }

    /// Does nothing when the cluster is there.
    func create(workers: Int) async throws {
        guard !FileManager.default.fileExists(atPath: "\(store.folder(of: Self.name))/state.json") else { return }
        let arguments = [
            "create", "cluster", Self.name, "--cloud", "local", "--zones", "local-a,local-b", "--control-plane-count", "1",
            "--node-count", "\(workers)", "--assets", bench.mirror, "--yes",
        ]
        let created = try await bench.run(bench.binary, arguments, environment: store.environment, limit: .seconds(300)).expect(0)
        _ = bench.uids
        bench.say("\(text(created.seconds))  0  slipway create cluster \(Self.name)")
    }

    @discardableResult
    func kubectl(_ arguments: String..., input: String = "") async throws -> String {
        let result = try await bench.run(
            "kubectl", ["--context", Self.name] + arguments, input: Array(input.utf8), environment: store.environment)
        return try result.expect(0).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    func workers() async throws -> [String] {
        try await store.machines(Self.name).filter { $0.role == "worker" }.map(\.name).sorted()
    }

    /// Pods that take a place and end at once when they are told to.
    func deploySteady(replicas: Int) async throws {
        let manifest = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: steady}
            spec:
              replicas: \(replicas)
              selector: {matchLabels: {app: steady}}
              template:
                metadata: {labels: {app: steady}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                    - {name: wait, image: "slipway.dev/pause:1", imagePullPolicy: Never}

            """
        try await kubectl("apply", "-f", "-", input: manifest)
        try await kubectl("rollout", "status", "deployment/steady", "--timeout=100s")
    }

    /// A budget for the deployment, in the form that the oldest release has.
    func limit(unavailable: Int) async throws {
        let manifest = """
            apiVersion: policy/v1beta1
            kind: PodDisruptionBudget
            metadata: {name: steady}
            spec: {maxUnavailable: \(unavailable), selector: {matchLabels: {app: steady}}}

            """
        try await kubectl("apply", "-f", "-", input: manifest)
    }

    /// Pods of the deployment that run and are not about to end.
    func running() async throws -> Int {
        try await kubectl(
            "get", "pods", "-l", "app=steady", "-o",
            "jsonpath={range .items[?(@.status.phase==\"Running\")]}{.metadata.deletionTimestamp},{\"\\n\"}{end}"
        ).split(separator: "\n").count { $0 == "," }
    }

    /// Its process 1 is killed and its disk is gone.
    func lose(_ machine: String) async throws {
        let host = try await HostMachines(Self.name, of: store)
        kill(try unwrap(host.leaders()[machine], "\(machine) has no process 1"), SIGKILL)
        _ = try await until(.seconds(30), "\(machine) has ended") { host.members().contains { $0.machine == machine } ? nil : true }
        try FileManager.default.removeItem(atPath: "\(host.folder(in: bench))/machines/\(machine)")
    }

    func expectNothingMarked() async throws { try await store.expectNothingMarked(Self.name) }

    /// Healthy, nothing marked, nothing more to do.
    func expectSettled() async throws { try await store.expectSettled(Self.name) }
}
