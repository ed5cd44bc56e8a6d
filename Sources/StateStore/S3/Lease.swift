import AWSAPI
import ClusterModel
import Foundation
import Synchronization

/// The lock while this process holds it: renewed again and again, and known to end when it could not be.
///
/// Until when it is held is counted from the moment before the renewal was sent, on a clock that goes on while the machine
/// sleeps. Others wait for longer, by the service's clock and from the moment when the renewal took effect, so no two
/// clocks are ever compared.
final class Lease: Sendable {
    let cluster: String
    let owner: LockInfo
    /// How long the lock outlives its last renewal.
    let length: Duration
    private let objects: any ObjectStore
    private let key: String
    private let clock: @Sendable () -> Duration
    private let context: RunContext
    private let status: Mutex<Status>
    /// Whatever reads or writes the lock takes turns, so that nobody sees a tag that is not known yet.
    private let turns = Turns()
    private let heart = Mutex<Task<Void, Never>?>(nil)

    private struct Status {
        var document: LockDocument
        var etag: String
        var heldUntil: Duration
        var loss: SlipwayError?
        var isReleased = false
    }

    init(
        _ document: LockDocument, etag: String, sentAt: Duration, cluster: String, objects: any ObjectStore, key: String,
        clock: @escaping @Sendable () -> Duration, context: RunContext
    ) {
        self.cluster = cluster
        owner = document.holder
        length = .seconds(document.lease)
        self.objects = objects
        self.key = key
        self.clock = clock
        self.context = context
        status = Mutex(Status(document: document, etag: etag, heldUntil: sentAt + .seconds(document.lease)))
    }

    /// From now on it is renewed, six times in its length.
    func beginRenewals() {
        let task = Task { [weak self, context, length] in
            while !Task.isCancelled {
                do { try await context.sleep(length / 6) } catch { return }
                guard let self, (try? await self.renew()) != nil || !self.isOver else { return }
            }
        }
        heart.withLock { $0 = task }
    }

    /// It is lost or was given back.
    private var isOver: Bool { status.withLock { $0.loss != nil || $0.isReleased } }

    deinit { heart.withLock { $0?.cancel() } }

    // MARK: Holding

    /// Returns when the lock is this process's for at least as long as `call` may take, or half its length if that is
    /// less.
    /// - Throws: `.tryAgain` when it is not.
    func ensure(for call: Duration) async throws {
        let needed = min(call, length / 2)
        if try left() >= needed { return }
        // After a sleep of the machine the lock may still be ours: the service knows.
        do {
            try await renew()
        } catch {
            if let loss = status.withLock({ $0.loss }) { throw loss }
            throw lose("it could not be renewed, and ends: \(SlipwayError(wrapping: error, doing: "renewing").cause)")
        }
        guard try left() >= needed else { throw lose("its renewal took too long") }
    }

    private func left() throws -> Duration {
        try status.withLock { status in
            if let loss = status.loss { throw loss }
            return status.heldUntil - clock()
        }
    }

    /// Asks the service whether the lock is still the one that was taken. Whoever takes it replaces it before reading
    /// anything; so what was written before a yes is seen by every later holder.
    func verify() async throws {
        try await turns.inTurn { [self] in
            let known = try status.withLock { status in
                if let loss = status.loss { throw loss }
                return status.etag
            }
            guard try await objects.head(key)?.etag != known else { return }
            try await examine()
        }
    }

    /// Proves to the service that this process lives.
    func renew() async throws {
        try await turns.inTurn { [self] in
            let (next, known) = try status.withLock { status in
                if let loss = status.loss { throw loss }
                var next = status.document
                next.beat += 1
                return (next, status.etag)
            }
            guard !status.withLock({ $0.isReleased }) else { return }
            let sentAt = clock()
            guard let etag = try await objects.putOwn(key, next.bytes(), if: .matches(etag: known)) else {
                try await examine()
                return
            }
            status.withLock { status in
                status.document = next
                status.etag = etag
                status.heldUntil = sentAt + length
            }
        }
    }

    /// The lock is not what it was: says whose it is. An earlier renewal that was not answered is ours, too.
    private func examine() async throws {
        guard let found = try await objects.get(key) else { throw lose("its object is gone") }
        let document = try LockDocument(found.bytes, cluster: cluster, key: key)
        guard document.holder.id == owner.id, document.status == .held else {
            throw lose(
                document.removedBy.map { "it was removed by \($0)" }
                    ?? "it ended while this process stood still, and went to \(document.holder)")
        }
        status.withLock { status in
            status.document = document
            status.etag = found.etag
        }
    }

    private func lose(_ cause: String) -> SlipwayError {
        status.withLock { status in
            let loss =
                status.loss
                ?? SlipwayError(
                    .tryAgain, at: Address(.state, cluster), doing: "holding the lock \(owner.id)", cause: cause,
                    hint: "nothing more was begun; run the same command again: it goes on from what is recorded")
            status.loss = loss
            return loss
        }
    }

    // MARK: The end

    /// Lets others have it at once.
    func release() async {
        stop()
        await turns.inTurn { [self] in
            guard
                let (next, known) = status.withLock({ status -> (LockDocument, String)? in
                    guard status.loss == nil, !status.isReleased else { return nil }
                    status.isReleased = true
                    var next = status.document
                    next.status = .free
                    next.beat += 1
                    return (next, status.etag)
                }), let bytes = try? next.bytes()
            else { return }
            // What fails here ends by itself.
            _ = try? await objects.put(key, bytes, if: .matches(etag: known))
        }
    }

    /// Renews it no more and leaves it as it is.
    func stop() {
        heart.withLock { heart in
            heart?.cancel()
            heart = nil
        }
    }
}
