public import ClusterModel
public import Foundation
import Synchronization

/// A clock that moves only when somebody sleeps on it, so that no test waits.
public final class TestClock: Sendable {
    private let current: Mutex<Date>

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
            randomHex: { String(repeating: "0", count: $0) })
    }
}
