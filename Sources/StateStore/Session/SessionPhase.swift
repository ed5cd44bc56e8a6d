import ClusterModel

/// Where a session is in its life, with the document as far as it is durable.
enum SessionPhase {
    /// No state yet.
    case empty
    case live(StateDocument)
    case removed
    case released

    var state: ClusterState? {
        if case .live(let document) = self { document.state } else { nil }
    }

    var unfinishedSteps: [String] {
        if case .live(let document) = self { document.body.unfinishedSteps.sorted() } else { [] }
    }

    /// Throws unless this state may begin: `.exists` when there is one.
    func checkMayBegin(_ state: ClusterState, cluster: String, doing: String) throws {
        switch self {
        case .empty: break
        case .live:
            throw SlipwayError(
                .exists, at: Address(.cluster, cluster), doing: doing, cause: "there is a cluster of that name",
                hint: "slipway get cluster \(cluster)")
        case .removed, .released: throw misuse(doing, cluster: cluster)
        }
        guard state.name == cluster else { throw misuse("\(doing) of \(state.name)", cluster: cluster) }
    }

    func misuse(_ doing: String, cluster: String) -> SlipwayError {
        SlipwayError(.bug, at: Address(.state, cluster), doing: doing, cause: "the session is \(words)")
    }

    private var words: String {
        switch self {
        case .empty: "without a state"
        case .live: "live"
        case .removed: "without a state, as it was removed"
        case .released: "over"
        }
    }
}
