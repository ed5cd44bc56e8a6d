/// Does the same for each, all at once.
/// - Throws: the first error; the others are cancelled.
func each<Items: Collection>(
    _ items: Items, _ work: @escaping @Sendable (Items.Element) async throws -> Void
) async throws where Items.Element: Sendable {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        for item in items { tasks.addTask { try await work(item) } }
        try await tasks.waitForAll()
    }
}
