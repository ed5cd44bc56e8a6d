internal import ClusterModel
internal import Synchronization

/// One call on its way through a worker's queue. Answers its caller exactly once.
final class HostJob: Sendable {
    private enum Phase {
        case new
        case cancelledBeforeSubmission
        case waiting(CheckedContinuation<HostResult, any Error>)
        case running(CheckedContinuation<HostResult, any Error>, isCancelled: Bool)
        case answered
    }

    let command: RemoteCommand
    private let phase = Mutex(Phase.new)

    init(_ command: RemoteCommand) { self.command = command }

    /// Takes the caller's continuation. False when the caller was cancelled already, and told so.
    func submit(_ continuation: CheckedContinuation<HostResult, any Error>) -> Bool {
        let isWanted = phase.withLock { phase in
            if case .cancelledBeforeSubmission = phase {
                phase = .answered
                return false
            }
            phase = .waiting(continuation)
            return true
        }
        if !isWanted { continuation.resume(throwing: CancellationError()) }
        return isWanted
    }

    /// False when nobody waits for it any more.
    func begin() -> Bool {
        phase.withLock { phase in
            guard case .waiting(let continuation) = phase else { return false }
            phase = .running(continuation, isCancelled: false)
            return true
        }
    }

    /// A call that waits for its turn ends at once; one that runs is ended by its worker.
    func cancel() {
        let waiting: CheckedContinuation<HostResult, any Error>? = phase.withLock { phase in
            switch phase {
            case .new:
                phase = .cancelledBeforeSubmission
            case .waiting(let continuation):
                phase = .answered
                return continuation
            case .running(let continuation, _):
                phase = .running(continuation, isCancelled: true)
            case .cancelledBeforeSubmission, .answered:
                break
            }
            return nil
        }
        waiting?.resume(throwing: CancellationError())
    }

    var isCancelled: Bool {
        phase.withLock { phase in if case .running(_, isCancelled: true) = phase { true } else { false } }
    }

    func answer(_ result: Result<HostResult, any Error>) {
        let continuation: CheckedContinuation<HostResult, any Error>? = phase.withLock { phase in
            defer { phase = .answered }
            return switch phase {
            case .waiting(let continuation), .running(let continuation, _): continuation
            case .new, .cancelledBeforeSubmission, .answered: nil
            }
        }
        continuation?.resume(with: result)
    }
}
