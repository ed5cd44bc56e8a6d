import ClusterModel

/// An API whose changing calls ask the fence first.
struct FencedCluster: ClusterAccess {
    let base: any ClusterAccess
    let fence: Fence

    /// One call.
    private static let call = Duration.seconds(30)

    func health() async -> APIHealth { await base.health() }
    func version() async throws -> String { try await base.version() }
    func nodes() async throws -> [NodeObservation] { try await base.nodes() }
    func pods(namespace: String?) async throws -> [PodObservation] { try await base.pods(namespace: namespace) }
    func pods(onNode node: String) async throws -> [PodObservation] { try await base.pods(onNode: node) }
    func disruptionBudgets() async throws -> [DisruptionBudget] { try await base.disruptionBudgets() }
    func get(path: String) async throws -> JSONValue? { try await base.get(path: path) }
    func events(kind: String, name: String) async throws -> [String] { try await base.events(kind: kind, name: name) }
    func close() async { await base.close() }

    func evict(_ pod: PodObservation) async throws -> EvictionAnswer {
        try await fence.acting(for: Self.call) { try await base.evict(pod) }
    }
    func deletePod(_ pod: PodObservation) async throws {
        try await fence.acting(for: Self.call) { try await base.deletePod(pod) }
    }
    @discardableResult
    func patchNode(_ name: String, _ patch: JSONValue) async throws -> NodeObservation? {
        try await fence.acting(for: Self.call) { try await base.patchNode(name, patch) }
    }
    func deleteNode(_ name: String) async throws {
        try await fence.acting(for: Self.call) { try await base.deleteNode(name) }
    }
    func apply(_ object: JSONValue) async throws {
        try await fence.acting(for: Self.call) { try await base.apply(object) }
    }
}
