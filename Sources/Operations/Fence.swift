import ClusterModel
import Engine
import StateStore

/// Asks before every act that changes something outside whether the cluster's lock is still held, and will be until the act
/// is over. The one place where that is asked: all ways to the outside lead through it.
///
/// A lock of a store on S3 can be lost while this process stands still: stopped, suspended, or cut off. Another one may then
/// be at work on the same machines.
struct Fence: Sendable {
    private let session: any StateSession
    private let lease: Duration
    /// Told when the lock is lost, so that nothing new is started.
    private let interrupt: Interrupt

    private static let watchInterval = Duration.seconds(1)

    /// Nil for a session whose lock is never lost before its process ends.
    init?(_ session: any StateSession, interrupt: Interrupt) {
        guard let lease = session.leaseLength else { return nil }
        self.session = session
        self.lease = lease
        self.interrupt = interrupt
    }

    /// Does `act` if the lock is held for as long as it may take. One that may take longer than a lease is begun all the
    /// same, as renewals go on meanwhile, and cancelled when they fail.
    /// - Throws: `.tryAgain` when the lock is not held; what `act` throws.
    func acting<Value: Sendable>(for time: Duration, _ act: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await check(for: time)
        guard time > lease / 2 else { return try await act() }
        return try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask { try await act() }
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.watchInterval)
                    try await check(for: .zero)
                }
            }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }

    private func check(for time: Duration) async throws {
        do {
            try await session.ensureHeld(for: time)
        } catch {
            interrupt.request()
            throw error
        }
    }
}

extension Outside {
    /// The same ways, with the fence before everything that changes something.
    func behind(_ fence: Fence?) -> Outside {
        guard let fence else { return self }
        var outside = self
        outside.cloud = FencedCloud(base: cloud, fence: fence)
        outside.hosts = FencedHosts(base: hosts, fence: fence)
        outside.connect = { [connect] in FencedCluster(base: try connect($0), fence: fence) }
        return outside
    }
}
