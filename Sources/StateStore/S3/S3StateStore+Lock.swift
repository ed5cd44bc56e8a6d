import AWSAPI
import ClusterModel
import Foundation

extension S3StateStore {
    private static let pollInterval = Duration.milliseconds(500)

    public func lock(
        _ cluster: String, as owner: LockInfo, timeout: Duration, waiting: @Sendable (LockInfo?) -> Void
    ) async throws -> any StateSession {
        let keys = try keys(cluster)
        let lease = try await waitForLock(keys, cluster: cluster, as: owner, timeout: timeout, waiting: waiting)
        lease.beginRenewals()
        let session = S3StateSession(store: self, cluster: cluster, keys: keys, lease: lease)
        do {
            try await session.open()
        } catch {
            await session.release()
            throw error
        }
        return session
    }

    private enum Attempt {
        case taken(Lease)
        case held(LockDocument, etag: String, endsIn: Duration?)
    }

    private func waitForLock(
        _ keys: ClusterKeys, cluster: String, as owner: LockInfo, timeout: Duration, waiting: @Sendable (LockInfo?) -> Void
    ) async throws -> Lease {
        let began = clock()
        var told = false
        // For services that do not say what time it is: a lock that does not change for its length has ended, too.
        var seen: (etag: String, since: Duration)?
        while true {
            let attempt = try await attempt(keys, cluster: cluster, as: owner) { etag, length in
                if seen?.etag != etag { seen = (etag, self.clock()) }
                return seen.map { length - (self.clock() - $0.since) }
            }
            guard case .held(let document, _, let endsIn) = attempt else {
                if case .taken(let lease) = attempt { return lease }
                continue
            }
            let left = timeout - (clock() - began)
            guard left > .zero else { throw held(document, endsIn: endsIn, cluster: cluster) }
            if !told {
                told = true
                waiting(document.holder)
            }
            // Not all at the same moment, when many wait, and not as often when it takes long.
            let patience = min(4, 1 + (clock() - began) / .seconds(20))
            let pause = Self.pollInterval * (patience * Double.random(in: 0.5..<1.5))
            try await context.sleep(min(pause, left))
        }
    }

    /// One try. `remaining` says how long a lock of this length has still to be waited for, when the service does not.
    private func attempt(
        _ keys: ClusterKeys, cluster: String, as owner: LockInfo, remaining: (_ etag: String, _ length: Duration) -> Duration?
    ) async throws -> Attempt {
        let mine = LockDocument(holder: owner, lease: lease)
        // Whoever is beaten to it sees by whom the next time.
        while true {
            try Task.checkCancellation()
            let condition: S3Condition
            if let found = try await objects.get(keys.lock) {
                let document = try LockDocument(found.bytes, cluster: cluster, key: url(keys.lock))
                if document.status == .held, document.process?.isDead != true {
                    let left = timeLeft(found, document) ?? remaining(found.etag, Self.patience(.seconds(document.lease)))
                    guard let left, left <= .zero else { return .held(document, etag: found.etag, endsIn: left) }
                }
                condition = .matches(etag: found.etag)
            } else {
                condition = .absent
            }
            let sentAt = clock()
            guard let etag = try await objects.putOwn(keys.lock, mine.bytes(), if: condition) else { continue }
            return .taken(
                Lease(
                    mine, etag: etag, sentAt: sentAt, cluster: cluster, objects: objects, key: keys.lock, clock: clock, context: context))
        }
    }

    /// How long others wait for a lock that is not renewed: longer than its holder believes to have it, as the service
    /// counts in whole seconds and on more than one machine.
    private static func patience(_ lease: Duration) -> Duration { lease + lease / 10 + .seconds(2) }

    /// Both times are the service's own.
    private func timeLeft(_ object: S3Object, _ document: LockDocument) -> Duration? {
        guard let modified = object.modified, let answered = object.answered else { return nil }
        return Self.patience(.seconds(document.lease)) - .seconds(answered.timeIntervalSince(modified))
    }

    private func held(_ document: LockDocument, endsIn: Duration?, cluster: String) -> SlipwayError {
        let end = endsIn.map { "; if it is dead, its lock ends in \(max(1, Int(($0 / .seconds(1)).rounded(.up)))) s" } ?? ""
        return SlipwayError(
            .tryAgain, at: Address(.state, cluster), doing: "taking the lock", cause: "it is held by \(document.holder)",
            hint: "wait until it is done, or run again with --lock-timeout 10m\(end)", retry: .transient)
    }

    @discardableResult
    public func breakLock(_ cluster: String, id: String) async throws -> BrokenLock {
        let keys = try keys(cluster)
        func failure(_ code: SlipwayError.Code, _ cause: String, _ hint: String? = nil) -> SlipwayError {
            SlipwayError(code, at: Address(.state, cluster), doing: "removing the lock", cause: cause, hint: hint)
        }
        while true {
            guard let found = try await objects.get(keys.lock) else { throw failure(.notFound, "there is no lock") }
            var document = try LockDocument(found.bytes, cluster: cluster, key: url(keys.lock))
            guard document.status == .held else { throw failure(.notFound, "there is no lock") }
            guard document.holder.id == id else {
                throw failure(.refused, "its id is not \(id); it is held by \(document.holder)", "name exactly that id")
            }
            let isDead = document.process?.isDead == true
            let left = isDead ? .zero : max(.zero, timeLeft(found, document) ?? Self.patience(.seconds(document.lease)))
            document.status = .free
            document.beat += 1
            let remover = LockInfo.current(operation: "unlock cluster \(cluster)", version: SlipwayVersion.text, context: context)
            document.removedBy = "'slipway unlock' of \(remover.who), process \(remover.pid)"
            guard try await objects.putOwn(keys.lock, document.bytes(), if: .matches(etag: found.etag)) != nil else { continue }
            return BrokenLock(holder: document.holder, mayActFor: left > .zero ? left : nil)
        }
    }
}
