public import ClusterModel
import Glibc

/// Machines on this host: each a Debian of its own, booted by systemd-nspawn over a cached image, with its own network
/// namespace, SSH host key and address. It needs root and offers nothing that a remote cloud would not.
///
/// What it knows is in folders under `root`, for whose changes it holds kernel locks; whether a machine runs it asks the
/// kernel. It keeps no state in memory: values of it, also in several processes, can be used side by side.
public struct LocalCloud: Cloud {
    public static let defaultRoot = "/var/lib/slipway/local"
    public static let defaultCacheRoot = "/var/cache/slipway"

    public var provider: CloudProvider { .local }

    let records: Records
    let cacheRoot: String
    let progress: @Sendable (String) -> Void
    /// How long a machine may take to stop by itself before it is killed.
    var stopPatience: Duration = .seconds(30)
    /// What there is to share. Another host's in tests.
    var host: @Sendable () throws -> HostCapacity = { try .current() }
    /// The most inotify instances that the kernel gives, see `InotifyInstances`. Another host's in tests.
    var inotifyInstances: @Sendable () -> Int? = { InotifyInstances.limit() }

    /// `root` holds records and disks of the machines, `cacheRoot` their image. Nil: `$SLIPWAY_LOCAL_ROOT` and
    /// `$SLIPWAY_CACHE`, or the defaults. `progress` is told, in a line, what takes long.
    public init(root: String? = nil, cacheRoot: String? = nil, progress: @escaping @Sendable (String) -> Void = { _ in }) {
        records = Records(root: root ?? Self.environment("SLIPWAY_LOCAL_ROOT") ?? Self.defaultRoot)
        self.cacheRoot = cacheRoot ?? Self.environment("SLIPWAY_CACHE") ?? Self.defaultCacheRoot
        self.progress = progress
    }

    private static func environment(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        return value
    }

    // MARK: Locks

    /// One at a time over all clusters of the host, whatever their root.
    func withHostLock<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        try await FolderLock.with("/run", body)
    }

    /// One at a time for what concerns the cluster's network and which machines there are. Taken after a machine's lock.
    func withClusterLock<Result: Sendable>(
        _ cluster: ClusterIdentity, make: Bool = false, _ body: () async throws -> Result
    ) async throws -> Result {
        try await FolderLock.with(records.cluster(cluster.uid), make: make, body)
    }

    func withMachineLock<Result: Sendable>(
        _ cluster: ClusterIdentity, _ name: String, _ body: () async throws -> Result
    ) async throws -> Result {
        try await FolderLock.with(records.machine(cluster.uid, name), body)
    }

    // MARK: Records that must be there

    func existingNetwork(_ cluster: ClusterIdentity, doing: String) throws -> NetworkFile {
        guard let network = try records.network(cluster.uid) else {
            throw SlipwayError(
                .notFound, at: Address(.network, cluster.name), doing: doing, cause: "the cluster has no network on this host",
                hint: "run slipway update cluster \(cluster.name)")
        }
        return network
    }

    func existingMachine(_ cluster: ClusterIdentity, _ name: String, doing: String) throws -> MachineFile {
        guard let machine = try records.machine(cluster.uid, named: name) else {
            throw SlipwayError(
                .notFound, at: Address(.machine, name), doing: doing, cause: "there is no such machine on this host",
                hint: "run slipway update cluster \(cluster.name)")
        }
        return machine
    }
}

/// Runs a body and gives the errors that leave it the address they happened on.
func at<Result: Sendable>(_ address: Address, doing: String, _ body: () async throws -> Result) async throws -> Result {
    do {
        return try await body()
    } catch let error as SlipwayError {
        throw error.at(address)
    } catch let error as CancellationError {
        throw error
    } catch {
        throw SlipwayError(.failed, at: address, doing: doing, cause: "\(error)")
    }
}
