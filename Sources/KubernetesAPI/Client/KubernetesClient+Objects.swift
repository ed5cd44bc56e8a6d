public import ClusterModel

extension KubernetesClient {
    public func version() async throws -> String {
        try await reporting("asking for the API's version") {
            try await send(APIRequest(.get, "/version")).decoded(VersionObject.self).gitVersion
        }
    }

    /// `path` as the API writes it, `/api/v1/namespaces/kube-system`; it may have a query. Nil also when the API does
    /// not serve such objects at all.
    public func get(path: String) async throws -> JSONValue? {
        try await reporting("reading \(path)") {
            let request = try APIRequest(target: path)
            do {
                return try await send(request).decoded(JSONValue.self)
            } catch KubernetesAPIError.refused(let failure) where failure.status == 404 {
                return nil
            }
        }
    }
}
