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
            let reader = FileStateStore(root: fixture.root, key: fixture.store.key, context: .live, files: hook.files)
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

    @Test func aReaderWithoutLockSeesWholeStatesThatNeverGoBack() async throws {
        try await Fixture.with { fixture in
            let reads = try await StoreContract.readersSeeWholeStatesThatNeverGoBack(
                fixture.store, try await fixture.lock(), rounds: 150)
            #expect(reads > 10, "\(reads) reads")
        }
    }
}
