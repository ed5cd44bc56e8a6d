/// What the API says to an eviction.
public enum EvictionAnswer: Sendable, Equatable {
    /// The pod is on its way out.
    case accepted
    /// There is no such pod any more, or one of the same name that is another.
    case gone
    /// A budget or a limit on requests forbids it now.
    case blocked(reason: String)
    /// It can never be allowed as things are, as when two budgets cover the pod.
    case impossible(reason: String)
}
