internal import ClusterModel
internal import Foundation
internal import Synchronization

/// The thread that owns one host's connection, and the queue of calls in front of it. The thread lives as long as there
/// is a connection or something to do.
final class HostWorker: Sendable {
    /// What calls must have in common to share a connection.
    struct Key: Hashable {
        let address: IPv4Address
        let port: UInt16
        let user: String
        let fingerprints: [String]
        let via: [Key]

        init(_ host: HostEndpoint) {
            address = host.address
            port = host.port
            user = host.user
            fingerprints = host.acceptedFingerprints
            via = host.via.map(Key.init)
        }
    }

    private struct State {
        var queue: [HostJob] = []
        var isThreadRunning = false
        var isStopping = false
        /// How many callers hold it, with a job in the queue or about to be.
        var claims = 0
        var whenStopped: [CheckedContinuation<Void, Never>] = []
    }

    private enum Next {
        case job(HostJob)
        case idle
        case stop
    }

    private let options: SSHOptions
    private let connector: SSHConnector
    private let wakeUp: WakeUp
    private let state = Mutex(State())

    init(options: SSHOptions, transport: any SSHTransport) throws {
        self.options = options
        connector = SSHConnector(options: options, transport: transport)
        wakeUp = try WakeUp()
    }

    func perform(_ command: RemoteCommand) async throws -> HostResult {
        let job = HostJob(command)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if job.submit(continuation) { enqueue(job) }
            }
        } onCancel: {
            job.cancel()
            wakeUp.signal()
        }
    }

    func claim() { state.withLock { $0.claims += 1 } }
    func release() { state.withLock { $0.claims -= 1 } }

    /// Without a connection, and nobody is about to use it.
    var isAtRest: Bool { state.withLock { $0.claims == 0 && !$0.isThreadRunning } }

    /// Ends what runs, closes the connection and lets the thread end. Does not wait for it.
    func requestStop() {
        state.withLock { $0.isStopping = true }
        wakeUp.signal()
    }

    /// As `requestStop`, and returns when all of it is done.
    func stop() async {
        requestStop()
        await withCheckedContinuation { continuation in
            let isStopped = state.withLock { state in
                if state.isThreadRunning { state.whenStopped.append(continuation) }
                return !state.isThreadRunning
            }
            if isStopped { continuation.resume() }
        }
    }

    private func enqueue(_ job: HostJob) {
        let (isAccepted, needsThread) = state.withLock { state in
            guard !state.isStopping else { return (false, false) }
            state.queue.append(job)
            defer { state.isThreadRunning = true }
            return (true, !state.isThreadRunning)
        }
        guard isAccepted else { return job.answer(.failure(job.command.failure(WorkerStopped()))) }
        if needsThread {
            Thread.detachNewThread { self.main() }
        } else {
            wakeUp.signal()
        }
    }

    // MARK: On the thread

    private func main() {
        Thread.current.name = "slipway-ssh"
        var session: SSHSession?
        var idleSince = Deadline.now
        loop: while true {
            switch next(hasSession: session != nil) {
            case .job(let job):
                carryOut(job, &session)
                idleSince = .now
            case .idle:
                if let open = session, !rest(open, since: idleSince) {
                    open.close()
                    session = nil
                }
            case .stop:
                break loop
            }
        }
        session?.close()
        let (left, waiting) = state.withLock { state in
            defer {
                state.queue = []
                state.whenStopped = []
                state.isThreadRunning = false
            }
            return (state.queue, state.whenStopped)
        }
        for job in left { job.answer(.failure(job.command.failure(WorkerStopped()))) }
        for continuation in waiting { continuation.resume() }
    }

    /// Without a connection and without work the thread is to stop; it says so under the same lock that `enqueue` looks
    /// under, so no job is left behind.
    private func next(hasSession: Bool) -> Next {
        state.withLock { state in
            if state.isStopping { return .stop }
            if !state.queue.isEmpty { return .job(state.queue.removeFirst()) }
            if hasSession { return .idle }
            state.isThreadRunning = false
            return .stop
        }
    }

    /// Waits for work, keeping the connection alive. False when the connection is to be closed.
    private func rest(_ session: SSHSession, since idleSince: Deadline) -> Bool {
        let end = idleSince + options.idleLimit
        do {
            let next = try session.keepAlive()
            let waiter = Waiter(wakeUp: wakeUp, check: { if self.hasNews { throw WorkerStopped() } })
            try waiter.wait(for: session.descriptor, SSHSession.hangUp, until: min(next, end))
            return false
        } catch is DeadlinePassed {
            return Deadline.now < end
        } catch is WorkerStopped {
            return true
        } catch {
            return false
        }
    }

    private var hasNews: Bool { state.withLock { $0.isStopping || !$0.queue.isEmpty } }

    private func carryOut(_ job: HostJob, _ session: inout SSHSession?) {
        guard job.begin() else { return }
        let waiter = Waiter(
            wakeUp: wakeUp,
            check: {
                if job.isCancelled { throw CancellationError() }
                if self.state.withLock({ $0.isStopping }) { throw WorkerStopped() }
            })
        do {
            let (result, running) = try execute(job.command, waiter, &session)
            job.answer(.success(result))
            // The caller need not wait for the channel to close.
            do {
                try session?.finish(running, waiter: Waiter(wakeUp: wakeUp, check: {}), until: .now + .seconds(5))
            } catch {
                session?.close()
                session = nil
            }
        } catch {
            job.answer(.failure(job.command.failure(error)))
        }
    }

    /// Connects where needed and runs the command; again on a new connection when the old one turns out to be dead
    /// before the script began.
    private func execute(
        _ command: RemoteCommand, _ waiter: Waiter, _ session: inout SSHSession?
    ) throws -> (HostResult, SSHSession.RunningCommand) {
        let start = Deadline.now
        let deadline = start + command.timeout
        var attempt = ConnectAttempts(command: command, start: start, deadline: min(deadline, start + options.connectBudget))
        while true {
            if let open = session, open.isHungUp || open.host != command.host {
                // An identity that changed, or another machine name for the same address, gets a connection of its own.
                open.close()
                session = nil
            }
            let current = try session ?? connector.connect(&attempt, waiter)
            session = current
            let running = try SSHSession.RunningCommand(command, limit: options.outputLimit)
            do {
                let beginBy = min(deadline, .now + options.handshakeTimeout)
                return (try current.execute(running, waiter: waiter, beginBy: beginBy, until: deadline), running)
            } catch {
                session = nil
                guard let failure = error as? ConnectionFailure else {
                    current.abandon(running, wakeUp: wakeUp)
                    throw error is DeadlinePassed ? CommandTimedOut(log: running.log) : error
                }
                current.close()
                try attempt.pause(after: failure.reason, waiter)
            }
        }
    }
}
