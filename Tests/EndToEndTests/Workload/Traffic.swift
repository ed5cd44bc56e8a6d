import Foundation
import Glibc
import Synchronization

/// A Deployment that answers requests, its budget, and clients that ask all the time.
struct Traffic: Sendable {
    static let image = "slipway.example/traffic:1"
    static let replicas = 6
    static let nodePort = 30080

    let store: Store
    let cluster: String
    private let imported = Imported()

    init(_ store: Store, cluster: String) {
        self.store = store
        self.cluster = cluster
    }

    private var bench: Bench { store.bench }
    private var program: String { "\(bench.folder)/traffic" }
    private var archive: String { "\(bench.folder)/traffic.tar" }

    // MARK: Setting up

    /// The pods run on the pool `nodes`; one client is a pod of the pool `other`.
    func deploy() async throws {
        let source = "\(bench.folder)/traffic.c"
        try Data(TrafficProgram.source.utf8).write(to: URL(filePath: source))
        let compiler = try unwrap(Setup.find("gcc") ?? Setup.find("clang"), "there is no C compiler on PATH")
        try await bench.run(compiler, ["-O1", "-static", "-pthread", "-o", program, source]).expect(0)
        try await bench.run("sh", ["-c", WebSite.imageScript("traffic"), "image", program, archive, Self.image]).expect(0)
        try await importImages()
        try await store.kubectl(cluster, "apply", "-f", "-", input: Self.manifest)
        try await store.kubectl(cluster, "rollout", "status", "deployment/web", "--timeout=100s")
        let address = try await store.kubectl(cluster, "get", "service", "web", "-o", "jsonpath={.spec.clusterIP}")
        try await store.kubectl(cluster, "apply", "-f", "-", input: Self.clientPod(address))
        try await store.kubectl(cluster, "wait", "--for=condition=Ready", "pod/client", "--timeout=60s")
    }

    /// There is no registry: whatever worker is there gets the image.
    func importImages() async throws {
        let bytes = Array(try Data(contentsOf: URL(filePath: archive)))
        for machine in try await store.machines(cluster) where machine.role == "worker" && machine.status == "running" {
            guard !imported.contains(machine.name) else { continue }
            // A machine that boots has no containerd yet, and is asked again.
            guard (try? await store.on(machine.name, of: cluster, "ctr -n k8s.io images ls -q >/dev/null")) != nil else { continue }
            if (try? await store.on(machine.name, of: cluster, "ctr -n k8s.io images import - >/dev/null", input: bytes)) != nil {
                imported.add(machine.name)
            }
        }
    }

    private final class Imported: Sendable {
        private let names = Mutex<Set<String>>([])
        func contains(_ name: String) -> Bool { names.withLock { $0.contains(name) } }
        func add(_ name: String) { _ = names.withLock { $0.insert(name) } }
    }

    // MARK: Asking

    /// Asks from outside, through the port of a machine of the other pool, while `body` runs, and tells it how many pods the
    /// budget counts as available at least.
    /// - Returns: all requests of both clients, in the order of their beginning.
    func during(_ body: () async throws -> Void) async throws -> (requests: [Request], fewestAvailable: Int) {
        let gate = try unwrap(
            try await store.machines(cluster).first { $0.name.contains("-other-") }, "the other pool has no machine")
        guard store.world == nil else {
            // From this host, which is outside of every network of the world.
            return try await during(["env"], gate: try unwrap(gate.accessAddress, "\(gate.name) has no public address"), body)
        }
        let space = "load-\(getpid())"
        let router = "slw-\(try await HostMachines(cluster, of: store).uid)"
        try await bench.run("ip", ["netns", "add", space]).expect(0)
        defer { Self.remove(space) }
        for arguments in [
            "-n \(router) link add ld0 type veth peer name eth0 netns \(space)", "-n \(router) address add 198.18.0.1/30 dev ld0",
            "-n \(router) link set ld0 up", "-n \(space) address add 198.18.0.2/30 dev eth0", "-n \(space) link set eth0 up",
            "-n \(space) link set lo up", "-n \(space) route add default via 198.18.0.1",
        ] { try await bench.run("ip", arguments.split(separator: " ").map(String.init)).expect(0) }
        return try await during(["ip", "netns", "exec", space], gate: try unwrap(gate.address, "\(gate.name) has no address"), body)
    }

    private func during(
        _ prefix: [String], gate: String, _ body: () async throws -> Void
    ) async throws -> (requests: [Request], fewestAvailable: Int) {
        let fewest = Fewest()
        // Both go on until they are cancelled.
        let images = Task {
            while !Task.isCancelled {
                try? await importImages()
                try? await Task.sleep(for: .milliseconds(500))
            }
        }
        let watch = Task {
            while !Task.isCancelled {
                let now = try? await store.kubectl(cluster, "get", "deployment", "web", "-o", "jsonpath={.status.availableReplicas}")
                if let now = now.flatMap({ Int($0) }) { fewest.see(now) }
                try? await Task.sleep(for: .seconds(1))
            }
        }
        defer {
            images.cancel()
            watch.cancel()
        }
        let outside = try await bench.run(
            prefix[0], prefix.dropFirst() + [program, "load", gate, "\(Self.nodePort)", "8", "70"], limit: .seconds(600)
        ) { client in
            try await body()
            client.send(SIGTERM)
        }
        try outside.expect(0)
        // A kubelet whose connection was to a master that has just left finds out by its next request, and this may be that one.
        let inside = try await until(.seconds(60), "the client's log is there") { try? await store.kubectl(cluster, "logs", "client") }
        let requests = try
            (outside.output.split(separator: "\n").map { try Request("outside", $0) }
            + inside.split(separator: "\n").map { try Request("inside", $0) }).sorted { $0.start < $1.start }
        return (requests, fewest.value)
    }

    private final class Fewest: Sendable {
        private let seen = Mutex(Traffic.replicas)
        var value: Int { seen.withLock { $0 } }
        func see(_ number: Int) { seen.withLock { $0 = min($0, number) } }
    }

    private static func remove(_ space: String) {
        guard let ip = Setup.find("ip"), let process = try? Process.run(URL(filePath: ip), arguments: ["netns", "delete", space]) else {
            return
        }
        process.waitUntilExit()
    }

    struct Request: Sendable {
        var client: String
        /// When it began.
        var start: Date
        /// `new`, `fresh` or `kept`: a connection for this one, the first on one that is kept, or on one that was.
        var kind: String
        var result: String
        var milliseconds: Int
        var pod: String

        init(_ client: String, _ line: Substring) throws {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 5, let start = Double(words[0]), let took = Int(words[3]) else { throw Failure("no request: \(line)") }
            self.client = client
            self.start = Date(timeIntervalSince1970: start / 1000)
            kind = words[1]
            result = words[2]
            milliseconds = took
            pod = words[4]
        }

        var text: String { "\(client) \(start.timeIntervalSince1970) \(kind) \(result) \(milliseconds) ms \(pod)" }
    }

    // MARK: Manifests

    private static let manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: \(replicas)
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              nodeSelector: {slipway.dev/pool: nodes}
              terminationGracePeriodSeconds: 40
              containers:
                - name: web
                  image: \(image)
                  imagePullPolicy: Never
                  command: [/bin/traffic, serve, "8080"]
                  ports: [{containerPort: 8080}]
                  readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
                  # Long enough for every proxy to hear that it goes.
                  lifecycle: {preStop: {exec: {command: [/bin/traffic, prestop, "4"]}}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec:
          type: NodePort
          selector: {app: web}
          ports: [{port: 80, targetPort: 8080, nodePort: \(nodePort)}]
        ---
        apiVersion: policy/v1beta1
        kind: PodDisruptionBudget
        metadata: {name: web}
        spec:
          minAvailable: \(replicas - 1)
          selector: {matchLabels: {app: web}}

        """

    private static func clientPod(_ address: String) -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: client}
        spec:
          nodeSelector: {slipway.dev/pool: other}
          terminationGracePeriodSeconds: 1
          containers:
            - name: client
              image: \(image)
              imagePullPolicy: Never
              command: [/bin/traffic, load, "\(address)", "80", "8", "70"]

        """
    }
}
