import ClusterModel
import Foundation
import TestSupport
import Testing

/// A worker pool is rolled while somebody asks all the time.
@Suite(
    "RollingPoolsTests", .serialized, .bench("rolling-pools"), .enabled(if: Setup.mayRun, Comment(rawValue: Setup.missing ?? "")))
struct RollingPoolsTests {
    static let name = "roll"

    /// Set to prove that the measurement sees failures: pods are killed where a drain should have moved them.
    private static var breaksDrains: Bool { Setup.environment["SLIPWAY_TEST_BROKEN_DRAIN"] != nil }

    @Test("a pool moves to another instance type and no request fails")
    func noRequestFails() async throws {
        try await onBench { bench in
            let rolling = Rolling(store: bench.store("state"))
            let created = try await bench.run(
                bench.binary, ["create", "cluster", Self.name, "-f", try rolling.specFile(), "--yes"],
                environment: rolling.store.environment, limit: .seconds(300)
            ).expect(0)
            _ = bench.uids
            bench.say("\(text(created.seconds))  0  slipway create cluster \(Self.name)")
            let traffic = Traffic(rolling.store, cluster: Self.name)
            try await traffic.deploy()
            let old = try await rolling.machines("nodes")
            try await rolling.replace(type: "local.medium")
            let updated = try await rolling.store.slipway("update", "cluster", Self.name, "--yes").expect(0)
            try check((updated.output + updated.errors).contains("slipway rolling-update cluster"), "update says nothing of the roll")
            try check(try await rolling.machines("nodes") == old, "update replaced machines")

            var window: ClosedRange<Date>?
            let (all, fewest) = try await traffic.during {
                let rolled = try await rolling.store.slipway(
                    "rolling-update", "cluster", Self.name, "--yes", "-o", "json", limit: .seconds(540)
                ) { program in
                    guard Self.breaksDrains else { return }
                    try await program.reach(Moment("a drain begins") { $0.kind == .stepStarted && $0.action == .drainNode })
                    let kills = "for pid in $(pidof traffic); do kill -9 $pid; done"
                    for machine in old { try await rolling.store.on(machine, of: Self.name, kills) }
                }.expect(0)
                window = try rolling.window(rolled)
            }
            let counted = try rolling.report(all, in: try unwrap(window, "the roll told nothing"))
            try check(fewest >= Traffic.replicas - 1, "only \(fewest) pods were available")
            bench.say("never fewer than \(fewest) of \(Traffic.replicas) pods were available")
            let new = try await rolling.machines("nodes")
            try check(new.count == 3 && Set(new).isDisjoint(with: old), "the pool is now \(new)")
            let places = try await rolling.store.kubectl(
                Self.name, "get", "pods", "-l", "app=web", "-o", "jsonpath={range .items[*]}{.metadata.name} {.spec.nodeName}{\"\\n\"}{end}"
            )
            let moved = Set(places.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
            try check(counted.contains { moved.contains($0.pod) }, "no request was answered by a pod on a new machine")
            try await rolling.expectSettled()
            let host = try await HostMachines(Self.name, of: rolling.store)
            try await rolling.store.slipway("delete", "cluster", Self.name, "--yes").expect(0)
            try await EndToEndTests.expectNothing(host, bench)
        }
    }
}

private struct Rolling: Sendable {
    static let name = RollingPoolsTests.name

    let store: Store
    var bench: Bench { store.bench }

    func specFile(type: String = "local.small") throws -> String {
        let path = "\(bench.folder)/roll.yaml"
        let text = """
            apiVersion: slipway.dev/v1alpha1
            kind: Cluster
            metadata: {name: \(Self.name)}
            spec:
              cloud: {provider: local}
              controlPlane: {count: 1, zones: [local-a]}
              pools:
                - {name: nodes, zones: [local-a, local-b], count: 3, instanceType: \(type)}
                - {name: other, zones: [local-a], count: 1}
              assets: {source: "\(bench.mirror)"}

            """
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    func replace(type: String) async throws {
        try await store.slipway("replace", "-f", try specFile(type: type)).expect(0)
    }

    func machines(_ pool: String) async throws -> [String] {
        try await store.machines(Self.name).map(\.name).filter { $0.hasPrefix("\(Self.name)-\(pool)-") }.sorted()
    }

    /// From the first cordon to the last machine removed.
    func window(_ rolled: ProgramResult) throws -> ClosedRange<Date> {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let events = rolled.errors.split(separator: "\n").compactMap { try? decoder.decode(RunEvent.self, from: Data($0.utf8)) }
        let first = events.first { $0.kind == .stepStarted && $0.action == .cordonNode }?.time
        let last = events.last { $0.kind == .stepDone && $0.action == .deleteMachine }?.time
        // Events have whole seconds.
        return try unwrap(first, "nothing was cordoned")...(try unwrap(last, "no machine was removed")).addingTimeInterval(1)
    }

    /// What was asked meanwhile, and that nothing failed.
    func report(_ all: [Traffic.Request], in window: ClosedRange<Date>) throws -> [Traffic.Request] {
        let counted = all.filter { window.contains($0.start) }
        let failed = counted.filter { $0.result != "ok" }
        let kept = counted.count { $0.kind == "kept" }
        let inside = counted.count { $0.client == "inside" }
        let slowest = counted.map(\.milliseconds).max() ?? 0
        let seconds = window.upperBound.timeIntervalSince(window.lowerBound)
        bench.say(
            "\(counted.count) requests in \(text(seconds)), \(failed.count) failed; \(kept) on kept connections, \(inside) from a pod; "
                + "slowest \(slowest) ms")
        let list = all.map(\.text).joined(separator: "\n") + "\n"
        try? FileManager.default.createDirectory(atPath: bench.artifacts, withIntermediateDirectories: true)
        try Data(list.utf8).write(to: URL(filePath: "\(bench.artifacts)/requests.log"))
        try check(
            failed.isEmpty, "\(failed.count) of \(counted.count) requests failed:\n\(failed.prefix(20).map(\.text).joined(separator: "\n"))"
        )
        try check(counted.count >= 10_000, "only \(counted.count) requests were made")
        try check(kept * 10 >= counted.count * 3, "only \(kept) of \(counted.count) requests reused a connection")
        try check(inside > 0 && inside < counted.count, "one of the clients asked nothing")
        return counted
    }

    func expectNothingMarked() async throws {
        let marked = try await store.kubectl(
            Self.name, "get", "nodes", "-o",
            "jsonpath={range .items[*]}{.metadata.name} {.spec.unschedulable} {.spec.taints[*].key} "
                + "{.metadata.annotations.slipway\\.dev/cordoned-by}{\"\\n\"}{end}"
        )
        try check(!marked.contains("true") && !marked.contains("slipway.dev/"), "nodes are marked:\n\(marked)")
    }

    /// Healthy, nothing marked, nothing more to do.
    func expectSettled() async throws {
        try await store.expectHealthy(Self.name, wait: "2m")
        try await expectNothingMarked()
        let again = try await store.slipway("rolling-update", "cluster", Self.name, "--yes").expect(0)
        try check((again.output + again.errors).contains("no changes"), "there is more to do:\(again.lastWords)")
    }
}
