import ClusterModel
import Foundation
import Synchronization

/// Stamps events with the time, the time since the run began, and how many steps are done.
final class RunClock: Sendable {
    private let run: RunContext
    private let start: Date
    private let total: Int
    private let done = Mutex(0)
    private let pace: Mutex<RollPace>
    private let sink: @Sendable (RunEvent) -> Void

    init(run: RunContext, plan: Plan, emit: @escaping @Sendable (RunEvent) -> Void) {
        self.run = run
        total = plan.steps.count
        pace = Mutex(RollPace(plan))
        start = run.now()
        sink = emit
    }

    func emit(
        _ kind: RunEvent.Kind, step: Step? = nil, message: String = "", duration: Double? = nil, outcome: StepOutcome? = nil
    ) {
        let now = run.now()
        sink(
            RunEvent(
                time: now, elapsed: now.timeIntervalSince(start), kind: kind, address: step?.address, action: step?.action.name,
                duration: duration, outcome: outcome, message: message, done: done.withLock { $0 }, total: total,
                remaining: pace.withLock { $0.remaining(at: now) }))
    }

    func finished(_ step: Step, after duration: Double, outcome: StepOutcome) {
        done.withLock { $0 += 1 }
        pace.withLock { $0.finished(step, at: run.now()) }
        emit(.stepDone, step: step, duration: duration, outcome: outcome)
    }
}
