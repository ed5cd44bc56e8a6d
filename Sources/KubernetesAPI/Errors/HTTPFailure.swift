import Foundation

/// An answer other than 2xx. Kubernetes explains most of them with an object of kind `Status`.
struct HTTPFailure: Sendable, Equatable {
    var status: Int
    /// Kubernetes' own word, as `NotFound` or `Conflict`; empty when the answer was no `Status` object.
    var reason: String
    var message: String
    /// How long the server asks to wait.
    var retryAfter: Duration?

    /// The object, as against the path, does not exist.
    var isMissingObject: Bool { status == 404 && reason == "NotFound" }

    /// Too many requests, and the server's own troubles, but not "not implemented".
    var isTransient: Bool { status == 429 || status >= 500 && status != 501 }
}

extension HTTPFailure: CustomStringConvertible {
    var description: String {
        let head = reason.isEmpty ? "\(status)" : "\(status) (\(reason))"
        return message.isEmpty ? head : "\(head): \(message)"
    }
}

extension HTTPFailure {
    private static let longestMessage = 1000

    /// - Parameter withholdingMessage: the request held a secret, which messages about malformed objects quote.
    init(_ answer: APIAnswer, withholdingMessage: Bool = false) {
        let object = try? JSONDecoder().decode(StatusObject.self, from: answer.body)
        let explanation = object.flatMap { $0.kind == "Status" ? $0 : nil }
        status = answer.status
        reason = explanation?.reason ?? ""
        let seconds = answer.retryAfter.flatMap { Int($0) } ?? explanation?.details?.retryAfterSeconds
        // A date, which HTTP allows here, is not sent by Kubernetes; a day is as good as for ever.
        retryAfter = seconds.flatMap { $0 > 0 ? .seconds(min($0, 86_400)) : nil }
        if withholdingMessage {
            message = "the API's message is withheld, as it may quote the secret"
        } else {
            let text = explanation?.message ?? Self.firstLine(of: answer.body)
            message = text.count > Self.longestMessage ? "\(text.prefix(Self.longestMessage)) ..." : text
        }
    }

    private static func firstLine(of body: Data) -> String {
        let line = String(decoding: body.prefix(200), as: UTF8.self).split(whereSeparator: \.isNewline).first ?? ""
        return String(line.filter { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f } })
    }
}
