internal import CLibSSH2
internal import Glibc

typealias Deadline = ContinuousClock.Instant

/// The time a wait was allowed is over.
struct DeadlinePassed: Error {}

/// Waits in poll(2), for as long as the work it waits for is still wanted.
struct Waiter {
    let wakeUp: WakeUp
    /// Throws when the work is no longer wanted. Whoever changes its answer signals `wakeUp`.
    let check: () throws -> Void

    /// Waits until one of `events` (or an error, which the next call on the descriptor tells) is there.
    /// Without a descriptor it sleeps.
    /// - Throws: `DeadlinePassed`, or what `check` throws.
    func wait(for descriptor: Int32?, _ events: Int16, until deadline: Deadline) throws {
        while true {
            try check()
            let left = deadline - .now
            guard left > .zero else { throw DeadlinePassed() }
            var descriptors = [pollfd(fd: wakeUp.descriptor, events: Int16(POLLIN), revents: 0)]
            if let descriptor { descriptors.append(pollfd(fd: descriptor, events: events, revents: 0)) }
            let count = poll(&descriptors, nfds_t(descriptors.count), left.pollMilliseconds)
            guard count > 0 else { continue }
            if descriptors[0].revents != 0 { wakeUp.clear() }
            if descriptors.count > 1, descriptors[1].revents != 0 {
                try check()
                return
            }
        }
    }

    func sleep(until deadline: Deadline) throws {
        do { try wait(for: nil, 0, until: deadline) } catch is DeadlinePassed {}
    }
}

extension Duration {
    /// Rounded up, so that a wait does not end just before its time; a day at most.
    var pollMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        guard seconds < 86_400 else { return 86_400_000 }
        return Int32(max(0, seconds) * 1000 + max(0, attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
