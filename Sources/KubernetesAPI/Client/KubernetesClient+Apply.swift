public import ClusterModel

extension KubernetesClient {
    /// An object of a namespaced kind that names no namespace goes to `default`.
    public func apply(_ object: JSONValue) async throws {
        try await reporting("applying \(ObjectReference.title(of: object))") {
            let reference = try ObjectReference(of: object)
            let request = APIRequest(
                .patch, try await path(of: reference), query: [("fieldManager", Self.fieldManager), ("force", "true")],
                // YAML by name, but JSON is YAML, and every version takes it.
                body: .init(type: "application/apply-patch+yaml", bytes: try object.canonicalBytes()),
                carriesSecret: reference.kind == "Secret")
            _ = try await send(request)
        }
    }

    /// The object's path, through the API's own list of what it serves.
    func path(of reference: ObjectReference) async throws -> String {
        guard let resource = try await resource(of: reference) else {
            throw KubernetesAPIError.unserved("\(reference.apiVersion) \(reference.kind)")
        }
        return try APIPath.object(reference, resource)
    }

    /// Nil when the API serves no such kind.
    func resource(of reference: ObjectReference) async throws -> APIResource? {
        try await discovery.resource(of: reference) { try await self.readResources($0) }
    }

    func readResources(_ groupPath: String) async throws -> [APIResource] {
        try await send(APIRequest(.get, groupPath)).decoded(ResourceList.self).resources
    }
}
