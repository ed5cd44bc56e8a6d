import Dispatch
import Synchronization

/// Runs blocking calls on threads of their own: the cooperative pool has one thread for each core.
///
/// Only a serial queue gets a thread of its own. Concurrent queues, global or not, take their threads from the very
/// pool that Swift's tasks run on (seen on Linux): as many blocked calls as there are cores stop the program.
enum BlockingWork {
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "slipway.state.read").async { continuation.resume(with: Result { try body() }) }
        }
    }
}

extension BlockingWork {
    /// The result of asynchronous work. Blocks: only for threads that may, and never for those that tasks run on.
    static func wait<Value: Sendable>(for body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            do { outcome.set(.success(try await body())) } catch { outcome.set(.failure(error)) }
            done.signal()
        }
        while true {
            done.wait()
            if let result = outcome.result { return try result.get() }
        }
    }

    private final class Outcome<Value: Sendable>: Sendable {
        private let mutex = Mutex<Result<Value, any Error>?>(nil)

        var result: Result<Value, any Error>? { mutex.withLock { $0 } }
        func set(_ result: Result<Value, any Error>) { mutex.withLock { $0 = result } }
    }
}

/// Runs an actor on a queue of its own, in order, so that the actor may block.
final class QueueExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}
