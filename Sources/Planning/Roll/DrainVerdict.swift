public import ClusterModel

/// What a drain does about one pod.
public enum DrainVerdict: Sendable, Equatable {
    case evict
    /// It stays, and goes with its node.
    case leave
    /// It, or what it holds, would be lost, and nobody has said that it may be.
    case refuse(why: String, flag: String)

    /// - Parameter isOrphan: whether the DaemonSet that the pod names does not exist.
    public init(_ pod: PodObservation, options: DrainOptions, isOrphan: Bool = false) {
        self =
            if pod.isMirror {
                .leave
            } else if pod.controller?.kind == "DaemonSet", !isOrphan {
                .leave
            } else if pod.isFinished || pod.isEnding {
                .evict
            } else if pod.controller == nil || pod.controller?.kind == "DaemonSet", !options.deletesUnmanagedPods {
                .refuse(why: "nothing makes it anew", flag: "--delete-unmanaged-pods")
            } else if pod.usesEmptyDir, !options.deletesEmptyDirData {
                .refuse(why: "its emptyDir volumes would be lost", flag: "--delete-emptydir-data")
            } else {
                .evict
            }
    }
}
