import ClusterModel
import Engine
import Foundation
import Operations
import Planning
import SimulatedCloud
import StateStore

/// What the state costs: a run with and without its journal, and loading and saving beside decoding and encoding the same
/// bytes bare.
enum StateBench {
    static func run() async throws {
        try await files()
        try await journal()
    }

    // MARK: Load and save

    private struct Sample {
        var bytes = 0
        var load = 0.0, decode = 0.0, save = 0.0, encode = 0.0
    }

    private static func files() async throws {
        let small = try await measure(500)
        let large = try await measure(5_000)
        note("state.json: \(small.bytes / 1000) kB and \(large.bytes / 1000) kB")
        Row.ratio(
            "loading the state of 5,000 machines", seconds(large.load), to: "decoding \(seconds(large.decode))", large.load / large.decode
        )
        .show()
        Row.ratio(
            "saving the state of 5,000 machines", seconds(large.save), to: "encoding \(seconds(large.encode))", large.save / large.encode
        )
        .show()
        Row.ratio(
            "loading the state of 5,000 machines", seconds(large.load), to: "500 machines \(seconds(small.load))", large.load / small.load,
            atMost: 11
        )
        .show()
        Row.ratio(
            "saving the state of 5,000 machines", seconds(large.save), to: "500 machines \(seconds(small.save))", large.save / small.save,
            atMost: 11
        )
        .show()
    }

    private static func measure(_ machines: Int) async throws -> Sample {
        try await withStore { store in
            var sample = Sample()
            let state = try SettledCluster(workers: machines - 3).state
            let session = try await store.lock("demo", as: .current(operation: "bench", version: "0"), timeout: .zero, waiting: { _ in })
            try await session.create(state)
            let path = "\(store.root)/demo/state.json"
            sample.bytes = try Data(contentsOf: URL(fileURLWithPath: path)).count
            let bare = try encoder().encode(state)
            sample.decode = try shortest(of: 5) { _ = try JSONDecoder().decode(ClusterState.self, from: bare) }
            sample.encode = try shortest(of: 5) { _ = try encoder().encode(state) }
            sample.load = try await shortest(of: 5) { _ = try await store.readState("demo") }
            sample.save = try await shortest(of: 5) {
                // A record, so that there is something to fold; it is one of thousands of times smaller.
                try await session.record(.machineResized(name: "demo-nodes-a-1", instanceType: "local.small"))
                try await session.checkpoint()
            }
            await session.release()
            return sample
        }
    }

    /// As the store has it: keys in order, so that both do the same.
    private static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }

    // MARK: The journal

    private static let workers = 5_000

    private static func journal() async throws {
        let cluster = try SettledCluster(workers: workers)
        let state = ClusterState(lineage: "bench", uid: "0011aabb", desired: cluster.state.desired)
        var empty = cluster
        empty.state = state
        empty.observation = Observation(cloud: CloudObservation())
        let plan = try Planner.converge(empty.input(), intent: .create)
        func rehearse(_ journal: (any RunJournal)?) async throws -> Double {
            let start = ContinuousClock.now
            _ = try await RehearsePlan(
                plan, state: state, secrets: nil, world: SimulatedWorld.Contents(), conditions: Conditions(seed: 1),
                start: SettledCluster.now,
                parallelism: 256, journal: journal)()
            return (ContinuousClock.now - start) / .seconds(1)
        }
        let without = try await rehearse(nil)
        try await withStore { store in
            let session = try await store.lock("demo", as: .current(operation: "bench", version: "0"), timeout: .zero, waiting: { _ in })
            try await session.create(state)
            let counting = StoreJournal(session: session, initial: state)
            let with = try await rehearse(counting)
            let syncs = await (session as? FileStateSession)?.syncs ?? 0
            let calls = await counting.durable
            await session.release()
            note("\(plan.steps.count) steps; \(calls) records that had to be durable, \(syncs) syncs")
            Row.ratio(
                "a simulated create of \(plan.steps.count) steps, journal on", seconds(with), to: "journal off \(seconds(without))",
                with / without,
                atMost: 1.05
            ).show()
            Row(what: "records made durable by one sync", value: String(format: "%.1f", Double(calls) / Double(max(1, syncs)))).show()
        }
    }

    private static func withStore<Result>(_ body: (FileStateStore) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-bench-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(FileStateStore(root: "\(folder)/state", keyFile: KeyFile(path: "\(folder)/key")))
    }
}

/// The engine's journal in a store, counted.
private actor StoreJournal: RunJournal {
    private let session: any StateSession
    private let initial: ClusterState
    private(set) var durable = 0

    init(session: any StateSession, initial: ClusterState) {
        self.session = session
        self.initial = initial
    }

    func state() async -> ClusterState { await session.state ?? initial }

    func record(_ change: StateChange) async throws {
        durable += 1
        try await session.record(change)
    }

    func stepStarted(_ id: String) async throws {
        durable += 1
        try await session.journal(.stepStarted(id: id))
    }

    func stepDone(_ id: String) async throws { try await session.journal(.stepDone(id: id)) }
}
