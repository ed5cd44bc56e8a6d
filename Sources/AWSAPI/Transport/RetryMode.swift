/// How a client tries again.
enum RetryMode: Sendable, Equatable {
    /// A few times, out of a purse.
    case standard
    /// So too, and no faster than the service lets it be.
    case adaptive
}
