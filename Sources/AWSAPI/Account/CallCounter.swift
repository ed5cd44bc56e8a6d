import Synchronization

/// How often each operation was called.
final class CallCounter: Sendable {
    private struct Counts {
        var calls: [String: Int] = [:]
        var tries: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())

    var calls: [String: Int] { counts.withLock { $0.calls } }
    var tries: [String: Int] { counts.withLock { $0.tries } }

    func called(_ operation: String) { counts.withLock { $0.calls[operation, default: 0] += 1 } }
    func tried(_ operation: String) { counts.withLock { $0.tries[operation, default: 0] += 1 } }
}
