import Foundation

/// One answer of the API, read to its end.
struct APIAnswer: Sendable {
    var status: Int
    /// The header `Retry-After`.
    var retryAfter: String?
    var body: Data

    init(status: Int, retryAfter: String? = nil, body: Data) {
        self.status = status
        self.retryAfter = retryAfter
        self.body = body
    }

    func decoded<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: body)
        } catch let error as DecodingError {
            throw KubernetesAPIError.unreadable(error.place)
        } catch {
            throw KubernetesAPIError.unreadable("it cannot be decoded")
        }
    }
}

extension DecodingError {
    /// Where and what, without the value: it is not ours to show.
    fileprivate var place: String {
        func text(_ path: [any CodingKey], _ problem: String) -> String {
            let place = path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
            return place.isEmpty ? problem : "\(place) \(problem)"
        }
        return switch self {
        case .keyNotFound(let key, let context): text(context.codingPath + [key], "is missing")
        case .valueNotFound(_, let context): text(context.codingPath, "is null")
        case .typeMismatch(let type, let context): text(context.codingPath, "is no \(type)")
        case .dataCorrupted(let context): text(context.codingPath, context.codingPath.isEmpty ? "it is no JSON" : "is malformed")
        @unknown default: "it cannot be decoded"
        }
    }
}
