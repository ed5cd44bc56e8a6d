public import ClusterModel
public import Foundation
import Synchronization

/// A clock that moves only when somebody sleeps on it, so that no test waits.
public final class TestClock: Sendable {
    private let current: Mutex<Date>
    private let drawn = Mutex(0)

    public init(start: Date = Date(timeIntervalSince1970: 1_800_000_000)) { current = Mutex(start) }

    public var now: Date { current.withLock { $0 } }

    /// A context on this clock; its randomness counts up.
    public var context: RunContext {
        RunContext(
            now: { self.now },
            sleep: { duration in
                try Task.checkCancellation()
                self.current.withLock { $0 = $0.addingTimeInterval(duration / .seconds(1)) }
                await Task.yield()
            },
            randomHex: { count in
                let digits = String(
                    self.drawn.withLock { drawn in
                        drawn += 1
                        return drawn
                    }, radix: 16)
                return String(repeating: "0", count: max(0, count - digits.count)) + digits.suffix(count)
            })
    }
}
