/// One request of the API. Every request that is made so is idempotent: a POST of an eviction names the pod's uid.
struct APIRequest: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    struct Body: Sendable {
        var type: String
        var bytes: [UInt8]
    }

    var method: Method
    /// Path and query, percent-encoded.
    var target: String
    var body: Body?
    /// What the server says of it may quote a secret, so it must not be repeated.
    var carriesSecret: Bool

    /// `path` is percent-encoded already, the query's values are not.
    init(_ method: Method, _ path: String, query: [(String, String)] = [], body: Body? = nil, carriesSecret: Bool = false) {
        self.method = method
        let items = query.map { name, value in value.isEmpty ? name : "\(name)=\(value.percentEncoded)" }
        target = items.isEmpty ? path : "\(path)?\(items.joined(separator: "&"))"
        self.body = body
        self.carriesSecret = carriesSecret
    }

    /// A plain read of a target from outside.
    init(target: String) throws {
        let legal = target.utf8.allSatisfy { (0x21...0x7e).contains($0) && !"\"#<>\\^`{|}".utf8.contains($0) }
        guard target.hasPrefix("/"), legal else { throw KubernetesAPIError.impossible("'\(target)' is no API path") }
        self.init(.get, target)
    }
}

extension String {
    /// All but the unreserved characters of RFC 3986 percent-encoded.
    var percentEncoded: String {
        let digits = Array("0123456789ABCDEF")
        return utf8.reduce(into: "") { text, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                text.append(Character(Unicode.Scalar(byte)))
            default: text += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
    }
}
