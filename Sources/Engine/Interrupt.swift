import Synchronization

/// A request to stop that can be made from anywhere, once. The engine starts nothing new after it.
public final class Interrupt: Sendable {
    private let requested = Mutex(false)
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    public init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    public var isRequested: Bool { requested.withLock { $0 } }

    public func request() {
        requested.withLock { $0 = true }
        continuation.yield()
        continuation.finish()
    }

    /// Returns when the request is made, or when the waiting task is cancelled.
    func wait() async {
        for await _ in stream { return }
    }
}
