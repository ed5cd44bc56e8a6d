import Synchronization

/// AWS' standard retry mode: a few tries with growing, random pauses, and a purse that all requests of a client pay their
/// retries from, so that a service in trouble is not asked over and over by everyone.
final class StandardRetry: Sendable {
    static let attempts = 3
    private static let longestPause = Duration.seconds(20)
    private static let firstPause = Duration.milliseconds(200)
    private static let fullPurse = 500
    private static let price = 5
    private static let timeoutPrice = 10

    private let purse = Mutex(StandardRetry.fullPurse)
    private let random: @Sendable () -> Double

    /// - Parameter random: from 0 up to 1.
    init(random: @escaping @Sendable () -> Double = { .random(in: 0..<1) }) { self.random = random }

    /// Pays for one more try. Nil when the purse does not allow it.
    func pay(timedOut: Bool) -> Int? {
        let price = timedOut ? Self.timeoutPrice : Self.price
        return purse.withLock { purse in
            guard purse >= price else { return nil }
            purse -= price
            return price
        }
    }

    /// A request went well: what its last retry cost comes back, or a little of what earlier ones cost.
    func giveBack(_ paid: Int?) { purse.withLock { $0 = min(Self.fullPurse, $0 + (paid ?? 1)) } }

    /// Before the try that follows `attempt`, counted from 1.
    func pause(after attempt: Int, asked: Duration? = nil) -> Duration {
        if let asked { return min(asked, Self.longestPause) }
        return min(Self.longestPause, Self.firstPause * (1 << min(attempt - 1, 16))) * random()
    }
}
