public import ClusterModel

extension KubernetesClient {
    public func nodes() async throws -> [NodeObservation] {
        try await reporting("listing the nodes") {
            try await list(NodeObject.self, at: APIPath.nodes).map(\.observation)
        }
    }

    /// Lists without a merge key, such as `spec.taints`, are replaced whole by this kind of patch. Put
    /// `metadata.resourceVersion` into the patch to have it refused when the node has changed since it was read.
    @discardableResult
    public func patchNode(_ name: String, _ patch: JSONValue) async throws -> NodeObservation? {
        try await reporting("changing the node", at: Address(.node, name)) {
            let request = APIRequest(
                .patch, try APIPath.node(name), query: [("fieldManager", Self.fieldManager)],
                body: .init(type: "application/strategic-merge-patch+json", bytes: try patch.canonicalBytes()))
            return try await unlessMissing { try await send(request).decoded(NodeObject.self).observation }
        }
    }

    public func deleteNode(_ name: String) async throws {
        try await reporting("deleting the node", at: Address(.node, name)) {
            let request = APIRequest(.delete, try APIPath.node(name))
            _ = try await unlessMissing { try await send(request) }
        }
    }
}
