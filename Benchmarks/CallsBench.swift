import ClusterModel
import Foundation
import Operations
import SimulatedCloud
import StateStore
import TestSupport

/// How often an update that finds nothing to do asks the cloud, the machines and the API: the same operation and the same
/// drivers as on real machines, on the simulated cloud, which counts.
enum CallsBench {
    static func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-bench-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let world = SimulatedWorld()
        let context = OperationContext(
            run: TestClock().context, store: FileStateStore(root: "\(folder)/state", keyFile: KeyFile(path: "\(folder)/key")),
            outside: { _ in Outside(cloud: world, hosts: world, assets: { _ in world.assets }, connect: { world.connect($0) }) })
        let zones = ["local-a", "local-b", "local-c"]
        var cluster = Fixtures.cluster(workers: 3, zones: zones)
        cluster.spec.controlPlane = ControlPlaneSpec(count: 3, zones: zones, instanceType: "local.small")
        _ = try await CreateCluster(context)(cluster, yes: true) { _ in }
        let before = world.calls
        let result = try await UpdateCluster(context)("demo", yes: true) { _ in }
        guard result.plan.isEmpty else { throw Surprise("the second update has \(result.plan.steps.count) steps") }
        let made = world.calls.mapValues { $0 }.map { ($0.key, $0.value - before[$0.key, default: 0]) }.filter { $0.1 > 0 }
        let all = made.map(\.1).reduce(0, +)
        note(made.sorted { $0.0.rawValue < $1.0.rawValue }.map { "\($0.0.rawValue) \($0.1)" }.joined(separator: ", "))
        Row(what: "calls of a second update of 3 + 3", value: "\(all)", goal: "at most 25", isMet: all <= 25).show()
    }
}
