import ClusterModel
import Engine
import Foundation
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import Operations

@Suite struct UpdateTests {
    @Test func anUnknownClusterIsNotFoundAndTheKnownOnesAreNamed() async throws {
        try await Bench.with { bench in
            let none = try await expectError(.notFound) { _ = try await bench.update() }
            #expect(none.hint?.contains("is --state right?") == true)
            var other = Fixtures.cluster()
            other.metadata.name = "other"
            _ = try await bench.create(other, yes: false)
            let error = try await expectError(.notFound) { _ = try await bench.update() }
            #expect(error.hint?.hasPrefix("it has: other; if its state was lost: ") == true)
        }
    }

    @Test func afterAPreviewOfACreateUpdateMakesTheCluster() async throws {
        try await Bench.with { bench in
            _ = try await bench.create(yes: false)
            _ = try await bench.update()
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func aSpecFromAFileIsStoredOnlyWithYes() async throws {
        try await Bench.withCluster { bench in
            let larger = Fixtures.cluster(workers: 2)
            bench.world.changes.clear()
            let preview = try await bench.update(larger, yes: false)
            #expect(preview.report == nil && !preview.plan.isEmpty)
            #expect(try await bench.state().desired.spec.pools[0].count == 1)
            #expect(bench.world.changes.all.isEmpty)
            _ = try await bench.update(larger)
            #expect(try await bench.state().desired.spec.pools[0].count == 2)
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func moreWorkersRestartNothingOnTheOthers() async throws {
        try await Bench.withCluster { bench in
            bench.world.changes.clear()
            _ = try await bench.update(Fixtures.cluster(workers: 3))
            let touched = bench.world.changes.all.filter { $0.contains(Bench.master) || $0.contains(Bench.worker) }
            #expect(touched == ["run on \(Bench.master): keep the recovery kit"], "it holds the spec; nothing restarts for it")
            #expect(Set(try await bench.state().machines.keys) == [Bench.master, Bench.worker, "demo-nodes-a-2", "demo-nodes-a-3"])
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func aSpecWithoutMachineWorkIsStoredToo() async throws {
        try await Bench.withCluster { bench in
            var protected = Fixtures.cluster()
            protected.spec.deletionProtection = true
            #expect(try await bench.update(protected).plan.steps.map(\.action.name) == [.keepRecoveryKit])
            #expect(try await bench.state().desired.spec.deletionProtection)
            let error = try await expectError(.refused) { _ = try await bench.delete() }
            #expect(error.cause.contains("deletionProtection"))
            #expect(!bench.world.isEmpty)
        }
    }

    @Test func afterARebootOfTheHostTheClusterComesBack() async throws {
        try await Bench.withCluster { bench in
            bench.world.reboot()
            #expect(try await !bench.validate().isEmpty)
            _ = try await bench.update()
            #expect(try await bench.validate() == [:])
            #expect(try await bench.update().plan.isEmpty)
            #expect(bench.world.changes.all("createMachine").isEmpty, "stopped machines are started, never replaced")
        }
    }

    @Test func aLostMasterIsRefusedAndNothingIsTouched() async throws {
        try await Bench.withCluster { bench in
            bench.world.with { $0.machines[Bench.master] = nil }
            bench.world.changes.clear()
            let error = try await expectError(.refused) { _ = try await bench.update() }
            #expect(error.cause.contains(Bench.master))
            #expect(bench.world.changes.all.isEmpty)
        }
    }

    @Test func lostEtcdDataIsRefusedAndNothingIsTouched() async throws {
        try await Bench.withCluster { bench in
            bench.world.machine(Bench.master) { machine in
                machine.hasEtcdData = false
                machine.services[.etcd] = "failed"
            }
            bench.world.changes.clear()
            let error = try await expectError(.refused) { _ = try await bench.update() }
            #expect(error.cause.contains("/var/lib/etcd/member"))
            #expect(bench.world.changes.all.isEmpty)
        }
    }

    @Test func replacingTheSpecTouchesNothingAndNamesTheDifferences() async throws {
        try await Bench.withCluster { bench in
            bench.world.changes.clear()
            #expect(try await ReplaceSpec(bench.context)(Fixtures.cluster()).isEmpty)
            let serial = try await bench.state().serial
            #expect(
                try await ReplaceSpec(bench.context)(Fixtures.cluster(workers: 3)) == [
                    Reason("spec.pools[nodes].count", old: "1", new: "3")
                ])
            #expect(try await bench.state().serial == serial + 1)
            #expect(bench.world.changes.all.isEmpty)
            #expect(try await bench.update(yes: false).plan.steps.count { $0.action.name == .createMachine } == 2)
        }
    }

    @Test func replacingTheSpecOfAnUnknownClusterMakesNone() async throws {
        try await Bench.with { bench in
            try await expectError(.notFound) { _ = try await ReplaceSpec(bench.context)(Fixtures.cluster()) }
            #expect(try await bench.store.clusters().isEmpty)
        }
    }
}
