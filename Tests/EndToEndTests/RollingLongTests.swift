import ClusterModel
import TestSupport
import Testing

/// Pools that are scaled, and rolls that are killed again and again: `make test-long`.
@Suite("RollingLongTests", .serialized, .bench("rolling-long"), .enabled(if: Setup.mayRun, Comment(rawValue: Setup.missing ?? "")))
struct RollingLongTests {
    /// Moments of the replacement of one machine, in their order.
    private static let stages: [(kind: RunEvent.Kind, action: Action.Name)] = [
        (.stepStarted, .createMachine), (.stepDone, .installContent), (.stepStarted, .admitNode), (.stepDone, .cordonNode),
        (.stepStarted, .deleteNode), (.stepStarted, .deleteMachine),
    ]

    @Test("a pool grows from one to four and shrinks to two while its pods run")
    func aPoolIsScaled() async throws {
        try await onBench { bench in
            let rough = Rough(store: bench.store("state"))
            try await rough.create(workers: 1)
            try await rough.deploySteady(replicas: 4)
            try await rough.limit(unavailable: 1)
            for count in [4, 2] {
                try await rough.store.slipway("set", "cluster", Rough.name, "spec.pools[nodes].count=\(count)").expect(0)
                try await rough.store.slipway("update", "cluster", Rough.name, "--yes").expect(0)
                try check(try await rough.workers().count == count, "the pool has not \(count) machines")
                if count == 4 { try await rough.kubectl("rollout", "restart", "deployment/steady") }
                try await rough.kubectl("rollout", "status", "deployment/steady", "--timeout=100s")
                try await rough.expectSettled()
            }
        }
    }

    @Test("a replacement that is killed at six stages goes on each time, and ends as one that was not")
    func sixKillsConverge() async throws {
        try await onBench { bench in
            let rough = Rough(store: bench.store("state"))
            try await rough.create(workers: 2)
            let old = try await rough.workers()
            try await rough.store.slipway("set", "cluster", Rough.name, "spec.pools[nodes].instanceType=local.medium").expect(0)
            for stage in Self.stages {
                let moment = Moment("\(stage.kind) \(stage.action)") { $0.kind == stage.kind && $0.action == stage.action }
                try await rough.store.kill(at: moment, ["rolling-update", "cluster", Rough.name, "--yes"])
            }
            try await rough.store.slipway("rolling-update", "cluster", Rough.name, "--yes").expect(0)
            let new = try await rough.workers()
            try check(new.count == 2 && Set(new).isDisjoint(with: old), "the pool is now \(new)")
            try await rough.expectSettled()
            try await rough.kubectl("rollout", "status", "deployment/steady", "--timeout=100s")
            let host = try await HostMachines(Rough.name, of: rough.store)
            try check(host.leaders().count == 3, "machines run: \(host.leaders().keys.sorted())")
            try await rough.store.slipway("delete", "cluster", Rough.name, "--yes").expect(0)
            try await EndToEndTests.expectNothing(host, bench)
        }
    }
}
