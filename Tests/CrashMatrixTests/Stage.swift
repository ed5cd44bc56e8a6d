import ClusterModel
import Foundation
import Operations
import SimulatedCloud
import StateStore
import TestSupport

/// A store in a folder, a world in memory, and the operations on both, as one process after the other would carry them out.
struct Stage: Sendable {
    let folder: String
    let world: SimulatedWorld
    let clock: TestClock

    /// Where scenarios begin, to be begun from as often as is wanted.
    struct Beginning: Sendable {
        var world: SimulatedWorld
        var files: FolderCopy

        /// A stage like this one, with what comes between it and the world.
        func stage<Result: Sendable>(
            conditions: Conditions = .instant, failpoints: Failpoints? = nil, _ body: @Sendable (Stage) async throws -> Result
        ) async throws -> Result {
            try await Stage.withFolder { folder in
                try files.write(to: folder)
                let clock = TestClock()
                let world = SimulatedWorld(copying: world, run: clock.context, conditions: conditions, failpoints: failpoints)
                return try await body(Stage(folder: folder, world: world, clock: clock))
            }
        }
    }

    static func withFolder<Result: Sendable>(_ body: @Sendable (String) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-matrix-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(folder)
    }

    static func beginning(of scenario: Scenario) async throws -> Beginning {
        try await withFolder { folder in
            let clock = TestClock()
            let stage = Stage(
                folder: folder, world: SimulatedWorld(provider: scenario.wanted.spec.cloud.provider, run: clock.context), clock: clock)
            if let before = scenario.before {
                _ = try await CreateCluster(stage.context())(before, yes: true) { _ in }
            }
            return Beginning(world: SimulatedWorld(copying: stage.world), files: try FolderCopy(of: folder))
        }
    }

    /// The next process: nothing comes between it and the world any more.
    func next() -> Stage {
        Stage(folder: folder, world: SimulatedWorld(copying: world, run: clock.context, conditions: .instant), clock: clock)
    }

    var store: FileStateStore { FileStateStore(root: "\(folder)/state", keyFile: KeyFile(path: "\(folder)/key")) }

    func context(_ failpoints: Failpoints? = nil) -> OperationContext {
        OperationContext(
            run: clock.context, store: failpoints.map { FailpointStore(store, failpoints: $0) } ?? store,
            outside: { [world] _ in
                Outside(cloud: world, hosts: world, assets: { _ in world.assets }, connect: { world.connect($0) })
            })
    }

    func perform(_ scenario: Scenario, _ failpoints: Failpoints? = nil) async throws {
        let context = context(failpoints)
        switch scenario.wish {
        case .create: _ = try await CreateCluster(context)(scenario.wanted, yes: true) { _ in }
        case .update: _ = try await UpdateCluster(context)(scenario.wanted.name, spec: scenario.wanted, yes: true) { _ in }
        case .roll: _ = try await RollCluster(context)(scenario.wanted.name, spec: scenario.wanted, yes: true) { _ in }
        case .delete: _ = try await DeleteCluster(context)(scenario.wanted.name, lostAt: CloudPlace(.simulated), yes: true) { _ in }
        }
    }

    /// The same again, by a process that nobody disturbs. A delete that was done already finds nothing.
    func repeating(_ scenario: Scenario) async throws {
        do {
            try await perform(scenario)
        } catch let error as SlipwayError where scenario.wish == .delete && error.code == .notFound {}
    }

    var contents: SimulatedWorld.Contents { world.with { $0 } }

    func picture(_ scenario: Scenario) async throws -> Picture {
        Picture(contents, try await store.readState(scenario.wanted.name), namesRanges: scenario.wish == .roll)
    }

    /// What is not as after an uninterrupted run.
    func wrongs(_ scenario: Scenario, wanted: Picture) async throws -> [String] {
        let name = scenario.wanted.name
        let state = try await store.readState(name)
        var wrongs = Picture.wrongs(contents, state) + (try await picture(scenario)).differences(from: wanted)
        do {
            let session = try await store.lock(name, as: .current(operation: "test", version: "0"), timeout: .zero, waiting: { _ in })
            await session.release()
        } catch {
            wrongs.append("the lock: \(error)")
        }
        if scenario.wish == .delete {
            if !world.isEmpty { wrongs.append("something is left in the cloud") }
            if state != nil { wrongs.append("the state is left") }
            return wrongs
        }
        let plan = try await UpdateCluster(context())(name, spec: nil, yes: true) { _ in }.plan
        if !plan.isEmpty || !plan.warnings.isEmpty { wrongs.append("the next update would do: \(plan.steps.map(\.id)) \(plan.warnings)") }
        return wrongs
    }
}
