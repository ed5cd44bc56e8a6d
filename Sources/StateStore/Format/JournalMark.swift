/// How far a run is. Marks explain a crash; what must not be forgotten is a `StateChange`.
public enum JournalMark: Codable, Sendable, Equatable {
    /// Steps that an earlier run left unfinished are forgotten: the new run has planned afresh.
    case runStarted(id: String, operation: String)
    case stepStarted(id: String)
    case stepDone(id: String)

    /// Whether to wait until it is on disk.
    var mustBeDurable: Bool {
        switch self {
        case .runStarted, .stepStarted: true
        case .stepDone: false
        }
    }
}
