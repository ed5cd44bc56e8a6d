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

extension Interrupt {
    /// Runs work that may be broken off anywhere, as a download: the request cancels it.
    public func cancelling<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let task = Task { try await work() }
        let watch = Task {
            while !isRequested {
                do { try await Task.sleep(for: .milliseconds(100)) } catch { return }
            }
            task.cancel()
        }
        defer { watch.cancel() }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
