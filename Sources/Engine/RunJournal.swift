public import ClusterModel

/// Where the engine writes down what it does. Every call returns once the record is durable.
public protocol RunJournal: Sendable {
    func state() async -> ClusterState
    func record(_ change: StateChange) async throws
    func stepStarted(_ id: String) async throws
    func stepDone(_ id: String) async throws
}
