/// What a drain may do, and for how long.
public struct DrainOptions: Codable, Sendable, Equatable {
    /// When it is over, the drain gives up.
    public var timeout: Seconds
    /// Evict pods with `emptyDir` volumes, whose content is lost.
    public var deletesEmptyDirData: Bool
    /// Evict pods that nothing makes anew.
    public var deletesUnmanagedPods: Bool

    public init(timeout: Seconds = UpdateSpec().drainTimeout, deletesEmptyDirData: Bool = false, deletesUnmanagedPods: Bool = false) {
        self.timeout = timeout
        self.deletesEmptyDirData = deletesEmptyDirData
        self.deletesUnmanagedPods = deletesUnmanagedPods
    }
}
