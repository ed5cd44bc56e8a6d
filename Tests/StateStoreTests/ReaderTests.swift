import ClusterModel
import Dispatch
import Testing

@testable import StateStore

@Suite struct ReaderTests {
    /// The checkpoint comes just after the reader has read the document, and before it reads the journal.
    @Test(arguments: [0, 1, 3])
    func aCheckpointBetweenDocumentAndJournalIsNoticed(later: Int) async throws {
        let hook = Hook()
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            for ordinal in 1...3 { try await session.record(.machineIntended(try Sample.machine(ordinal))) }
            let reader = FileStateStore(root: fixture.root, keyFile: fixture.store.keyFile, context: .live, files: hook.files)
            let journal = fixture.folder.journal
            let times = Shared(0)
            hook.set { act, path in
                guard act == .open, path == journal,
                    times.change({
                        $0 += 1; return $0
                    }) == 1
                else { return }
                // The reader's thread is its own, so it may wait.
                let done = DispatchSemaphore(value: 0)
                Task {
                    try await session.checkpoint()
                    for ordinal in 4..<(4 + later) { try await session.record(.machineIntended(try Sample.machine(ordinal))) }
                    done.signal()
                }
                done.wait()
            }
            let state = try await reader.readState("demo")
            #expect(state?.serial == 3 + later)
            #expect(await session.state == state)
            #expect(times.value == 2)
            await session.release()
        }
    }

    /// The writer checkpoints in a loop. Each machine has the ordinal of its change's serial: a state that mixes two
    /// moments shows.
    @Test func aReaderWithoutLockSeesWholeStatesThatNeverGoBack() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let store = fixture.store
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
                        }
                        return reads
                    }
                }
                for ordinal in 1...150 {
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
            #expect(reads > 10, "\(reads) reads")
            await session.release()
        }
    }
}
