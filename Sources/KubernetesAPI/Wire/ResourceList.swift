/// `APIResourceList` of meta/v1: what one group and version serves.
struct ResourceList: Decodable, Sendable {
    var resources: [APIResource]
}

struct APIResource: Decodable, Sendable, Equatable {
    /// The plural of the path; `pods/log` is a subresource.
    var name: String
    var namespaced: Bool
    var kind: String
    /// Where they differ from the list's own, as with a subresource that takes objects of another group.
    var group: String?
    var version: String?

    func isObject(ofKind kind: String) -> Bool { self.kind == kind && !name.contains("/") }
}
