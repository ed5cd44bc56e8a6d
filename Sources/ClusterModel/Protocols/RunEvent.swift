public import struct Foundation.Date

/// One thing that happened in a run. The terminal lines, the JSON lines and the run's log are views of the same stream.
public struct RunEvent: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
        case runStarted = "run-started"
        case runFinished = "run-finished"
        case stepStarted = "step-started"
        case stepProgress = "step-progress"
        case stepRetry = "step-retry"
        case stepDone = "step-done"
        case stepFailed = "step-failed"
        case stepSkipped = "step-skipped"
        case interrupted
        case message
    }

    public var time: Date
    /// Seconds since the run began.
    public var elapsed: Double
    public var kind: Kind
    public var address: Address?
    public var action: Action.Name?
    /// Seconds that the step took, with `stepDone` and `stepFailed`.
    public var duration: Double?
    public var outcome: StepOutcome?
    public var message: String
    /// Steps done and steps in all, with step events.
    public var done: Int?
    public var total: Int?
    /// Seconds that a roll will still take, judged by the machines that are done. Nil before the first one, and in other runs.
    public var remaining: Double?
    /// How often each operation of the cloud's API was called, with `runFinished`; nil where there is no API to call.
    public var calls: [String: Int]?

    public init(
        time: Date, elapsed: Double, kind: Kind, address: Address? = nil, action: Action.Name? = nil, duration: Double? = nil,
        outcome: StepOutcome? = nil, message: String = "", done: Int? = nil, total: Int? = nil, remaining: Double? = nil
    ) {
        self.time = time
        self.elapsed = elapsed
        self.kind = kind
        self.address = address
        self.action = action
        self.duration = duration
        self.outcome = outcome
        self.message = message
        self.done = done
        self.total = total
        self.remaining = remaining
    }
}
