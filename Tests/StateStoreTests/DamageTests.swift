import ClusterModel
import Foundation
import Testing

@testable import StateStore

@Suite struct DamageTests {
    /// A document, the journal that follows it, and the states after 0, 1, 2, ... records.
    private struct History {
        var document: [UInt8]
        var journal: [UInt8] = []
        var states: [ClusterState]
        /// Where each line ends, its newline included.
        var ends: [Int] = [0]

        init(_ changes: [StateChange]) throws {
            let initial = StateDocument(try Sample.state())
            document = try initial.bytes()
            states = [initial.state]
            var state = initial.state
            for (index, change) in changes.enumerated() {
                state.apply(change)
                let record = JournalRecord(
                    sequence: index + 1, lineage: state.lineage, serial: state.serial, time: Date(timeIntervalSince1970: 1_700_000_000),
                    change: change, mark: nil)
                journal += try record.line()
                states.append(state)
                ends.append(journal.count)
            }
        }

        func load(_ journal: some Sequence<UInt8>) throws -> ClusterState {
            var document = try StateDocument(document)
            try document.replay(Journal(Array(journal)))
            return document.state
        }
    }

    @Test func everyPrefixOfAJournalIsAnEarlierState() throws {
        let history = try History(try Sample.changes())
        for length in 0...history.journal.count {
            let whole = history.ends.lastIndex { $0 <= length } ?? 0
            #expect(try history.load(history.journal.prefix(length)) == history.states[whole], "\(length) bytes")
        }
    }

    @Test func everyFlippedByteOfTheLastRecordsIsRefused() throws {
        let history = try History([.etcd(.initialising(token: "t", members: ["a"])), .machineGone(name: "x"), .deleting, .network(nil)])
        let first = history.ends[1]
        var refused = 0
        for place in first..<history.journal.count {
            let original = history.journal[place]
            for other in Set((0..<8).map { original ^ (1 << $0) } + [0, 0x0A, UInt8(ascii: "}")]) where other != original {
                var journal = history.journal
                journal[place] = other
                #expect(throws: StateDamage.self, "byte \(place) as \(other)") { try history.load(journal) }
                refused += 1
            }
        }
        #expect(refused > 3000)
    }

    @Test func everyFlippedByteOfTheDocumentIsRefused() throws {
        let bytes = try StateDocument(try Sample.state()).bytes()
        for place in bytes.indices {
            for bit in 0..<8 {
                var damaged = bytes
                damaged[place] ^= 1 << bit
                #expect(throws: StateDamage.self, "bit \(bit) of byte \(place)") { try StateDocument(damaged) }
            }
        }
        for length in 0..<bytes.count { #expect(throws: StateDamage.self) { try StateDocument(Array(bytes.prefix(length))) } }
    }

    @Test func linesMayNotBeLostMovedOrForeign() throws {
        let history = try History(try Sample.changes())
        let lines = (1..<history.ends.count).map { Array(history.journal[history.ends[$0 - 1]..<history.ends[$0]]) }
        for index in lines.indices.dropLast() {
            var lost = lines
            lost.remove(at: index)
            #expect(throws: StateDamage.self) { try history.load(lost.joined()) }
            var swapped = lines
            swapped.swapAt(index, index + 1)
            #expect(throws: StateDamage.self) { try history.load(swapped.joined()) }
            var twice = lines
            twice.insert(lines[index], at: index)
            #expect(throws: StateDamage.self) { try history.load(twice.joined()) }
        }
        var record = try Journal(lines[0]).records[0]
        record.lineage = "another"
        #expect(throws: StateDamage.self) { try history.load(try record.line()) }
        #expect(throws: StateDamage.self) { try history.load([JournalRecord.newline] + history.journal) }
    }

    @Test func damageNamesTheRecordAndTheBackup() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            for ordinal in 1...3 {
                try await session.record(.machineIntended(try Sample.machine(ordinal)))
                try await session.checkpoint()
            }
            for ordinal in 4...8 { try await session.record(.machineIntended(try Sample.machine(ordinal))) }
            var journal = try fixture.read(fixture.folder.journal)
            let ends = journal.indices.filter { journal[$0] == JournalRecord.newline }
            journal[ends[1] + 50] ^= 4
            let copy = try fixture.copy(to: "damaged")
            await session.release()
            try copy.write(journal, to: copy.folder.journal)
            // The newest backup is damaged, too.
            try copy.write("nonsense".utf8, to: copy.folder.backup(serial: 2))

            let error = try await expectError(.refused) { _ = try await copy.store.readState("demo") }
            #expect(error.cause.contains("record 6 in line 3"), "\(error)")
            #expect(error.hint?.contains(copy.folder.backup(serial: 1)) == true, "\(error.hint ?? "")")
            #expect(error.hint?.contains("serial 3") == true, "\(error.hint ?? "")")
            #expect(error.address == Address(.state, "demo"))
            try await expectError(.refused) { _ = try await copy.lock() }
            #expect(try copy.read(copy.folder.journal) == journal, "refused and untouched")

            // What the hint says works.
            try FileManager.default.removeItem(atPath: copy.folder.journal)
            #expect(try await copy.store.readState("demo")?.serial == 3)
            try copy.write("{}".utf8, to: copy.folder.state)
            let document = try await expectError(.refused) { _ = try await copy.store.readState("demo") }
            #expect(document.cause.contains("state.json is damaged"))
            try copy.write(copy.read(copy.folder.backup(serial: 1)), to: copy.folder.state)
            #expect(try await copy.store.readState("demo")?.serial == 1)
            let next = try await copy.lock()
            try await next.record(.machineIntended(try Sample.machine(9)))
            await next.release()
            #expect(try await copy.store.readState("demo")?.serial == 2)
        }
    }

    @Test func aTornTailIsNotContinued() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            for ordinal in 1...3 { try await session.record(.machineIntended(try Sample.machine(ordinal))) }
            let copy = try fixture.copy(to: "torn")
            await session.release()
            let journal = try copy.read(copy.folder.journal)
            try copy.write(journal.dropLast(40), to: copy.folder.journal)
            #expect(try await copy.store.readState("demo")?.serial == 2)
            let next = try await copy.lock()
            #expect(await next.state?.serial == 2)
            try await next.record(.machineIntended(try Sample.machine(4)))
            #expect(
                try await copy.store.readState("demo")?.machines.keys.sorted() == ["demo-nodes-a-1", "demo-nodes-a-2", "demo-nodes-a-4"])
            await next.release()
        }
    }

    @Test func aNewerFormatIsRefusedAndUntouched() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            await session.release()
            let newer = Array(#"{"formatVersion": 2, "anything": {"else": true}}"#.utf8)
            try fixture.write(newer, to: fixture.folder.state)
            let error = try await expectError(.refused) { _ = try await fixture.store.readState("demo") }
            #expect(error.cause.contains("format version is 2") && error.cause.contains("up to 1"))
            try await expectError(.refused) { _ = try await fixture.lock() }
            #expect(try fixture.read(fixture.folder.state) == newer)
        }
    }

    @Test func aRecordOfANewerVersionIsNotCalledDamage() throws {
        let record = Array(#"{"change":{"teleported":{}},"lineage":"l","sequence":1,"serial":1,"time":"2026-01-01T00:00:00.000Z"}"#.utf8)
        let line = Array(#"{"sum":"\#(StateCoding.checksum(record, bytes: 8))","record":"#.utf8) + record + Array("}\n".utf8)
        do {
            _ = try Journal(line)
            Issue.record("accepted")
        } catch StateDamage.newer(let cause) {
            #expect(cause.contains("does not know"))
        }
    }

    @Test func aLostDocumentIsNotALostCluster() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            try await session.saveSecrets(["a": Secret("b")])
            await session.release()
            try FileManager.default.removeItem(atPath: fixture.folder.state)

            let error = try await expectError(.notFound) { _ = try await fixture.store.readState("demo") }
            #expect(error.cause.contains("secrets.enc"))
            #expect(try await fixture.store.clusters() == ["demo"])
            let next = try await fixture.lock()
            #expect(await next.state == nil)
            #expect(try await next.secrets() == ["a": Secret("b")], "secrets need no state")
            try await expectError(.refused) { try await next.create(try Sample.state()) }
            try await next.remove()
            await next.release()
            #expect(try await fixture.store.clusters() == [])
            #expect(try await fixture.store.readState("demo") == nil)
        }
    }
}
