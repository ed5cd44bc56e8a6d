import ClusterModel
import Foundation
import Glibc
import TestSupport
import Testing

/// Rolls that are held up, and machines that are lost. The tests share one cluster, in the order that they have here.
@Suite(
    "RollingTroubleTests", .serialized, .bench("rolling-trouble"), .enabled(if: Setup.mayRun, Comment(rawValue: Setup.missing ?? "")))
struct RollingTroubleTests {
    @Test("a roll that a budget blocks ends with 77, names pod and budget, and leaves nothing marked")
    func aBudgetBlocksARoll() async throws {
        try await onBench { bench in
            let rough = Rough(store: bench.store("state"))
            try await rough.create(workers: 1)
            try await rough.deploySteady(replicas: 2)
            try await rough.limit(unavailable: 0)
            let old = try await rough.workers()
            let rolled = try await rough.store.slipway(
                "rolling-update", "cluster", Rough.name, "--machine", old[0], "--drain-timeout", "8s", "--yes"
            ).expect(77)
            try rolled.expectErrors(contain: "PodDisruptionBudget default/steady", "steady-")
            try await rough.expectNothingMarked()
            try check(try await rough.running() == 2, "a pod was lost")
            // The new machine has joined and is one too many now: nothing serves less, and an update takes it away.
            try await rough.kubectl("delete", "poddisruptionbudget", "steady")
            try await rough.store.slipway("update", "cluster", Rough.name, "--yes").expect(0)
            try check(try await rough.workers().count == 1, "a machine is left beyond the count")
            try await rough.expectSettled()
        }
    }

    @Test("a roll whose new machine does not boot keeps or removes it while the old one serves, and converges once it is mended")
    func aNewMachineDoesNotBoot() async throws {
        try await onBench { bench in
            let rough = Rough(store: bench.store("state"))
            let old = try await rough.workers()
            let image = try await BrokenImage(bench)
            func roll(_ onFailure: String) async throws -> ProgramResult {
                let arguments = ["rolling-update", "cluster", Rough.name, "--on-failure", onFailure, "--yes"]
                let rolled = try await bench.run(
                    bench.binary, arguments, environment: rough.store.environment.merging(["SLIPWAY_CACHE": image.cache]) { $1 },
                    limit: .seconds(240))
                bench.say("\(text(rolled.seconds))  \(rolled.status)  slipway \(arguments.joined(separator: " "))")
                return rolled
            }
            /// It says which step failed, why, and what the machine said last; what serves goes on serving.
            func expectStopped(_ rolled: ProgramResult) async throws {
                try rolled.expect(1).expectErrors(
                    contain: "connect host/rough-nodes-", "the machine ended before anybody could log in", BrokenImage.lastWords)
                try check(rolled.seconds < 60, "that a machine had ended was noticed after \(rolled.seconds) s only")
                try await rough.expectNothingMarked()
                try check(try await rough.running() == 2, "a pod was lost")
            }
            try await rough.store.slipway("set", "cluster", Rough.name, "spec.pools[nodes].instanceType=local.medium").expect(0)
            try await expectStopped(try await roll("remove"))
            try check(try await rough.workers() == old, "the new machine was not removed")
            try await expectStopped(try await roll("keep"))
            let kept = try await rough.store.machines(Rough.name).filter { $0.role == "worker" && !old.contains($0.name) }
            try check(kept.map(\.status) == ["stopped"], "the new machine was not kept: \(kept)")
            try image.mend()
            try await roll("keep").expect(0)
            let new = try await rough.workers()
            try check(new == kept.map(\.name), "the pool is now \(new)")
            _ = try await until(.seconds(60), "the pods run again") { try await rough.running() == 2 ? true : nil }
            try await rough.expectSettled()
        }
    }

    @Test("a worker whose machine is lost for good is replaced by reconcile, and its pods run again")
    func aLostWorkerIsReplaced() async throws {
        try await onBench { bench in
            let rough = Rough(store: bench.store("state"))
            let lost = try await rough.workers()[0]
            try await rough.lose(lost)
            let preview = try await rough.store.slipway("reconcile", "cluster", Rough.name).expect(0)
            try check(preview.output.contains("replaces \(lost)"), "the preview does not say what is replaced:\n\(preview.output)")
            try await rough.store.slipway("reconcile", "cluster", Rough.name, "--yes").expect(0)
            try check(try await !rough.workers().contains(lost), "\(lost) is still known")
            _ = try await until(.seconds(120), "the pods run again") { try await rough.running() == 2 ? true : nil }
            try await rough.expectSettled()
            let host = try await HostMachines(Rough.name, of: rough.store)
            try await rough.store.slipway("delete", "cluster", Rough.name, "--yes").expect(0)
            try await EndToEndTests.expectNothing(host, bench)
        }
    }
}
