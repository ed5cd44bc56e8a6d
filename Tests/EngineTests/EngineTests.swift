import ClusterModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Writes down what the engine journals; fails every test that records a change it did not ask for.
private actor NotedJournal: RunJournal {
    private(set) var lines: [String] = []

    func state() async -> ClusterState { Fixtures.state }
    func record(_ change: StateChange) async throws { lines.append("record") }
    func stepStarted(_ id: String) async throws { lines.append("started \(id)") }
    func stepDone(_ id: String) async throws { lines.append("done \(id)") }
}

private struct ScriptedDriver: Driver {
    var act: @Sendable (Step, StepContext) async throws -> StepOutcome

    func perform(_ step: Step, in context: StepContext) async throws -> StepOutcome { try await act(step, context) }
}

@Suite struct EngineTests {
    private final class Events: Sendable {
        private let list = Mutex<[RunEvent]>([])
        func add(_ event: RunEvent) { list.withLock { $0.append(event) } }
        var kinds: [RunEvent.Kind] { list.withLock { $0.map(\.kind) } }
    }

    private func engine(
        journal: NotedJournal, clock: TestClock = TestClock(), interrupt: Interrupt = Interrupt(), events: Events = Events(),
        _ act: @escaping @Sendable (Step, StepContext) async throws -> StepOutcome
    ) -> Engine {
        Engine(
            drivers: [.machine: ScriptedDriver(act: act)], journal: journal, run: clock.context, interrupt: interrupt,
            emit: { events.add($0) })
    }

    private func transient(_ cause: String) -> SlipwayError {
        SlipwayError(.unreachable, doing: "testing", cause: cause, retry: .transient)
    }

    @Test func journalsTheIntentBeforeAndTheEndAfter() async throws {
        let journal = NotedJournal()
        let report = try await engine(journal: journal) { _, context in
            try await context.record(.deleting)
            return .changed
        }.run(Plans.plan([Plans.step("a")]))
        let id = Plans.id("a")
        #expect(await journal.lines == ["started \(id)", "record", "done \(id)"])
        #expect(report.outcomes == [id: .changed])
    }

    /// Asked one at a time, and nothing more after the first no; what runs is finished, and the rest is left for the next run.
    @Test func aNoStopsTheRunAndLeavesTheRest() async throws {
        let journal = NotedJournal()
        let asked = Mutex<[String]>([])
        let engine = Engine(
            drivers: [.machine: ScriptedDriver { _, _ in .changed }], journal: journal, run: TestClock().context,
            approve: { step in
                asked.withLock { $0.append(step.address.name) }
                return step.address.name == "a"
            }, emit: { _ in })
        let error = await #expect(throws: SlipwayError.self) {
            try await engine.run(Plans.plan([Plans.step("a"), Plans.step("b", after: ["a"]), Plans.step("c", after: ["a"])]))
        }
        #expect(error?.code == .tryAgain && error?.cause.contains("2 steps left") == true)
        #expect(await journal.lines == ["started \(Plans.id("a"))", "done \(Plans.id("a"))"])
        #expect(asked.withLock { $0.count } == 2)
    }

    @Test func triesTransientErrorsAgainAndPermanentOnesNever() async throws {
        let attempts = Mutex<[String: Int]>([:])
        let events = Events()
        let clock = TestClock()
        let start = clock.now
        let failure = await #expect(throws: RunFailure.self) {
            try await engine(journal: NotedJournal(), clock: clock, events: events) { [transient] step, _ in
                let attempt = attempts.withLock { counts in
                    counts[step.address.name, default: 0] += 1
                    return counts[step.address.name, default: 0]
                }
                if step.address.name == "flaky" {
                    if attempt < 3 { throw transient("not yet") }
                    return .changed
                }
                throw SlipwayError(.refused, doing: "testing", cause: "never")
            }.run(Plans.plan([Plans.step("flaky"), Plans.step("hopeless"), Plans.step("after", after: ["hopeless"])]))
        }
        #expect(attempts.withLock { $0 } == ["flaky": 3, "hopeless": 1])
        #expect(failure?.report.errors.map(\.cause) == ["never"])
        #expect(failure?.report.errors.first?.address == Address(.host, "hopeless"))
        #expect(failure?.report.skipped == [Plans.id("after")])
        #expect(events.kinds.filter { $0 == .stepRetry }.count == 2)
        #expect(clock.now.timeIntervalSince(start) == 3, "pauses of one and two seconds")
    }

    @Test func givesUpOnATransientErrorAfterItsAttempts() async throws {
        let attempts = Mutex(0)
        await #expect(throws: RunFailure.self) {
            try await engine(journal: NotedJournal()) { [transient] _, _ in
                attempts.withLock { $0 += 1 }
                throw transient("never there")
            }.run(Plans.plan([Plans.step("a")]))
        }
        #expect(attempts.withLock { $0 } == RetryPolicy.standard.attempts)
    }

    @Test func finishesWhatRunsAndStartsNothingNewWhenInterrupted() async throws {
        let interrupt = Interrupt()
        let journal = NotedJournal()
        let error = await #expect(throws: SlipwayError.self) {
            try await engine(journal: journal, interrupt: interrupt) { _, _ in
                interrupt.request()
                return .changed
            }.run(Plans.plan([Plans.step("a"), Plans.step("b", after: ["a"])]))
        }
        #expect(error?.code == .tryAgain)
        #expect(await journal.lines == ["started \(Plans.id("a"))", "done \(Plans.id("a"))"])
    }

    @Test func runsIndependentStepsAtTheSameTime() async throws {
        let both = Rendezvous(count: 2)
        try await _ = engine(journal: NotedJournal()) { _, _ in
            await both.arrive()
            return .changed
        }.run(Plans.plan([Plans.step("a"), Plans.step("b")]))
    }

    /// Lets nobody pass until all have come.
    private actor Rendezvous {
        private var missing: Int
        private var waiting: [CheckedContinuation<Void, Never>] = []

        init(count: Int) { missing = count }

        func arrive() async {
            missing -= 1
            if missing == 0 {
                for one in waiting { one.resume() }
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }
    }
}
