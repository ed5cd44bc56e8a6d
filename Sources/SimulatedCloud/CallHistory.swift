import Synchronization

/// What was asked of the simulated world, in order.
public final class CallHistory: Sendable {
    private let entries = Mutex<[String]>([])

    public init() {}

    func add(_ entry: String) { entries.withLock { $0.append(entry) } }
    public func clear() { entries.withLock { $0 = [] } }
    public var all: [String] { entries.withLock { $0 } }

    /// The entries that begin so.
    public func all(_ prefix: String) -> [String] { all.filter { $0.hasPrefix(prefix) } }
}
