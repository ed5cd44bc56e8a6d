public import struct Foundation.Date

/// Time, sleeping and randomness, so that a test waits for nothing and repeats exactly.
public struct RunContext: Sendable {
    public var now: @Sendable () -> Date
    /// Throws `CancellationError` when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// `count` random lower-case hexadecimal digits.
    public var randomHex: @Sendable (Int) -> String

    public init(
        now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async throws -> Void,
        randomHex: @escaping @Sendable (Int) -> String
    ) {
        self.now = now
        self.sleep = sleep
        self.randomHex = randomHex
    }

    /// The machine's own clock and randomness.
    public static let live = RunContext(
        now: { Date() },
        sleep: { try await Task.sleep(for: $0) },
        randomHex: { count in
            var generator = SystemRandomNumberGenerator()
            return String((0..<count).map { _ in "0123456789abcdef".randomElement(using: &generator) ?? "0" })
        })

    /// Polls until `condition` gives a value. Nil when `timeout` is over; the condition is asked once more at the end.
    /// - Parameter ridingOut: is told of each transient error, which then only means "not yet": whoever asks often meets
    ///   one sooner or later. What it throws ends the poll, as every error does without it.
    public func poll<Value: Sendable>(
        every interval: Duration, for timeout: Duration, ridingOut: (@Sendable (SlipwayError) async throws -> Void)? = nil,
        _ condition: @Sendable () async throws -> Value?
    ) async throws -> Value? {
        let deadline = now().addingTimeInterval(timeout / .seconds(1))
        while true {
            do {
                if let value = try await condition() { return value }
            } catch let error as SlipwayError where error.retry == .transient {
                guard let ridingOut else { throw error }
                try await ridingOut(error)
            }
            guard now() < deadline else { return nil }
            try await sleep(interval)
        }
    }
}
