/// Does one piece of work per key, however many ask for it at once, and remembers what came out.
/// A failure is not remembered: whoever asks next tries again.
actor OncePerKey<Value: Sendable> {
    private struct Entry {
        let task: Task<Value, any Error>
        var waiting: Int
    }

    private var entries: [String: Entry] = [:]

    func value(for key: String, _ make: @escaping @Sendable () async throws -> Value) async throws -> Value {
        var entry = entries[key] ?? Entry(task: Task { try await make() }, waiting: 0)
        entry.waiting += 1
        entries[key] = entry
        let task = entry.task
        do {
            return try await withTaskCancellationHandler {
                try await task.value
            } onCancel: {
                Task { await self.leave(key, task) }
            }
        } catch {
            if entries[key]?.task == task { entries[key] = nil }
            throw error
        }
    }

    /// The work goes on as long as one of those who asked still wants it.
    private func leave(_ key: String, _ task: Task<Value, any Error>) {
        guard entries[key]?.task == task else { return }
        entries[key]?.waiting -= 1
        if entries[key]?.waiting == 0 {
            task.cancel()
            // Whoever asks next is not to be given the cancelled one.
            entries[key] = nil
        }
    }
}
