public import ClusterModel
import Dispatch
public import Foundation
import Synchronization

/// A clock for many tasks at once that moves only when all of them wait: then it jumps to the moment at which the first one
/// goes on. An hour with a thousand machines passes in a moment, and always in the same order.
///
/// It knows that all wait because it runs them: `run` gives its work, and every task below it, this executor, which has one
/// thread. Work that goes on elsewhere (another executor, a thread of its own) is not waited for.
public final class VirtualTime: TaskExecutor {
    private struct Sleeper {
        var deadline: Date
        var number: Int
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Date
        var jobs: [UnownedJob] = []
        var nextJob = 0
        var sleepers: [Sleeper] = []
        /// Those whose task was cancelled before they lay down.
        var cancelled: Set<Int> = []
        var lastNumber = 0
        var drawn = 0
        var isDraining = false
    }

    private enum Next {
        case job(UnownedJob)
        case wake(CheckedContinuation<Void, any Error>)
        case nothing
    }

    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "slipway.virtual-time")

    public init(start: Date = Date(timeIntervalSince1970: 1_800_000_000)) { state = Mutex(State(now: start)) }

    public var now: Date { state.withLock { $0.now } }

    /// A context on this clock. Its randomness counts up.
    public var context: RunContext {
        RunContext(
            now: { self.now }, sleep: { try await self.sleep($0) },
            randomHex: { count in
                let digits = String(
                    self.state.withLock { state in
                        state.drawn += 1
                        return state.drawn
                    }, radix: 16)
                return String(repeating: "0", count: max(0, count - digits.count)) + digits.suffix(count)
            })
    }

    /// Does the work on this clock.
    public func run<Result: Sendable>(_ work: @Sendable () async throws -> Result) async rethrows -> Result {
        try await withTaskExecutorPreference(self) { try await work() }
    }

    // MARK: Sleeping

    private func sleep(_ duration: Duration) async throws {
        try Task.checkCancellation()
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { lie(down: $0, for: duration, number) }
        } onCancel: {
            wake(number)
        }
    }

    private func lie(down continuation: CheckedContinuation<Void, any Error>, for duration: Duration, _ number: Int) {
        let isCancelled = state.withLock { state in
            guard state.cancelled.remove(number) == nil else { return true }
            let deadline = state.now.addingTimeInterval(max(0, duration / .seconds(1)))
            state.sleepers.append(Sleeper(deadline: deadline, number: number, continuation: continuation))
            return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) } else { beginDraining() }
    }

    private func wake(_ number: Int) {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let index = state.sleepers.firstIndex(where: { $0.number == number }) else {
                state.cancelled.insert(number)
                return nil
            }
            return state.sleepers.remove(at: index)
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }

    // MARK: Running

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        beginDraining()
    }

    private func beginDraining() {
        let isFirst = state.withLock { state in
            defer { state.isDraining = true }
            return !state.isDraining
        }
        if isFirst { queue.async { self.drain() } }
    }

    private func drain() {
        while true {
            switch next() {
            case .job(let job): job.runSynchronously(on: asUnownedTaskExecutor())
            case .wake(let continuation): continuation.resume()
            case .nothing: return
            }
        }
    }

    /// What can run now, in the order of coming; when nothing can, whoever sleeps the shortest.
    private func next() -> Next {
        state.withLock { state in
            if state.nextJob < state.jobs.count {
                state.nextJob += 1
                let job = state.jobs[state.nextJob - 1]
                if state.nextJob == state.jobs.count {
                    state.jobs.removeAll(keepingCapacity: true)
                    state.nextJob = 0
                }
                return .job(job)
            }
            guard
                let first = state.sleepers.indices.min(by: { left, right in
                    let (left, right) = (state.sleepers[left], state.sleepers[right])
                    return (left.deadline, left.number) < (right.deadline, right.number)
                })
            else {
                state.isDraining = false
                return .nothing
            }
            let sleeper = state.sleepers.remove(at: first)
            state.now = max(state.now, sleeper.deadline)
            return .wake(sleeper.continuation)
        }
    }
}
