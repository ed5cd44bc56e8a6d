import ClusterModel
import Engine
import Foundation
import SimulatedCloud
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Operations

/// Runs that do not reach their end, and what comes after.
@Suite struct ResumeTests {
    /// What the world looks like in the end, but for what differs between two clusters anyway.
    private func outcome(_ bench: Bench) async throws -> [String] {
        let state = try await bench.state()
        let network = bench.world.with { $0.networks[state.uid] }
        let machines = bench.world.with { $0.machines.values.sorted { $0.record.name < $1.record.name } }
        var lines = machines.flatMap { machine in
            [
                "\(machine.record.name) \(machine.record.status) \(machine.record.address) etcd data \(machine.hasEtcdData)",
                "services \(machine.services.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key) \($0.value)" })",
                "files \(machine.files.keys.sorted())",
            ]
        }
        for node in network?.nodes.sorted(by: { $0.name < $1.name }) ?? [] {
            lines.append("node \(node.name) \(node.podCIDR ?? "") \(node.labels.sorted { $0.key < $1.key }) \(node.taints)")
        }
        lines.append("routes \(network?.routes.sorted { $0.key < $1.key } ?? [])")
        lines.append("objects \(network?.objects.keys.sorted() ?? []) tags \(network?.tags.keys.sorted() ?? [])")
        lines.append("state \(state.machines.keys.sorted()) \(state.highWater.sorted { $0.key < $1.key }) \(state.etcd)")
        return lines.map { $0.replacing(state.uid, with: "UID") }
    }

    private static let total = Task {
        try await Bench.with { bench in
            _ = try await bench.create()
            return (changes: bench.world.changes.all.count, outcome: try await ResumeTests().outcome(bench))
        }
    }

    /// From the n-th change on the world is gone, as if the process were killed then: before it took effect, or after
    /// without an answer. The same command again ends in the same cluster.
    @Test(arguments: [false, true]) func whereverItStopsTheSameCommandGoesOn(_ afterwards: Bool) async throws {
        let whole = try await ResumeTests.total.value
        #expect(whole.changes > 25)
        // Every sixth, beginning elsewhere each time, keeps it quick; both passes together see every third one.
        for stop in stride(from: afterwards ? 4 : 1, through: whole.changes, by: 6) {
            try await Bench.with { bench in
                let count = Mutex(0)
                bench.world.fail { _, isAfter in
                    let number = count.withLock { count in
                        if !isAfter { count += 1 }
                        return count
                    }
                    let isDead = afterwards ? number > stop || (number == stop && isAfter) : number >= stop
                    return isDead ? SlipwayError(.failed, doing: "acting", cause: "killed") : nil
                }
                do {
                    _ = try await bench.create()
                    Issue.record("change \(stop) was survived")
                } catch is RunFailure {}
                bench.world.fail(nil)
                _ = try await bench.create()
                #expect(try await outcome(bench) == whole.outcome, "stopped at change \(stop)")
                #expect(try await bench.validate() == [:], "stopped at change \(stop)")
            }
        }
    }

    @Test func aDeleteThatStopsGoesOn() async throws {
        for stop in 1...4 {
            try await Bench.withCluster { bench in
                let count = Mutex(0)
                bench.world.fail { _, isAfter in
                    let number = count.withLock { count in
                        if !isAfter { count += 1 }
                        return count
                    }
                    return number >= stop ? SlipwayError(.failed, doing: "acting", cause: "killed") : nil
                }
                do {
                    _ = try await bench.delete()
                    #expect(stop > 3, "there are three changes: two machines and the network")
                } catch is RunFailure {
                    #expect(try await bench.state().deleting)
                    try await expectError(.refused) { _ = try await bench.update() }
                    bench.world.fail(nil)
                    _ = try await bench.delete()
                }
                #expect(bench.world.isEmpty)
                #expect(try await bench.store.readState("demo") == nil)
            }
        }
    }

    @Test func anInterruptFinishesWhatRunsAndAsksToBeRunAgain() async throws {
        try await Bench.with { bench in
            bench.events.watch { [interrupt = bench.interrupt] event in
                if event.kind == .stepDone, event.action == .createMachine { interrupt.request() }
            }
            let error = try await expectError(.tryAgain) { _ = try await bench.create() }
            #expect(error.hint?.contains("run the same command again") == true)
            #expect(bench.events.all.contains { $0.kind == .interrupted })
            try await bench.expectUnlocked()
            let state = try await bench.state()
            #expect(state.machines.values.contains { $0.providerID != nil }, "what was done is remembered")
            let log = try await bench.store.runEvents("demo", run: try #require(try await bench.store.runs("demo").last))
            #expect(log.contains { $0.kind == .interrupted } && log.last?.kind == .runFinished)
        }
    }

    @Test func anInterruptBeforeTheStartStartsNothing() async throws {
        try await Bench.with { bench in
            bench.interrupt.request()
            try await expectError(.tryAgain) { _ = try await bench.create() }
            #expect(bench.world.isEmpty && bench.world.changes.all.isEmpty)
        }
    }

    @Test func afterAFailureTheLockIsFreeAndTheRestWasDone() async throws {
        try await Bench.with { bench in
            bench.world.fail { what, isAfter in
                !isAfter && what.hasSuffix("createMachine \(Bench.worker)")
                    ? SlipwayError(.failed, doing: "making it", cause: "no space") : nil
            }
            do {
                _ = try await bench.create()
                Issue.record("it did not fail")
            } catch let failure as RunFailure {
                #expect(failure.report.errors.count == 1)
                #expect(failure.report.errors[0].address == Address(.machine, Bench.worker) && failure.report.errors[0].cause == "no space")
                #expect(!failure.report.skipped.isEmpty)
            }
            try await bench.expectUnlocked()
            let services = bench.world.with { $0.machines[Bench.master]?.services }
            #expect(services?[.apiserver] == "active", "what does not depend on it is finished")
            bench.world.fail(nil)
            _ = try await bench.create()
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func transientErrorsAreTriedAgainWithoutAWord() async throws {
        try await Bench.with { bench in
            let failed = Mutex<Set<String>>([])
            // Everything fails once, but for the uploads: a step of many has only so much patience.
            bench.world.fail { what, isAfter in
                guard !isAfter, !what.hasPrefix("upload") else { return nil }
                let isFirst = failed.withLock { $0.insert(what).inserted }
                return isFirst ? SlipwayError(.unreachable, doing: "acting", cause: "connection reset", retry: .transient) : nil
            }
            let result = try await bench.create()
            #expect(result.report?.errors.isEmpty == true)
            #expect(bench.events.all.contains { $0.kind == .stepRetry })
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func twoAtOnceTakeTurns() async throws {
        try await Bench.with { bench in
            let session = try await bench.store.lock(
                "demo", as: .current(operation: "update cluster demo", version: "0"), timeout: .zero, waiting: { _ in })
            for work in [{ _ = try await bench.create() }, { _ = try await bench.delete() }] as [@Sendable () async throws -> Void] {
                let error = try await expectError(.tryAgain) { try await work() }
                #expect(error.cause.contains("update cluster demo"), "who holds it and for what: \(error.cause)")
            }
            #expect(bench.world.changes.all.isEmpty)
            await session.release()
            _ = try await bench.create()
        }
    }
}
