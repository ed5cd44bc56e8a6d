/// `ObjectMeta` of meta/v1, as far as it is read.
struct ObjectMetadata: Decodable, Sendable {
    var name: String
    var namespace: String?
    var uid: String?
    var resourceVersion: String?
    var creationTimestamp: String?
    var labels: [String: String]?
    var annotations: [String: String]?
    var ownerReferences: [Owner]?
    var deletionTimestamp: String?
    var deletionGracePeriodSeconds: Int?

    struct Owner: Decodable, Sendable {
        var apiVersion: String
        var kind: String
        var name: String
        var controller: Bool?
    }
}

/// A condition of any object's status.
struct ConditionObject: Decodable, Sendable {
    var type: String
    var status: String
    var reason: String?
    var message: String?
}
