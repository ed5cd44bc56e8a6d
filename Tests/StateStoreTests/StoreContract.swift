import ClusterModel
import Testing

@testable import StateStore

/// What every store promises, wherever it keeps things. Each takes a session that its test has just taken of "demo".
enum StoreContract {
    static func waitingEndsWithTheRelease(_ store: any StateStore, _ first: any StateSession) async throws {
        let seen = Shared<[String?]>([])
        let (released, signal) = AsyncStream<Void>.makeStream()
        async let release: Void = {
            for await _ in released { break }
            await first.release()
        }()
        let second = try await store.lock("demo", as: Sample.owner("second"), timeout: .seconds(60)) { holder in
            seen.change { $0.append(holder?.id) }
            signal.finish()
        }
        await release
        #expect(seen.value == [first.owner.id], "told once, whom it waits for")
        await second.release()
    }

    static func waitingCanBeCancelled(_ store: any StateStore, _ first: any StateSession) async throws {
        let (waits, signal) = AsyncStream<Void>.makeStream()
        let waiter = Task {
            _ = try await store.lock("demo", as: Sample.owner("second"), timeout: .seconds(600)) { _ in signal.finish() }
        }
        for await _ in waits {}
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        await first.release()
    }

    /// The writer folds in a loop. Each machine has the ordinal of its change's serial: a state that mixes two moments shows.
    /// - Returns: how often the readers read.
    static func readersSeeWholeStatesThatNeverGoBack(
        _ store: any StateStore, _ session: any StateSession, rounds: Int
    ) async throws -> Int {
        try await session.create(try Sample.state())
        let recorded = Shared(0)
        let isOver = Shared(false)
        let reads = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 1...3 {
                group.addTask {
                    var reads = 0
                    var last = 0
                    while !isOver.value {
                        let before = recorded.value
                        let state = try #require(try await store.readState("demo"))
                        #expect(state.serial >= max(before, last), "what was durable before is seen")
                        #expect((state.highWater["nodes"] ?? 0) == state.serial)
                        #expect(state.machines.count == min(state.serial, 20))
                        last = state.serial
                        reads += 1
                        await Task.yield()
                    }
                    return reads
                }
            }
            for ordinal in 1...rounds {
                var entry = try Sample.machine(ordinal)
                // Twenty names in turn, so that the document stays small.
                entry.name = "demo-nodes-a-\(ordinal % 20 + 1)"
                try await session.record(.machineIntended(entry))
                recorded.change { $0 = ordinal }
                if ordinal % 3 == 0 { try await session.checkpoint() }
            }
            isOver.change { $0 = true }
            return try await group.reduce(0, +)
        }
        await session.release()
        return reads
    }
}
