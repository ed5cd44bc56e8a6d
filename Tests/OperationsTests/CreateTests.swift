import ClusterModel
import Engine
import Foundation
import SimulatedCloud
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Operations

@Suite struct CreateTests {
    @Test func aPreviewStoresTheStateAndTouchesNothing() async throws {
        try await Bench.with { bench in
            var spec = Fixtures.cluster()
            spec.spec.kubernetesVersion = nil
            let shown = Mutex<Plan?>(nil)
            let result = try await CreateCluster(bench.context)(spec, yes: false) { plan in shown.withLock { $0 = plan } }
            #expect(result.report == nil && shown.withLock { $0 } == result.plan && !result.plan.isEmpty)
            #expect(bench.world.isEmpty && bench.world.changes.all.isEmpty && bench.world.scripts.all.isEmpty)
            let state = try await bench.state()
            #expect(state.desired.spec.kubernetesVersion == Fixtures.version, "resolved once and written down")
            #expect(state.machines.isEmpty && state.network == nil && state.etcd == .none)
            #expect(try await bench.store.readSecrets("demo") == nil)
            #expect(!FileManager.default.fileExists(atPath: "\(bench.folder)/key"))
            #expect(try await bench.store.runs("demo").isEmpty)
            let uid = state.uid
            #expect(try await bench.create(spec, yes: false).plan == result.plan, "the same again")
            #expect(try await bench.uid == uid)
        }
    }

    @Test func whatCannotBeMadeHereIsNotStored() async throws {
        try await Bench.with { bench in
            var context = bench.context
            let cloud = FakeCloud { answers in
                answers.preflight = { _ in throw SlipwayError(.refused, doing: "checking the host", cause: "no rights") }
            }
            context.outside = { [world = bench.world] _ in
                Outside(cloud: cloud, hosts: world, assets: { _ in world.assets }, connect: { world.connect($0) })
            }
            do {
                _ = try await CreateCluster(context)(Fixtures.cluster(), yes: true) { _ in }
                Issue.record("it was made")
            } catch let error as SlipwayError {
                #expect(error.code == .refused)
            }
            let stored = try await bench.store.clusters()
            #expect(stored.isEmpty)
        }
    }

    @Test func whatTheCloudRemarksIsInThePreviewOfNewMachines() async throws {
        try await Bench.with { bench in
            var context = bench.context
            let cloud = FakeCloud { answers in
                answers.observe = { _ in CloudObservation() }
                answers.remarks = { ["\($0.name) is large"] }
            }
            context.outside = { [world = bench.world] _ in
                Outside(cloud: cloud, hosts: world, assets: { _ in world.assets }, connect: { world.connect($0) })
            }
            let result = try await CreateCluster(context)(Fixtures.cluster(), yes: false) { _ in }
            #expect(result.plan.warnings.contains("demo is large"))
        }
    }

    @Test func aClusterIsMadeAndThenThereIsNothingToDo() async throws {
        try await Bench.with { bench in
            let result = try await bench.create()
            let report = try #require(result.report)
            #expect(report.errors.isEmpty && report.skipped.isEmpty && report.outcomes.count == result.plan.steps.count)
            let state = try await bench.state()
            #expect(state.etcd == .initialised(token: "demo-\(state.uid)"))
            #expect(Set(state.machines.keys) == [Bench.master, Bench.worker])
            #expect(try await bench.validate() == [:])

            bench.world.changes.clear()
            let again = try await bench.create()
            #expect(again.plan.isEmpty && again.report == nil)
            #expect(try await bench.update().plan.isEmpty)
            #expect(bench.world.changes.all.isEmpty, "and nothing is touched")
        }
    }

    @Test func fourMachinesInTwoZones() async throws {
        try await Bench.with { bench in
            _ = try await bench.create(Fixtures.cluster(workers: 3, zones: ["local-a", "local-b"]))
            let state = try await bench.state()
            #expect(Set(state.machines.keys) == [Bench.master, Bench.worker, "demo-nodes-b-2", "demo-nodes-a-3"])
            #expect(Set(state.machines.values.map(\.podCIDR)).count == 4)
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func anotherSpecIsShownAndChangesNothing() async throws {
        try await Bench.with { bench in
            _ = try await bench.create(yes: false)
            let error = try await expectError(.exists) { _ = try await bench.create(Fixtures.cluster(workers: 3)) }
            #expect(error.cause.contains("spec.pools[nodes].count: 1 -> 3"))
            #expect(try await bench.state().desired == Fixtures.cluster())
            try await bench.expectUnlocked()
        }
    }

    @Test func aVersionLeftOpenIsNoOtherSpec() async throws {
        try await Bench.with { bench in
            _ = try await bench.create(yes: false)
            var open = Fixtures.cluster()
            open.spec.kubernetesVersion = nil
            #expect(try await !bench.create(open, yes: false).plan.isEmpty)
        }
    }

    @Test func aSourceWithoutVersionsLeavesNoState() async throws {
        try await Bench.with(world: SimulatedWorld(versions: [])) { bench in
            var spec = Fixtures.cluster()
            spec.spec.kubernetesVersion = nil
            try await expectError(.unreachable) { _ = try await bench.create(spec, yes: false) }
            #expect(try await bench.store.readState("demo") == nil)
            try await bench.expectUnlocked()
        }
    }

    @Test func theKeyIsMadeOnceAndThePersonIsTold() async throws {
        try await Bench.with { bench in
            _ = try await bench.create()
            let told = bench.events.all.filter { $0.kind == .message && $0.message.contains("\(bench.folder)/key") }
            #expect(told.count == 1 && told[0].message.contains("back it up"))
        }
    }

    @Test func noSecretLeavesTheStoreInAPlanScriptEventOrLog() async throws {
        try await Bench.with { bench in
            let result = try await bench.create()
            let stored = try #require(try await bench.store.readSecrets("demo"))
            let secrets = stored.values.map { $0.revealText() }
                // What is public about them may be anywhere.
                .filter { $0.contains("PRIVATE KEY") || !$0.contains("-----") }
            #expect(secrets.count >= 4)
            let run = try #require(try await bench.store.runs("demo").first)
            let log = try await bench.store.runEvents("demo", run: run)
            let coder = JSONEncoder()
            let state = try coder.encode(try await bench.state())
            let places = [
                String(decoding: try coder.encode(result.plan), as: UTF8.self), bench.world.scripts.all.joined(separator: "\n"),
                String(decoding: try coder.encode(log), as: UTF8.self), String(decoding: try coder.encode(bench.events.all), as: UTF8.self),
                String(decoding: state, as: UTF8.self),
            ]
            for place in places {
                #expect(!place.contains("PRIVATE KEY"))
                for secret in secrets {
                    for line in secret.split(separator: "\n") where line.count > 30 && !line.hasPrefix("-----") {
                        #expect(!place.contains(line))
                    }
                }
            }
        }
    }

    @Test func theRunIsWrittenDown() async throws {
        try await Bench.with { bench in
            let result = try await bench.create()
            let runs = try await bench.store.runs("demo")
            #expect(runs == ["20270115T080000000-create"])
            let log = try await bench.store.runEvents("demo", run: runs[0])
            #expect(log.first?.kind == .runStarted && log.last?.kind == .runFinished)
            #expect(log.count { $0.kind == .stepDone } == result.plan.steps.count)
            #expect(bench.events.all.count { $0.kind == .stepDone } == result.plan.steps.count, "the same stream")
        }
    }
}
