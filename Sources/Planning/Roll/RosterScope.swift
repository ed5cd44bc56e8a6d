public import ClusterModel

/// How far a plan may go with the machines of worker pools.
public enum RosterScope: Sendable, Equatable {
    /// Lost machines are replaced. Nothing else changes in number.
    case repair
    /// Pools get the machines that they lack and lose those that are too many. Running machines are not replaced.
    case update
    /// Machines that differ from their pool in what cannot be changed in place are replaced as well.
    case roll(RollSelection)
}

/// Which machines are rolled.
public enum RollSelection: Sendable, Equatable {
    /// Every machine that differs.
    case differing
    /// Those of them that are in this pool.
    case pool(String)
    /// This one, whether it differs or not.
    case machine(String)
    /// Every machine of every pool, whether it differs or not.
    case all
}

/// What a person may say about drains; nil leaves it to the pool's spec.
public struct DrainOverrides: Sendable, Equatable {
    public var timeout: Seconds?
    public var deletesEmptyDirData: Bool
    public var deletesUnmanagedPods: Bool

    public init(timeout: Seconds? = nil, deletesEmptyDirData: Bool = false, deletesUnmanagedPods: Bool = false) {
        self.timeout = timeout
        self.deletesEmptyDirData = deletesEmptyDirData
        self.deletesUnmanagedPods = deletesUnmanagedPods
    }

    func options(_ pool: PoolSpec?) -> DrainOptions {
        DrainOptions(
            timeout: timeout ?? pool?.update.drainTimeout ?? UpdateSpec().drainTimeout, deletesEmptyDirData: deletesEmptyDirData,
            deletesUnmanagedPods: deletesUnmanagedPods)
    }
}
