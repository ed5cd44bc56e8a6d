import ClusterModel

/// Paths of the API. Names become path segments here and nowhere else: an empty name in a path would make a request
/// on one object a request on all of them.
enum APIPath {
    static let nodes = "/api/v1/nodes"
    static let events = "/api/v1/events"

    static func node(_ name: String) throws -> String { "\(nodes)/\(try segment(name))" }

    static func pods(namespace: String?) throws -> String {
        guard let namespace else { return "/api/v1/pods" }
        return "/api/v1/namespaces/\(try segment(namespace))/pods"
    }

    static func pod(_ pod: PodObservation) throws -> String {
        "\(try pods(namespace: pod.namespace))/\(try segment(pod.name))"
    }

    /// `/api/v1` or `/apis/GROUP/VERSION`.
    static func group(of apiVersion: String) throws -> String {
        let parts = try apiVersion.split(separator: "/", omittingEmptySubsequences: false).map { try segment(String($0)) }
        switch parts.count {
        case 1: return "/api/\(parts[0])"
        case 2: return "/apis/\(parts[0])/\(parts[1])"
        default: throw KubernetesAPIError.impossible("'\(apiVersion)' is no API version")
        }
    }

    static func object(_ reference: ObjectReference, _ resource: APIResource) throws -> String {
        let group = try group(of: reference.apiVersion)
        let place = resource.namespaced ? "/namespaces/\(try segment(reference.namespace ?? "default"))" : ""
        return "\(group)\(place)/\(try segment(resource.name))/\(try segment(reference.name))"
    }

    /// By the rules that Kubernetes itself has for names in paths.
    private static func segment(_ name: String) throws -> String {
        guard !name.isEmpty, name != ".", name != "..", !name.contains("/"), !name.contains("%") else {
            throw KubernetesAPIError.impossible("'\(name)' cannot be a name in an API path")
        }
        return name.percentEncoded
    }
}
