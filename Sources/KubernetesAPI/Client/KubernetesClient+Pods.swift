public import ClusterModel

extension KubernetesClient {
    /// The pods of one namespace, or of all when `namespace` is nil.
    public func pods(namespace: String?) async throws -> [PodObservation] {
        try await reporting(namespace.map { "listing the pods of namespace \($0)" } ?? "listing the pods") {
            try await list(PodObject.self, at: try APIPath.pods(namespace: namespace)).map(\.observation)
        }
    }
}
