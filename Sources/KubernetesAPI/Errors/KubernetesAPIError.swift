/// Why a call of the API failed, before it is known what the call was for.
enum KubernetesAPIError: Error, Sendable, Equatable {
    /// No connection came about.
    case unreachable(String)
    /// One side does not accept the other's certificate, or the other side speaks no TLS.
    case untrusted(String)
    /// Nothing, or not all, came within the time.
    case timedOut(Duration)
    /// The connection broke, or what came was not HTTP.
    case interrupted(String)
    /// The API answered, with a status other than 2xx.
    case refused(HTTPFailure)
    /// The answer is not what Kubernetes answers.
    case unreadable(String)
    /// The answer has more bytes than are accepted.
    case tooLarge(Int)
    /// The API knows no such kind of object.
    case unserved(String)
    /// The request cannot be made at all.
    case impossible(String)
    /// The client was closed.
    case closed

    /// Whether the same request can succeed later.
    var isTransient: Bool {
        switch self {
        case .unreachable, .timedOut, .interrupted: true
        case .refused(let failure): failure.isTransient
        case .untrusted, .unreadable, .tooLarge, .unserved, .impossible, .closed: false
        }
    }

    /// How long the API asks to wait before the next attempt.
    var retryAfter: Duration? { if case .refused(let failure) = self { failure.retryAfter } else { nil } }
}
