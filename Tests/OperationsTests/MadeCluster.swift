import ClusterModel
import SimulatedCloud
import StateStore
import TestSupport

/// A cluster that is made once, when it is first asked for, and of which each test has a copy.
struct MadeCluster: Sendable {
    private let made: Task<(world: SimulatedWorld, files: FolderCopy), any Error>

    /// - Parameter change: what is done once it is there.
    init(
        _ cluster: Cluster = Fixtures.cluster(), provider: CloudProvider = .local,
        then change: @escaping @Sendable (Bench) async throws -> Void = { _ in }
    ) {
        made = Task {
            try await Bench.with(world: SimulatedWorld(provider: provider)) { bench in
                _ = try await bench.create(cluster)
                try await change(bench)
                return (world: SimulatedWorld(copying: bench.world), files: try FolderCopy(of: bench.folder))
            }
        }
    }

    /// As it was when it had been made.
    var world: SimulatedWorld {
        get async throws { try await made.value.world }
    }

    /// - Parameter movesTags: the copy's store, which is another one, stands in the tags of the network.
    func copy<Result>(movesTags: Bool = false, _ body: (Bench) async throws -> Result) async throws -> Result {
        let made = try await made.value
        return try await Bench.with(world: SimulatedWorld(copying: made.world)) { bench in
            try made.files.write(to: bench.folder)
            if movesTags { bench.world.network(try await bench.uid) { $0.tags[Tag.store] = bench.store.location } }
            return try await body(bench)
        }
    }
}
