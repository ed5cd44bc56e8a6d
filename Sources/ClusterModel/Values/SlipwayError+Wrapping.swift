extension SlipwayError {
    /// Any error as one of ours: what is ours already stays as it is, a cancellation is an interruption, and what nobody
    /// foresaw is a permanent failure that says what it was.
    public init(wrapping error: any Error, doing: String) {
        switch error {
        case let known as SlipwayError: self = known
        case is CancellationError: self.init(.tryAgain, doing: doing, cause: "interrupted", hint: "run the same command again")
        default: self.init(.failed, doing: doing, cause: "\(error)")
        }
    }
}
