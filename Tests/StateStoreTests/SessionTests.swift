import ClusterModel
import Foundation
import Testing

@testable import StateStore

@Suite struct SessionTests {
    @Test func nothingIsNil() async throws {
        try await Fixture.with { fixture in
            let state = try await fixture.store.readState("demo")
            #expect(state == nil)
            #expect(try await fixture.store.readSecrets("demo") == nil)
            #expect(try await fixture.store.clusters() == [])
            #expect(try await fixture.store.runs("demo") == [])
            #expect(!fixture.exists(fixture.root), "reading makes nothing")
        }
    }

    @Test func everyChangeSurvives() async throws {
        try await Fixture.with { fixture in
            var expected = try Sample.state()
            let session = try await fixture.lock()
            #expect(await session.state == nil)
            try await session.create(expected)
            #expect(try await fixture.store.readState("demo") == expected)
            for change in try Sample.changes() {
                try await session.record(change)
                expected.apply(change)
                #expect(await session.state == expected)
                #expect(try await fixture.store.readState("demo") == expected, "durable, and visible without lock, at once")
            }
            await session.release()
            #expect(try await fixture.store.readState("demo") == expected)
            #expect(try fixture.read(fixture.folder.journal).isEmpty, "a released session leaves nothing in the journal")
            let again = try await fixture.lock()
            #expect(await again.state == expected)
            await again.release()
            #expect(try await fixture.store.clusters() == ["demo"])
        }
    }

    @Test func aSessionThatJustVanishesLosesNothing() async throws {
        try await Fixture.with { fixture in
            var expected = try Sample.state()
            do {
                let session = try await fixture.lock()
                try await session.create(expected)
                for change in try Sample.changes() {
                    try await session.record(change)
                    expected.apply(change)
                }
            }
            // Not released: the lock goes with the last reference, as it goes with the process.
            let again = try await fixture.lock(timeout: .seconds(30))
            #expect(await again.state == expected)
            #expect(try fixture.read(fixture.folder.journal).isEmpty, "what was left was folded")
            await again.release()
        }
    }

    @Test func creatingTwiceIsRefused() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            try await expectError(.exists) { try await session.create(try Sample.state()) }
            await session.release()
            try await expectError(.bug) { try await session.record(.deleting) }
            try await expectError(.bug) { try await session.saveSecrets([:]) }
            await session.release()
        }
    }

    @Test func aLockWithoutAClusterLeavesNothing() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            #expect(try await fixture.store.clusters() == [])
            await session.release()
            #expect(!fixture.exists(fixture.folder.path))
            #expect(String(decoding: try fixture.read("\(fixture.root)/.gitignore"), as: UTF8.self) == "*\n!README.md\n!.gitignore\n")
        }
    }

    @Test func gitignoreOfTheUserStays() async throws {
        try await Fixture.with { fixture in
            try FileManager.default.createDirectory(atPath: fixture.root, withIntermediateDirectories: true)
            try fixture.write("mine".utf8, to: "\(fixture.root)/.gitignore")
            await (try await fixture.lock()).release()
            #expect(try fixture.read("\(fixture.root)/.gitignore") == Array("mine".utf8))
        }
    }

    @Test func onlyTheOwnerCanReadAnything() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            try await session.saveSecrets(["a": Secret("b")])
            let log = try await session.runLog("r1")
            log.append(Sample.event("hello"))
            #expect(await log.close() == nil)
            try await session.record(.deleting)
            try await session.checkpoint()
            let tree = try fixture.tree(fixture.base)
            let names = tree.map { String($0.path.dropFirst(fixture.folder.path.count + 1)) }
            for expected in [
                "state.json", "journal.jsonl", "secrets.enc", "lock", "lock.owner", "backups/state-000000000000.json", "runs/r1.jsonl",
            ] {
                #expect(names.contains(expected))
            }
            for entry in tree { #expect(entry.mode == (entry.isFolder ? 0o700 : 0o600), "\(entry)") }
            await session.release()
        }
    }

    @Test func theLastTenDocumentsAreKept() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            for ordinal in 1...14 {
                try await session.record(.machineIntended(try Sample.machine(ordinal)))
                try await session.checkpoint()
            }
            try await session.checkpoint()
            let names = try fixture.folder.backupNames(FileSystem())
            #expect(names == (4...13).reversed().map { ClusterFolder.backupName(serial: $0) })
            let oldest = try StateDocument(fixture.read("\(fixture.folder.backups)/\(names[9])"))
            #expect(oldest.state.serial == 4 && oldest.state.machines.count == 4)
            await session.release()
        }
    }

    @Test func aLargeJournalIsFoldedUnasked() async throws {
        try await Fixture.with { original in
            var fixture = original
            fixture.store.foldingSize = 2000
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            for ordinal in 1...60 { try await session.record(.machineIntended(try Sample.machine(ordinal))) }
            #expect(try !fixture.folder.backupNames(FileSystem()).isEmpty)
            #expect(try await fixture.store.readState("demo")?.machines.count == 60)
            await session.release()
        }
    }

    @Test func unfinishedStepsAreRemembered() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            try await session.journal(.runStarted(id: "r1", operation: "create cluster demo"))
            try await session.journal(.stepStarted(id: "network/demo#ensure-network"))
            try await session.journal(.stepStarted(id: "machine/b#create-machine"))
            try await session.journal(.stepStarted(id: "machine/a#create-machine"))
            try await session.journal(.stepDone(id: "network/demo#ensure-network"))
            #expect(await session.state?.serial == 0, "marks change no state")
            await session.release()
            for _ in 1...2 {
                let next = try await fixture.lock()
                #expect(await next.unfinishedSteps == ["machine/a#create-machine", "machine/b#create-machine"])
                await next.release()
            }
            let last = try await fixture.lock()
            try await last.journal(.runStarted(id: "r2", operation: "update cluster demo"))
            #expect(await last.unfinishedSteps == [])
            await last.release()
        }
    }

    @Test func fiftyAtOnceShareSyncsAndKeepTheirOrder() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let store = fixture.store
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 1...50 {
                    group.addTask {
                        for turn in 1...4 {
                            let entry = try Sample.machine(turn, pool: "p\(writer)")
                            try await session.record(.machineIntended(entry))
                            #expect(await session.state?.machines[entry.name] == entry)
                            if writer % 10 == 0 { #expect(try await store.readState("demo")?.machines[entry.name] == entry) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            let journal = try Journal(try fixture.read(fixture.folder.journal))
            #expect(journal.records.map(\.sequence) == Array(1...200))
            #expect(journal.records.map(\.serial) == Array(1...200))
            var lastTurn: [String: Int] = [:]
            for record in journal.records {
                guard case .machineIntended(let entry) = record.change else { continue }
                #expect(entry.ordinal == (lastTurn[entry.pool] ?? 0) + 1, "each writer's records are in its order")
                lastTurn[entry.pool] = entry.ordinal
            }
            #expect(lastTurn.count == 50)
            let syncs = await session.syncs
            #expect(syncs < 150, "\(syncs) syncs for 200 records")
            await session.release()
        }
    }
}
