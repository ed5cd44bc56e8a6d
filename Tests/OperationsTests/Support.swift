import ClusterModel
import Engine
import Foundation
import Planning
import SimulatedCloud
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Operations

/// Operations on a store in a folder of its own and a world in memory.
struct Bench: Sendable {
    let folder: String
    let world: SimulatedWorld
    let clock = TestClock()
    let store: FileStateStore
    let events = Events()
    let interrupt = Interrupt()

    final class Events: Sendable {
        private let list = Mutex<[RunEvent]>([])
        private let hook = Mutex<(@Sendable (RunEvent) -> Void)?>(nil)

        func add(_ event: RunEvent) {
            list.withLock { $0.append(event) }
            hook.withLock { $0 }?(event)
        }

        var all: [RunEvent] { list.withLock { $0 } }
        /// Is called with every event.
        func watch(_ hook: @escaping @Sendable (RunEvent) -> Void) { self.hook.withLock { $0 = hook } }
    }

    static func with<Result>(
        world: SimulatedWorld = SimulatedWorld(), store name: String = "state", _ body: (Bench) async throws -> Result
    ) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-operations-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(Bench(folder: folder, world: world, store: name))
    }

    init(folder: String, world: SimulatedWorld, store name: String) {
        self.folder = folder
        self.world = world
        store = FileStateStore(root: "\(folder)/\(name)", keyFile: KeyFile(path: "\(folder)/key"))
    }

    /// With the cluster of `Fixtures.cluster()`, created. It is made once and copied.
    static func withCluster<Result>(_ body: (Bench) async throws -> Result) async throws -> Result {
        try await made.copy(body)
    }

    private static let made = MadeCluster()

    /// Another store on the same world.
    func other(store name: String) -> Bench { Bench(folder: folder, world: world, store: name) }

    var context: OperationContext {
        OperationContext(
            run: clock.context, store: store,
            outside: { [world] _ in
                Outside(cloud: world, hosts: world, assets: { _ in world.assets }, connect: { world.connect($0) })
            }, interrupt: interrupt, emit: { [events] in events.add($0) })
    }

    // MARK: Operations

    @discardableResult
    func create(_ cluster: Cluster = Fixtures.cluster(), yes: Bool = true) async throws -> OperationResult {
        try await CreateCluster(context)(cluster, yes: yes) { _ in }
    }

    @discardableResult
    func update(_ spec: Cluster? = nil, yes: Bool = true) async throws -> OperationResult {
        try await UpdateCluster(context)("demo", spec: spec, yes: yes) { _ in }
    }

    @discardableResult
    func delete(yes: Bool = true) async throws -> OperationResult {
        try await DeleteCluster(context)("demo", lostAt: CloudPlace(.local), yes: yes) { _ in }
    }

    func validate() async throws -> [String: [String]] {
        let report = try await ValidateCluster(context)("demo")
        let failed = report.conditions.filter { !$0.passed }
        #expect(report.isHealthy == failed.isEmpty)
        return Dictionary(uniqueKeysWithValues: failed.map { ($0.name, $0.problems.map { "\($0.address): \($0.cause)" }) })
    }

    func state() async throws -> ClusterState { try #require(try await store.readState("demo")) }

    /// The cluster's uid in the world.
    var uid: String { get async throws { try await state().uid } }

    /// Nobody holds the cluster's lock.
    func expectUnlocked(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let session = try await store.lock("demo", as: .current(operation: "test", version: "0"), timeout: .zero, waiting: { _ in })
        await session.release()
    }

    static let master = "demo-control-plane-a-1"
    static let worker = "demo-nodes-a-1"
}

/// Runs `body`, which must throw a `SlipwayError` of this code, and returns it.
@discardableResult
func expectError(
    _ code: SlipwayError.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async throws -> SlipwayError {
    do {
        try await body()
    } catch let error as SlipwayError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        return error
    }
    Issue.record("nothing was thrown", sourceLocation: sourceLocation)
    throw CancellationError()
}
