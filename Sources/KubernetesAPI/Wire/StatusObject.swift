/// `Status` of meta/v1, as far as it is read.
struct StatusObject: Decodable {
    struct Details: Decodable {
        var retryAfterSeconds: Int?
    }

    var kind: String?
    var reason: String?
    var message: String?
    var details: Details?
}
