public import ClusterModel

/// When a failed attempt is followed by another one. Only transient errors are: what can never succeed is not tried twice.
public struct RetryPolicy: Sendable, Equatable {
    /// Attempts in all, at least 1.
    public var attempts: Int
    /// The pause before the second attempt; it doubles each time up to `longestPause`.
    public var firstPause: Duration
    public var longestPause: Duration

    public init(attempts: Int, firstPause: Duration, longestPause: Duration) {
        self.attempts = attempts
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// About half a minute of patience over the attempts' own times.
    public static let standard = RetryPolicy(attempts: 6, firstPause: .seconds(1), longestPause: .seconds(10))
    public static let never = RetryPolicy(attempts: 1, firstPause: .zero, longestPause: .zero)

    /// The pause after `attempt` attempts have failed with `error`, nil to give up.
    public func pause(after error: SlipwayError, attempt: Int) -> Duration? {
        guard error.retry == .transient, attempt < attempts else { return nil }
        return min(longestPause, firstPause * (1 << min(attempt - 1, 20)))
    }
}
