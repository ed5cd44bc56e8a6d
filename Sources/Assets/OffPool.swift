import Dispatch

/// Runs blocking work (hashing, disk) on a thread that is not one of the few that all tasks share.
func offPool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        // A serial queue of its own: such queues get threads of their own as they need them.
        DispatchQueue(label: "slipway.assets").async { continuation.resume(with: Result(catching: work)) }
    }
}
