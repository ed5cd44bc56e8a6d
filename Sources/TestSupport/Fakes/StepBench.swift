public import ClusterModel
import Synchronization

/// What one step under test stands on: a state in memory, a clock that waits for nothing, and a log in which the changes
/// that a driver records stand between the calls that it makes.
public final class StepBench: Sendable {
    public let log: CallLog
    public let clock: TestClock
    private let current: Mutex<ClusterState>
    private let said = Mutex<[String]>([])

    public init(_ state: ClusterState = Fixtures.state, log: CallLog = CallLog(), clock: TestClock = TestClock()) {
        current = Mutex(state)
        self.log = log
        self.clock = clock
    }

    public var state: ClusterState { current.withLock { $0 } }
    /// What the driver said about its progress.
    public var progress: [String] { said.withLock { $0 } }

    public var context: StepContext {
        StepContext(
            run: clock.context, state: { self.state },
            record: { change in
                self.log.add("record \(change.label)")
                self.current.withLock { $0.apply(change) }
            },
            progress: { line in self.said.withLock { $0.append(line) } })
    }
}
