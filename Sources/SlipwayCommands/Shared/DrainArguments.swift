import ArgumentParser
import ClusterModel
import Planning

/// What a person may decide about drains.
struct DrainArguments: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("How long a drain may take, as 5m. Default: the pool's update.drainTimeout", valueName: "duration"))
    var drainTimeout: Seconds?

    @Flag(name: .customLong("delete-emptydir-data"), help: "Evict pods with emptyDir volumes, whose content is lost.")
    var deleteEmptyDirData = false

    @Flag(name: .long, help: "Evict pods that nothing makes anew.")
    var deleteUnmanagedPods = false

    @Flag(name: .long, help: "Ask before each machine is replaced, changed or removed; anything but yes stops, to be gone on with later.")
    var interactive = false

    var overrides: DrainOverrides {
        DrainOverrides(timeout: drainTimeout, deletesEmptyDirData: deleteEmptyDirData, deletesUnmanagedPods: deleteUnmanagedPods)
    }
}
