import ClusterModel
import Foundation
import Testing

@testable import StateStore

@Suite struct HistoryTests {
    @Test func theLastStatesAreKept() async throws {
        try await Fixture.with { fixture in
            #expect(try await fixture.store.history("demo").isEmpty)
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            #expect(try await fixture.store.history("demo").map(\.state.serial) == [0])
            for ordinal in 1...12 {
                try await session.record(.machineIntended(try Sample.machine(ordinal)))
                try await session.checkpoint()
            }
            try await session.record(.deleting)
            let history = try await fixture.store.history("demo")
            #expect(history.map(\.state.serial) == Array(2...11) + [13], "ten backups, and now with the journal")
            #expect(history.dropLast().allSatisfy { $0.written != nil } && history.last?.written == nil)
            #expect(history.last?.state == (await session.state))
            // One that a disk spoiled is not shown; what is not of this cluster neither.
            try fixture.write("nonsense".utf8, to: fixture.folder.backup(serial: 5))
            var foreign = try Sample.state()
            foreign.lineage = "another"
            foreign.serial = 6
            try fixture.write(StateDocument(foreign).bytes(), to: fixture.folder.backup(serial: 6))
            #expect(try await fixture.store.history("demo").map(\.state.serial) == [2, 3, 4, 7, 8, 9, 10, 11, 13])
            await session.release()
        }
    }
}
