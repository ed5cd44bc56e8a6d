import ClusterModel
import Engine
import Foundation
import StateStore

/// The engine's journal, kept by a locked session of the state store.
struct SessionJournal: RunJournal {
    let session: any StateSession
    /// What the state was when the run began: the end of a delete still speaks of it after it was forgotten.
    let initial: ClusterState

    func state() async -> ClusterState { await session.state ?? initial }
    func record(_ change: StateChange) async throws { try await session.record(change) }
    func stepStarted(_ id: String) async throws { try await session.journal(.stepStarted(id: id)) }
    func stepDone(_ id: String) async throws { try await session.journal(.stepDone(id: id)) }
}

extension Cluster {
    /// With the version that was resolved once, where it names none itself.
    func resolved(as stored: Cluster) -> Cluster {
        var cluster = self
        cluster.spec.kubernetesVersion = spec.kubernetesVersion ?? stored.spec.kubernetesVersion
        return cluster
    }
}

extension StateSession {
    /// The state of a cluster that exists.
    func known() async throws -> ClusterState {
        guard let state = await state else {
            throw SlipwayError(.bug, at: Address(.cluster, cluster), doing: "reading the state", cause: "it was not created yet")
        }
        return state
    }
}

/// Names of runs: they sort by time.
enum RunID {
    static func text(_ operation: String, at time: Date) -> String {
        let stamp = time.formatted(
            .iso8601.year().month().day().dateSeparator(.omitted).time(includingFractionalSeconds: true).timeSeparator(.omitted))
        return stamp.filter { $0.isNumber || $0 == "T" } + "-" + operation
    }
}
