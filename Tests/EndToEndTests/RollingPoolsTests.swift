import ClusterModel
import Foundation
import TestSupport
import Testing

/// A worker pool and then all masters are rolled while somebody asks all the time, and a route comes late.
@Suite(
    "RollingPoolsTests", .serialized, .bench("rolling-pools"), .enabled(if: Setup.mayRun, Comment(rawValue: Setup.missing ?? "")))
struct RollingPoolsTests {
    static let name = "roll"

    /// Set to prove that the measurement sees failures: pods are killed where a drain should have moved them.
    private static var breaksDrains: Bool { Setup.environment["SLIPWAY_TEST_BROKEN_DRAIN"] != nil }

    /// How long packets to a new machine's pods lead nowhere.
    private static let routeDelay = 20.0

    @Test("a pool and the control plane move to another instance type and no request fails")
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
            try await rolling.expectTooLarge()
            let old = try await rolling.machines("nodes")
            try await rolling.replace(type: "local.medium")
            let updated = try await rolling.store.slipway("update", "cluster", Self.name, "--yes").expect(0)
            try check((updated.output + updated.errors).contains("slipway rolling-update cluster"), "update says nothing of the roll")
            try check(try await rolling.machines("nodes") == old, "update replaced machines")

            var window: ClosedRange<Date>?
            let (all, fewest) = try await traffic.during {
                let pool = try await rolling.store.slipway(
                    "rolling-update", "cluster", Self.name, "--pool", "nodes", "--yes", "-o", "json", limit: .seconds(540)
                ) { program in
                    guard Self.breaksDrains else { return try await rolling.delayRoute(program, by: Self.routeDelay) }
                    try await program.reach(Moment("a drain begins") { $0.kind == .stepStarted && $0.action == .drainNode })
                    let kills = "for pid in $(pidof traffic); do kill -9 $pid; done"
                    for machine in old { try await rolling.store.on(machine, of: Self.name, kills) }
                }.expect(0)
                var masters: ProgramResult?
                let probe = try await APIProbe.during(Self.name, on: bench) {
                    masters = try await rolling.store.slipway(
                        "rolling-update", "cluster", Self.name, "--pool", "control-plane", "--yes", "-o", "json", limit: .seconds(540)
                    ).expect(0)
                }
                try check(probe.longestGap < RollingMastersTests.longestGap, "the API was away for \(probe.longestGap) s")
                window = try RollReport.window(of: [pool, try unwrap(masters, "the masters were not rolled")])
            }
            let counted = try RollReport.expectNoFailure(all, in: try unwrap(window, "the roll told nothing"), bench)
            try check(fewest >= Traffic.replicas - 1, "only \(fewest) pods were available")
            bench.say("never fewer than \(fewest) of \(Traffic.replicas) pods were available")
            let new = try await rolling.machines("nodes")
            try check(new.count == 3 && Set(new).isDisjoint(with: old), "the pool is now \(new)")
            let masters = try await rolling.machines("control-plane")
            try check(masters == ["a-4", "b-5", "c-6"].map { "\(Self.name)-control-plane-\($0)" }, "the masters are now \(masters)")
            let places = try await rolling.store.kubectl(
                Self.name, "get", "pods", "-l", "app=web", "-o", "jsonpath={range .items[*]}{.metadata.name} {.spec.nodeName}{\"\\n\"}{end}"
            )
            let moved = Set(places.split(separator: "\n").compactMap { $0.split(separator: " ").first.map(String.init) })
            try check(counted.contains { moved.contains($0.pod) }, "no request was answered by a pod on a new machine")
            try await rolling.store.expectSettled(Self.name)
            try await rolling.expectLarger()
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
              controlPlane: {zones: [local-a, local-b, local-c], instanceType: \(type)}
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

    /// A pod that asks for more than any node has waits.
    func expectTooLarge() async throws {
        try await store.expectAllocatable(Self.name)
        try await store.kubectl(
            Self.name, "apply", "-f", "-",
            input: """
                apiVersion: v1
                kind: Pod
                metadata: {name: large}
                spec:
                  terminationGracePeriodSeconds: 1
                  nodeSelector: {slipway.dev/pool: nodes}
                  containers:
                    - name: wait
                      image: slipway.dev/pause:1
                      imagePullPolicy: Never
                      resources: {requests: {memory: 3Gi}}

                """)
        _ = try await until(.seconds(30), "the pod large waits for memory") { () -> Bool? in
            try await large().contains("Insufficient memory") ? true : nil
        }
    }

    /// After the roll the nodes offer more, and the pod that waited runs.
    func expectLarger() async throws {
        let nodes = try await store.expectAllocatable(Self.name).filter { $0.name.contains("-nodes-") }
        try check(nodes.count == 3 && nodes.allSatisfy { $0.type == "local.medium" }, "the nodes are \(nodes)")
        _ = try await until(.seconds(60), "the pod large runs") { () -> Bool? in try await large().hasPrefix("Running") ? true : nil }
    }

    private func large() async throws -> String {
        try await store.kubectl(Self.name, "get", "pod", "large", "-o", "jsonpath={.status.phase} {.status.conditions[*].message}")
    }

    func machines(_ pool: String) async throws -> [String] {
        try await store.machines(Self.name).map(\.name).filter { $0.hasPrefix("\(Self.name)-\(pool)-") }.sorted()
    }

    /// What the cloud answered comes late: the first route that a run sets leads nowhere for so many seconds.
    func delayRoute(_ program: RunningProgram, by seconds: Double) async throws {
        let host = try await HostMachines(Self.name, of: store)
        let router = ["-n", "slw-\(host.uid)", "route"]
        func routes() async throws -> Set<String> {
            Set(try await bench.run("ip", router + ["show"]).expect(0).output.split(separator: "\n").map(String.init))
        }
        let before = try await routes()
        try await program.reach(Moment("a route is set") { $0.kind == .stepDone && $0.action == .setRoute })
        let late = try unwrap(try await routes().subtracting(before).first, "there is no new route")
        try await bench.run("ip", router + ["del"] + late.split(separator: " ").map(String.init)).expect(0)
        bench.say("away for \(text(seconds)): route \(late)")
        try await Task.sleep(for: .seconds(seconds))
        try await bench.run("ip", router + ["add"] + late.split(separator: " ").map(String.init)).expect(0)
    }
}
