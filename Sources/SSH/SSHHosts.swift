public import ClusterModel
internal import Synchronization

/// Commands and files on machines over SSH.
///
/// Each host has one connection, made at the first call, kept for the next ones, and used on one thread of its own:
/// calls to the same host are carried out one after the other in the order they came, calls to different hosts at the
/// same time. A call's timeout counts from the moment it is its turn. No call blocks a thread of Swift's cooperative pool.
///
/// All errors are `SlipwayError`s that name the host, but for `CancellationError` when the calling task is cancelled.
/// Transient ones: the host cannot be reached within the connect budget (`.unreachable`), or the connection broke
/// after the script had begun (`.failed`: whether it ended is not known, so only what is safe to repeat is repeated).
/// Permanent ones: another host key than the pinned one (`.refused`), a login or a key exchange that cannot succeed, a
/// time that is over, output beyond the limit.
///
/// A script runs by `/bin/sh` with the locale `C.UTF-8`, without `set -e`. When its call is cancelled, runs out of time
/// or writes too much, its process group on the host is ended; when this process dies, it ends on the host a
/// little after the call's timeout at the latest.
public final class SSHHosts: HostAccess {
    private let options: SSHOptions
    private let transport: any SSHTransport
    private let workers = Mutex<[HostWorker.Key: HostWorker]>([:])

    public convenience init(options: SSHOptions = SSHOptions()) {
        self.init(options: options, transport: JumpTransport())
    }

    init(options: SSHOptions, transport: any SSHTransport) {
        self.options = options
        self.transport = transport
    }

    deinit {
        for worker in takeWorkers() { worker.requestStop() }
    }

    public func run(_ script: String, on host: HostEndpoint, input: [UInt8], timeout: Duration) async throws -> HostResult {
        let command = RemoteCommand(
            doing: "running a script on \(host.address)", script: script, input: .bytes(input), host: host, timeout: timeout)
        return try await perform(command)
    }

    public func upload(
        _ content: HostFileContent, to path: String, mode: UInt16, on host: HostEndpoint, timeout: Duration
    ) async throws {
        let upload = try FileUpload(content, to: path, mode: mode, on: host)
        let result = try await perform(upload.command(timeout: timeout))
        try upload.check(result)
    }

    public func close() async {
        let workers = takeWorkers()
        for worker in workers { worker.requestStop() }
        for worker in workers { await worker.stop() }
    }

    private func perform(_ command: RemoteCommand) async throws -> HostResult {
        try command.check()
        let worker = try claimWorker(for: command.host)
        defer { worker.release() }
        return try await worker.perform(command)
    }

    private func claimWorker(for host: HostEndpoint) throws -> HostWorker {
        let key = HostWorker.Key(host)
        return try workers.withLock { workers in
            if let worker = workers[key] {
                worker.claim()
                return worker
            }
            // Hosts come and go over the life of a cluster; what is left of those that went is let go here.
            workers = workers.filter { !$0.value.isAtRest }
            let worker = try HostWorker(options: options, transport: transport)
            worker.claim()
            workers[key] = worker
            return worker
        }
    }

    private func takeWorkers() -> [HostWorker] {
        workers.withLock { workers in
            defer { workers = [:] }
            return Array(workers.values)
        }
    }
}
