import ClusterModel

/// Which object a JSON document describes.
struct ObjectReference: Sendable, Equatable {
    var apiVersion: String
    var kind: String
    var name: String
    var namespace: String?

    /// A kind of object, and no particular one.
    init(apiVersion: String, kind: String) {
        self.apiVersion = apiVersion
        self.kind = kind
        name = ""
    }

    init(of object: JSONValue) throws {
        guard let apiVersion = object["apiVersion"]?.text, let kind = object["kind"]?.text, let name = object["metadata"]?["name"]?.text
        else { throw KubernetesAPIError.impossible("an object needs apiVersion, kind and metadata.name to be applied") }
        self.apiVersion = apiVersion
        self.kind = kind
        self.name = name
        namespace = object["metadata"]?["namespace"]?.text
    }

    /// As `Deployment kube-system/coredns`, with what there is.
    static func title(of object: JSONValue) -> String {
        let metadata = object["metadata"]
        let path = [metadata?["namespace"]?.text, metadata?["name"]?.text].compactMap(\.self).joined(separator: "/")
        return [object["kind"]?.text ?? "an object", path].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
