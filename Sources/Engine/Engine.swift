public import ClusterModel
import Foundation
import Synchronization

/// Runs any plan. Knows order, limits, retries, journal and events; knows nothing of clouds or machines.
public struct Engine: Sendable {
    private let drivers: [Action.Kind: any Driver]
    private let journal: any RunJournal
    private let run: RunContext
    private let limits: EngineLimits
    private let retry: RetryPolicy
    private let interrupt: Interrupt
    private let approve: (@Sendable (Step) async -> Bool)?
    private let emit: @Sendable (RunEvent) -> Void
    private let questions = Turns()

    /// - Parameter approve: asked before each step, one at a time; false stops the run as an interrupt does. Nil for yes.
    public init(
        drivers: [Action.Kind: any Driver], journal: any RunJournal, run: RunContext, limits: EngineLimits = .standard,
        retry: RetryPolicy = .standard, interrupt: Interrupt = Interrupt(), approve: (@Sendable (Step) async -> Bool)? = nil,
        emit: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.drivers = drivers
        self.journal = journal
        self.run = run
        self.limits = limits
        self.retry = retry
        self.interrupt = interrupt
        self.approve = approve
        self.emit = emit
    }

    /// Carries the plan out. When a step fails for good, what depends on it is left out and the rest is finished.
    /// - Throws: `RunFailure` with every error when steps failed; `SlipwayError(.tryAgain)` when interrupted.
    public func run(_ plan: Plan) async throws -> RunReport {
        var schedule = try Schedule(plan, limits: limits)
        let clock = RunClock(run: run, plan: plan, emit: emit)
        var report = RunReport()
        clock.emit(.runStarted, message: "\(plan.steps.count) steps")

        await withTaskGroup(of: Ending.self) { group in
            group.addTask { [interrupt] in
                await interrupt.wait()
                return .interrupted
            }
            var isInterrupted = false
            func startReady() {
                if interrupt.isRequested {
                    guard !isInterrupted else { return }
                    isInterrupted = true
                    let left = schedule.interrupt()
                    clock.emit(
                        .interrupted, message: "finishing \(schedule.runningCount) running steps, leaving out \(left.count)")
                }
                for step in schedule.next() {
                    group.addTask {
                        guard await isApproved(step) else { return .declined(step) }
                        return await .step(step, perform(step, clock: clock))
                    }
                }
            }
            startReady()
            while schedule.runningCount > 0, let ending = await group.next() {
                switch ending {
                case .interrupted: break
                case .declined(let step):
                    schedule.withdraw(step.id)
                    interrupt.request()
                case .step(let step, .success(let outcome)):
                    schedule.finish(step.id, .done)
                    report.outcomes[step.id] = outcome
                case .step(let step, .failure(let error)):
                    report.errors.append(error)
                    for left in schedule.finish(step.id, .failed) {
                        clock.emit(.stepSkipped, step: left, message: "\(step.address) failed")
                    }
                }
                startReady()
            }
            group.cancelAll()
        }
        if !schedule.isFinished {
            let stuck = schedule.interrupt()
            report.errors.append(
                SlipwayError(.bug, doing: "running the plan", cause: "\(stuck.count) steps wait for tokens that nobody gives back"))
        }
        report.skipped = schedule.steps(.skipped).map(\.id)
        clock.emit(.runFinished, message: report.summary)
        if !report.errors.isEmpty { throw RunFailure(report: report) }
        if interrupt.isRequested && !report.skipped.isEmpty {
            throw SlipwayError(
                .tryAgain, doing: "running the plan", cause: "interrupted with \(report.skipped.count) steps left",
                hint: "run the same command again: it goes on from here")
        }
        return report
    }

    private enum Ending: Sendable {
        case interrupted
        /// Nobody wants it now.
        case declined(Step)
        case step(Step, Result<StepOutcome, SlipwayError>)
    }

    private func isApproved(_ step: Step) async -> Bool {
        guard let approve else { return true }
        let answer = Mutex(false)
        await questions.inTurn {
            // After a first no nothing more is asked.
            guard !interrupt.isRequested else { return }
            let isWanted = await approve(step)
            if !isWanted { interrupt.request() }
            answer.withLock { $0 = isWanted }
        }
        return answer.withLock { $0 }
    }

    private func perform(_ step: Step, clock: RunClock) async -> Result<StepOutcome, SlipwayError> {
        let start = run.now()
        clock.emit(.stepStarted, step: step, message: step.reason.description)
        do {
            try await journal.stepStarted(step.id)
            let outcome = try await attempt(step, clock: clock)
            try await journal.stepDone(step.id)
            clock.finished(step, after: run.now().timeIntervalSince(start), outcome: outcome)
            return .success(outcome)
        } catch {
            let error = SlipwayError(wrapping: error, doing: step.action.name.rawValue).at(step.address)
            clock.emit(.stepFailed, step: step, message: error.cause, duration: run.now().timeIntervalSince(start))
            return .failure(error)
        }
    }

    private func attempt(_ step: Step, clock: RunClock) async throws -> StepOutcome {
        guard let driver = drivers[step.action.kind] else {
            throw SlipwayError(.bug, doing: "choosing a driver", cause: "there is none for \(step.action.kind.rawValue) actions")
        }
        let context = StepContext(
            run: run, state: { [journal] in await journal.state() }, record: { [journal] in try await journal.record($0) },
            progress: { clock.emit(.stepProgress, step: step, message: $0) })
        var attempt = 1
        while true {
            do {
                return try await driver.perform(step, in: context)
            } catch {
                let known = SlipwayError(wrapping: error, doing: step.action.name.rawValue)
                guard !interrupt.isRequested, let pause = retry.pause(after: known, attempt: attempt) else { throw known }
                clock.emit(.stepRetry, step: step, message: "attempt \(attempt) failed: \(known.cause)")
                try await run.sleep(pause)
                attempt += 1
            }
        }
    }
}
