import ClusterModel
import Engine
import Foundation
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import Operations

/// A cluster is stopped and started again.
@Suite struct PowerTests {
    @Test func aPreviewStopsNothing() async throws {
        try await Bench.withCluster { bench in
            bench.world.changes.clear()
            let preview = try await StopCluster(bench.context)("demo", yes: false) { _ in }
            #expect(preview.report == nil && preview.plan.intent == .stop && !preview.plan.isEmpty)
            #expect(bench.world.changes.all.isEmpty)
        }
    }

    @Test func workersStopFirstAndEtcdEndsLast() async throws {
        try await Bench.withCluster { bench in
            let before = try await bench.state()
            let result = try await StopCluster(bench.context)("demo", yes: true) { _ in }
            #expect(
                result.plan.steps.map(\.id) == [
                    "machine/\(Bench.worker)#stop-machine", "service/\(Bench.master)/control-plane#stop-services",
                    "machine/\(Bench.master)#stop-machine",
                ])
            #expect(result.plan.steps[1].after == [result.plan.steps[0].id])
            #expect(result.plan.steps[2].after == [result.plan.steps[0].id, result.plan.steps[1].id])
            #expect(try await bench.state().machines == before.machines, "what was made is remembered")
            let problems = try await bench.validate()
            #expect(problems["machines"] == ["cluster/demo: it is stopped: none of its 2 machines runs"])
            #expect(problems["network"] == nil, "the network stays")
            #expect(Set(problems.values).count == 1, "one cause for all")
            let again = try await StopCluster(bench.context)("demo", yes: true) { _ in }
            #expect(again.plan.isEmpty && again.report == nil)
        }
    }

    @Test func aMasterThatDoesNotAnswerIsStoppedAllTheSame() async throws {
        try await Bench.withCluster { bench in
            bench.world.machine(Bench.master) { $0.hangs = true }
            let result = try await StopCluster(bench.context)("demo", yes: true) { _ in }
            #expect(result.plan.steps.map(\.action.name) == [.stopMachine, .stopMachine])
        }
    }

    @Test func startBringsBackWhatIsThereAndMakesNothing() async throws {
        try await Bench.withCluster { bench in
            _ = try await StopCluster(bench.context)("demo", yes: true) { _ in }
            // More is wanted meanwhile; that is for an update.
            _ = try await ReplaceSpec(bench.context)(Fixtures.cluster(workers: 3))
            let result = try await StartCluster(bench.context)("demo", yes: true) { _ in }
            #expect(result.plan.intent == .start && result.report != nil)
            #expect(result.plan.newMachines.isEmpty)
            #expect(try await bench.state().machines.count == 2)
            #expect(try await bench.state().desired.spec.pools[0].count == 3, "the stored spec is as its user left it")
            let again = try await StartCluster(bench.context)("demo", yes: true) { _ in }
            #expect(again.plan.isEmpty, "\(again.plan.steps.map(\.id))")
            _ = try await bench.update()
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func whatWasNeverMadeCannotBeStarted() async throws {
        try await Bench.with { bench in
            _ = try await bench.create(yes: false)
            let error = try await expectError(.failed) { _ = try await StartCluster(bench.context)("demo", yes: true) { _ in } }
            #expect(error.hint?.contains("slipway update cluster demo") == true)
            let stop = try await StopCluster(bench.context)("demo", yes: true) { _ in }
            #expect(stop.plan.isEmpty)
        }
    }
}
