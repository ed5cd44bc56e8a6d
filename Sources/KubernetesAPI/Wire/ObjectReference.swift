import ClusterModel

/// Which object a JSON document describes.
struct ObjectReference: Sendable, Equatable {
    var apiVersion: String
    var kind: String
    var name: String
    var namespace: String?

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
        let path = [object["metadata"]?["namespace"]?.text, object["metadata"]?["name"]?.text].compactMap(\.self)
        return "\(object["kind"]?.text ?? "an object") \(path.joined(separator: "/"))".trimmingSuffix()
    }
}

extension String {
    fileprivate func trimmingSuffix() -> String { hasSuffix(" ") ? String(dropLast()) : self }
}
