import Glibc
import Synchronization

/// The moments at which a run can be killed: around every effect on the world and every record in the store. Each has a
/// name, and one of them can be chosen to be the last.
public final class Failpoints: Sendable {
    /// How a run ends.
    public enum End: Sendable {
        /// By an error, in this process: nothing that comes after it reaches the world or the store.
        case error
        /// As by `kill -9`, of this process.
        case kill
        /// Not at all: this process stands still, as by SIGSTOP, until somebody sends it SIGCONT, and goes on.
        case stop
    }

    /// The number of the last one that is passed, from 1. Nil for an uninterrupted run.
    private let last: Int?
    private let end: End
    private let record: (@Sendable (String) -> Void)?
    private let passed = Mutex<(names: [String], isDead: Bool)>(([], false))

    /// - Parameter record: is told each name, before anything happens there.
    public init(last: Int? = nil, end: End = .error, record: (@Sendable (String) -> Void)? = nil) {
        self.last = last
        self.end = end
        self.record = record
    }

    /// The names so far, in order.
    public var names: [String] { passed.withLock { $0.names } }
    public var isDead: Bool { passed.withLock { $0.isDead } }

    /// - Throws: `Killed` at the chosen one and ever after.
    public func pass(_ name: String) throws {
        try passed.withLock { passed in
            if passed.isDead { throw Killed() }
            passed.names.append(name)
            record?(name)
            guard passed.names.count == last else { return }
            if end == .kill { kill(getpid(), SIGKILL) }
            if end == .stop {
                // To this thread: it must not get any further. A signal to the process may come to another one first.
                raise(SIGSTOP)
                return
            }
            passed.isDead = true
            throw Killed()
        }
    }

    /// A dead run does nothing.
    public func checkAlive() throws { if isDead { throw Killed() } }
}

/// Ends a run as a kill would.
public struct Killed: Error, CustomStringConvertible {
    public init() {}
    public var description: String { "the run was killed" }
}
