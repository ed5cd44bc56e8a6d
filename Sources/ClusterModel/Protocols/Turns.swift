/// Runs one piece of work after the other, in the tasks that bring it.
public actor Turns {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    public init() {}

    public func inTurn(_ work: @Sendable () async throws -> Void) async rethrows {
        if isTaken {
            // Whoever ends hands the turn on.
            await withCheckedContinuation { waiting.append($0) }
        }
        isTaken = true
        defer { if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() } }
        try await work()
    }
}
