import ClusterModel
import Foundation
import Testing

@testable import StateStore

/// Whatever a disk does to a cluster's files: what is loaded was so at some earlier moment, or it is refused, naming what is
/// damaged and the last good backup. Through a real store, with every kind of record.
@Suite struct TornWriteTests {
    private struct Moment: Equatable {
        var state: ClusterState
        var unfinished: [String]
    }

    /// A folder as a run left it that was killed: a document, two backups, and a journal with what followed.
    private struct Left {
        var fixture: Fixture
        var journal: [UInt8]
        /// After each record of the journal, the first without any.
        var moments: [Moment]
        /// The number of the journal's first record.
        var first: Int
        /// Where each line ends, its newline included.
        var ends: [Int]

        func line(of place: Int) -> Int { (ends.firstIndex { place < $0 } ?? ends.count) }
    }

    private func withLeft(_ body: (Left) async throws -> Void) async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            for ordinal in 4...6 {
                try await session.record(.machineIntended(try Sample.machine(ordinal)))
                try await session.checkpoint()
            }
            func moment() async throws -> Moment {
                Moment(state: try #require(await session.state), unfinished: await session.unfinishedSteps)
            }
            var moments = [try await moment()]
            for (change, mark) in try Sample.entries() {
                if let change { try await session.record(change) }
                if let mark { try await session.journal(mark) }
                // Marks that need not be durable are there as soon as the next record is.
                moments.append(try await moment())
            }
            let copy = try fixture.copy(to: "left")
            await session.abandon()
            let journal = try copy.read(copy.folder.journal)
            let ends = journal.indices.filter { journal[$0] == JournalRecord.newline }.map { $0 + 1 }
            try #require(ends.count == moments.count - 1)
            let first = try Journal(journal).records[0].sequence
            try await body(Left(fixture: copy, journal: journal, moments: moments, first: first, ends: ends))
        }
    }

    @Test func everyPrefixOfTheJournalIsAnEarlierMoment() async throws {
        try await withLeft { left in
            let fixture = left.fixture
            let document = try StateDocument(fixture.read(fixture.folder.state))
            for length in 0...left.journal.count {
                let wanted = left.moments[left.ends.count { $0 <= length }]
                var replayed = document
                try replayed.replay(Journal(Array(left.journal.prefix(length))))
                #expect(replayed.state == wanted.state, "\(length) bytes")
                #expect(replayed.body.unfinishedSteps.sorted() == wanted.unfinished, "\(length) bytes")
                guard length.isMultiple(of: 8) || left.ends.contains(length) else { continue }
                try fixture.write(left.journal.prefix(length), to: fixture.folder.journal)
                #expect(try await fixture.store.readState("demo") == wanted.state, "\(length) bytes")
            }
            // The next run goes on from there, and what was torn off does not come back.
            for length in [left.ends[3] - 1, left.ends[3], left.ends[3] + 1] {
                let copy = try fixture.copy(to: "next-\(length)")
                try copy.write(left.journal.prefix(length), to: copy.folder.journal)
                let wanted = left.moments[left.ends.count { $0 <= length }]
                let session = try await copy.lock()
                #expect(await session.state == wanted.state)
                #expect(await session.unfinishedSteps == wanted.unfinished)
                try await session.record(.machineGone(name: "demo-nodes-a-4"))
                await session.release()
                #expect(try await copy.store.readState("demo")?.serial == wanted.state.serial + 1)
            }
        }
    }

    @Test func everyFlippedBitOfTheLastRecordsNamesTheRecordAndTheBackup() async throws {
        try await withLeft { left in
            let fixture = left.fixture
            let backup = fixture.folder.backup(serial: 2)
            #expect(fixture.exists(backup))
            var flips = 0
            for place in left.ends[left.ends.count - 4]..<left.journal.count {
                // All bits of every byte are tried below, without a disk.
                let bits = place.isMultiple(of: 16) ? Array(0..<8) : [place % 8]
                for bit in bits {
                    var journal = left.journal
                    journal[place] ^= 1 << UInt8(bit)
                    try fixture.write(journal, to: fixture.folder.journal)
                    let error = try await expectError(.refused) { _ = try await fixture.store.readState("demo") }
                    let line = left.line(of: place) + 1
                    #expect(
                        error.cause.contains("record \(left.first + line - 1) in line \(line) of \(fixture.folder.journal)"),
                        "\(place): \(error.cause)")
                    #expect(error.hint?.contains("\(backup) (serial 2)") == true, "\(place): \(error.hint ?? "")")
                    #expect(error.hint?.contains("state.json itself is whole at serial 3") == true)
                    flips += 1
                }
            }
            #expect(flips > 500)
        }
    }

    @Test func everyFlippedBitOfTheLastRecordsIsRefused() async throws {
        try await withLeft { left in
            let start = left.ends[left.ends.count - 4]
            var document = try StateDocument(left.fixture.read(left.fixture.folder.state))
            try document.replay(Journal(Array(left.journal[..<start])))
            let last = Array(left.journal[start...])
            for place in last.indices {
                for bit in UInt8(0)..<8 {
                    var journal = last
                    journal[place] ^= 1 << bit
                    #expect(throws: StateDamage.self, "bit \(bit) of byte \(place)") {
                        var document = document
                        try document.replay(Journal(journal))
                    }
                }
            }
        }
    }

    @Test func everyFlippedByteOfTheDocumentNamesTheBackup() async throws {
        try await withLeft { left in
            let fixture = left.fixture
            let document = try fixture.read(fixture.folder.state)
            for place in document.indices {
                var damaged = document
                damaged[place] ^= 1 << UInt8(place % 8)
                try fixture.write(damaged, to: fixture.folder.state)
                let error = try await expectError(.refused) { _ = try await fixture.store.readState("demo") }
                #expect(error.cause.contains("\(fixture.folder.state) is damaged"), "\(place): \(error.cause)")
                #expect(error.hint?.contains("\(fixture.folder.backup(serial: 2)) (serial 2)") == true, "\(place): \(error.hint ?? "")")
            }
            for length in stride(from: 0, to: document.count, by: 7) {
                try fixture.write(document.prefix(length), to: fixture.folder.state)
                let error = try await expectError(.refused) { _ = try await fixture.store.readState("demo") }
                #expect(error.hint?.contains(fixture.folder.backup(serial: 2)) == true)
            }
        }
    }

    /// A page of the journal that never reached the disk reads as zeros.
    @Test func zerosAreNoRecords() async throws {
        try await withLeft { left in
            let fixture = left.fixture
            try fixture.write(left.journal + [UInt8](repeating: 0, count: 4096), to: fixture.folder.journal)
            #expect(try await fixture.store.readState("demo") == left.moments.last?.state)
            var holed = left.journal
            for place in left.ends[2]..<left.ends[4] { holed[place] = 0 }
            try fixture.write(holed, to: fixture.folder.journal)
            let error = try await expectError(.refused) { _ = try await fixture.store.readState("demo") }
            #expect(error.cause.contains("record \(left.first + 3) in line 4"), "\(error.cause)")
        }
    }

    // MARK: Secrets

    @Test(arguments: [false, true]) func damagedSecretsAreRefusedAndTheCopyIsNamed(byPassphrase: Bool) async throws {
        try await Fixture.with { fixture in
            var fixture = fixture
            if byPassphrase { fixture.usePassphrase("correct horse battery") }
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            try await session.saveSecrets(["a": Secret("b"), "c": SecretsTests.secret])
            let whole = try fixture.read(fixture.folder.secrets)
            #expect(try fixture.read(fixture.folder.secretsCopy) == whole)
            func load(_ bytes: some Sequence<UInt8>, _ what: String) async throws {
                try fixture.write(bytes, to: fixture.folder.secrets)
                do {
                    let secrets = try await fixture.store.readSecrets("demo")
                    #expect(secrets == ["a": Secret("b"), "c": SecretsTests.secret], "\(what)")
                } catch let error as SlipwayError {
                    #expect([.refused, .notFound].contains(error.code), "\(what): \(error)")
                    guard error.cause.contains("damaged") else { return }
                    #expect(error.hint?.contains("copy \(fixture.folder.secretsCopy) over \(fixture.folder.secrets)") == true, "\(what)")
                }
            }
            for length in 0..<whole.count { try await load(whole.prefix(length), "\(length) bytes") }
            for place in whole.indices {
                for bit in byPassphrase ? [place % 8] : Array(0..<8) {
                    var damaged = whole
                    damaged[place] ^= 1 << UInt8(bit)
                    try await load(damaged, "bit \(bit) of byte \(place)")
                }
            }
            // Nobody is sent to a copy that does not open either.
            try fixture.write(whole.dropLast(30), to: fixture.folder.secrets)
            try fixture.write(whole.dropLast(31), to: fixture.folder.secretsCopy)
            let error = try await expectError(.refused) { _ = try await fixture.store.readSecrets("demo") }
            #expect(error.hint == "restore it from a copy")
            await session.release()
        }
    }
}
