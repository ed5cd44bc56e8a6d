/// Runs one piece of work after the other.
actor Turns {
    private var last: Task<Void, any Error>?

    func inTurn(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let previous = last
        let task = Task {
            _ = await previous?.result
            try await work()
        }
        last = task
        try await task.value
    }
}
