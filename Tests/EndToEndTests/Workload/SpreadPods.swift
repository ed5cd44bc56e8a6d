import Foundation

/// Pods that do nothing but ask for a place: more than half of a small node's memory, so that there is room for one a node, and
/// for one on the memory-heavy pool that is larger than a small node.
struct SpreadPods: Sendable {
    let cluster: HA

    /// Returns when `running` of them run, and the one of the memory-heavy pool if it was asked for.
    func deploy(replicas: Int, running: Int, heavy: Bool) async throws {
        _ = try await cluster.kubectl("apply", "-f", "-", input: Self.manifest(replicas: replicas) + (heavy ? Self.heavy : ""))
        _ = try await until(.seconds(60), "\(running) pods run") { () -> Bool? in
            let places = try await nodes()
            return places.spread.count == running && (!heavy || !places.heavy.isEmpty) ? true : nil
        }
    }

    /// Names of the nodes on which pods run.
    func nodes() async throws -> (spread: [String], heavy: [String]) {
        func places(_ app: String) async throws -> [String] {
            try await cluster.kubectl(
                "get", "pods", "-l", "app=\(app)", "-o",
                "jsonpath={range .items[?(@.status.phase==\"Running\")]}{.metadata.deletionTimestamp},{.spec.nodeName}{\"\\n\"}{end}"
            ).split(separator: "\n").filter { $0.hasPrefix(",") }.map { String($0.dropFirst()) }.sorted()
        }
        return (try await places("spread"), try await places("heavy"))
    }

    private static func manifest(replicas: Int) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: spread}
        spec:
          replicas: \(replicas)
          selector: {matchLabels: {app: spread}}
          template:
            metadata: {labels: {app: spread}}
            spec:
              terminationGracePeriodSeconds: 1
              # Shorter than Kubernetes' own five minutes, so that the test need not wait for them.
              tolerations:
                - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 2}
                - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 2}
              containers:
                - name: wait
                  image: slipway.dev/pause:1
                  # Every node has it, and no registry does.
                  imagePullPolicy: Never
                  resources: {requests: {memory: 1Gi}}

        """
    }

    private static let heavy = """
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: heavy}
        spec:
          replicas: 1
          selector: {matchLabels: {app: heavy}}
          template:
            metadata: {labels: {app: heavy}}
            spec:
              terminationGracePeriodSeconds: 1
              nodeSelector: {example.com/heavy: memory}
              tolerations: [{key: example.com/heavy, operator: Exists}]
              containers:
                - name: wait
                  image: slipway.dev/pause:1
                  # Every node has it, and no registry does.
                  imagePullPolicy: Never
                  resources: {requests: {memory: 3Gi}}

        """
}
