import AWSAPI
import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import StateStore

@Suite struct S3SessionTests {
    @Test(arguments: S3Fixture.Kind.available)
    func everyChangeSurvives(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            #expect(try await fixture.store.readState("demo") == nil)
            #expect(try await fixture.store.clusters() == [])
            var expected = try Sample.state()
            let session = try await fixture.lock()
            #expect(await session.state == nil)
            #expect(try await fixture.store.clusters() == [], "a lock is no cluster")
            try await session.create(expected)
            #expect(try await fixture.store.readState("demo") == expected)
            try await expectError(.exists) { try await session.create(expected) }
            for change in try Sample.changes() {
                try await session.record(change)
                expected.apply(change)
                #expect(await session.state == expected)
                #expect(try await fixture.store.readState("demo") == expected, "durable, and visible without lock, at once")
            }
            await session.release()
            #expect(try await fixture.store.readState("demo") == expected)
            #expect(try await fixture.names(fixture.keys.journal) == [], "a released session leaves nothing in the journal")
            try await expectError(.bug) { try await session.record(.deleting) }
            let again = try await fixture.lock()
            #expect(await again.state == expected)
            await again.release()
            #expect(try await fixture.store.clusters() == ["demo"])
        }
    }

    @Test(arguments: S3Fixture.Kind.available)
    func aSessionThatJustVanishesLosesNothing(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            var expected = try Sample.state()
            let session = try await fixture.lock()
            try await session.create(expected)
            try await session.journal(.stepStarted(id: "a"))
            try await session.journal(.stepStarted(id: "b"))
            try await session.journal(.stepDone(id: "a"))
            for change in try Sample.changes() {
                try await session.record(change)
                expected.apply(change)
            }
            try await fixture.kill(session)
            #expect(try await fixture.names(fixture.keys.journal).isEmpty == false)
            let again = try await fixture.lock()
            #expect(await again.state == expected)
            #expect(await again.unfinishedSteps == ["b"])
            #expect(try await fixture.names(fixture.keys.journal) == [], "what was left was folded")
            await again.release()
        }
    }

    @Test(arguments: S3Fixture.Kind.available)
    func secretsAreKeptAndBoundToTheCluster(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            #expect(try await session.secrets() == nil)
            let use = try await session.saveSecrets(["a": SecretsTests.secret])
            #expect(use.created)
            #expect(try await session.secrets() == ["a": SecretsTests.secret])
            #expect(try await session.saveSecrets(["a": SecretsTests.text]).created == false)
            await session.release()
            #expect(try await fixture.store.readSecrets("demo") == ["a": SecretsTests.text])
            let stored = try #require(try await fixture.objects.get(fixture.keys.secrets)).bytes
            #expect(Data(stored).range(of: Data("hunter2".utf8)) == nil)
            // A lost key is not replaced by a new one, not even for another cluster.
            try FileManager.default.removeItem(atPath: "\(fixture.folder)/key")
            try await expectError(.notFound) { _ = try await fixture.store.readSecrets("demo") }
            let other = try await fixture.lock("other")
            try await other.create(try Sample.state("other"))
            try await expectError(.notFound) { _ = try await other.saveSecrets(["a": SecretsTests.text]) }
            await other.release()
            #expect(try await fixture.store.readState("demo") != nil)
        }
    }

    @Test(arguments: S3Fixture.Kind.available)
    func logsArePutInParts(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let log = try await session.runLog("r1")
            let long = String(repeating: "x", count: 10_000)
            for number in 0..<50 { log.append(Sample.event("\(number) \(long)")) }
            #expect(await log.close() == nil)
            for number in 50..<100 { log.append(Sample.event("\(number) \(long)")) }
            #expect(await log.close() == nil)
            let parts = try await fixture.names(fixture.keys.run("r1"))
            #expect((2...20).contains(parts.count) && parts.first == "000001.jsonl", "\(parts)")
            let events = try await fixture.store.runEvents("demo", run: "r1")
            #expect(events.map { $0.message.prefix { $0 != " " } } == (0..<100).map { "\($0)" })
            let open = try await session.runLog("r2")
            open.append(Sample.event("said just before the end"))
            await session.release()
            #expect(try await fixture.store.runs("demo") == ["r1", "r2"])
            #expect(try await fixture.store.runEvents("demo", run: "r2").count == 1)
            try await expectError(.notFound) { _ = try await fixture.store.runEvents("demo", run: "r3") }
        }
    }

    @Test(arguments: S3Fixture.Kind.available)
    func aRemovedClusterIsGoneButForItsLogs(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            _ = try await session.saveSecrets(["a": SecretsTests.secret])
            try await session.record(.deleting)
            try await session.checkpoint()
            let log = try await session.runLog("r1")
            log.append(Sample.event("gone"))
            try await session.remove()
            try await session.journal(.stepDone(id: "forget"))
            #expect(await session.state == nil)
            #expect(try await session.secrets() == nil)
            await session.release()
            #expect(try await fixture.names(fixture.keys.root) == ["lock.json", "runs/r1/000001.jsonl"])
            #expect(try await fixture.store.clusters() == [])
            #expect(try await fixture.store.readState("demo") == nil)
            let next = try await fixture.lock()
            try await next.create(try Sample.state(uid: "ffffffff"))
            await next.release()
            #expect(try await fixture.store.readState("demo")?.uid == "ffffffff")
        }
    }

    @Test func aRemovalThatWasCutShortIsCompleted() async throws {
        let objects = MemoryObjects()
        try await S3Fixture.with(objects: objects) { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            _ = try await session.saveSecrets(["a": SecretsTests.secret])
            try await session.record(.deleting)
            try await session.checkpoint()
            objects.before { act, key in if act == .delete { throw MemoryObjects.Fault.lostRequest } }
            try await expectError(.unreachable) { try await session.remove() }
            try await fixture.kill(session)
            #expect(try await fixture.store.readState("demo") == nil)
            #expect(try await fixture.store.clusters() == [])
            #expect(objects.keys.contains(fixture.keys.secrets))
            objects.before { _, _ in }
            let next = try await fixture.lock()
            #expect(await next.state == nil)
            #expect(try await next.secrets() == nil)
            #expect(objects.keys == [fixture.keys.lock])
            try await next.create(try Sample.state())
            await next.release()
            #expect(try await fixture.store.clusters() == ["demo"])
        }
    }

    @Test func aLongJournalIsFoldedMeanwhileAndTenStatesAreKept() async throws {
        let objects = MemoryObjects()
        try await S3Fixture.with(objects: objects) { fixture in
            var fixture = fixture
            fixture.store.foldingSegments = 4
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            for ordinal in 1...100 {
                try await session.record(.machineIntended(try Sample.machine(ordinal)))
                #expect(try await fixture.names(fixture.keys.journal).count <= 6)
            }
            await session.release()
            let history = try await fixture.names(fixture.keys.history)
            #expect(history.count == ClusterFolder.backupsKept)
            #expect(history == history.sorted() && history.last.map { $0 > "state-000000000090.json" } == true)
            #expect(try await fixture.store.readState("demo")?.serial == 100)
        }
    }

    /// While one put is under way the records of all other steps gather for the next.
    @Test func putsAreSharedByConcurrentSteps() async throws {
        let objects = MemoryObjects()
        try await S3Fixture.with(objects: objects) { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            objects.before { act, _ in if act == .put { try await Task.sleep(for: .milliseconds(20)) } }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for ordinal in 1...200 {
                    group.addTask { try await session.record(.machineIntended(try Sample.machine(ordinal))) }
                }
                try await group.waitForAll()
            }
            #expect(await session.state?.serial == 200)
            let puts = await session.puts
            #expect(puts < 20, "\(puts) puts")
            try await fixture.kill(session)
            #expect(try await fixture.store.readState("demo")?.machines.count == 200)
        }
    }

    @Test func aLostStateIsSaid() async throws {
        let objects = MemoryObjects()
        try await S3Fixture.with(objects: objects) { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            _ = try await session.saveSecrets(["a": SecretsTests.secret])
            for ordinal in 1...2 {
                try await session.record(.machineIntended(try Sample.machine(ordinal)))
                try await session.checkpoint()
            }
            await session.release()
            objects.set(fixture.keys.state, nil)
            let error = try await expectError(.notFound) { _ = try await fixture.store.readState("demo") }
            #expect(error.cause.contains("secrets.enc, history/") && error.hint?.contains("serial 1") == true)
            #expect(try await fixture.store.clusters() == ["demo"])
            let next = try await fixture.lock()
            try await expectError(.refused) { try await next.create(try Sample.state()) }
            await next.release()
        }
    }

    /// Objects arrive whole, or something is wrong: any change of any byte is refused, naming the object.
    @Test func damagedSegmentsAreRefused() async throws {
        let objects = MemoryObjects()
        try await S3Fixture.with(objects: objects) { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            for ordinal in 1...3 { try await session.record(.machineIntended(try Sample.machine(ordinal))) }
            try await fixture.kill(session)
            let folder = fixture.keys.segments(continuing: StateDocument(try Sample.state()))
            let key = ClusterKeys.segment(from: 2, in: folder)
            let whole = try #require(objects.bytes(key))
            for index in whole.indices {
                var damaged = whole
                damaged[index] ^= 1
                objects.set(key, damaged)
                let error = try await expectError(.refused) { _ = try await fixture.store.readState("demo") }
                #expect(error.cause.contains("000000000002.jsonl") || error.cause.contains("does not know what it says"))
            }
            for count in whole.indices {
                objects.set(key, Array(whole.prefix(count)))
                try await expectError(.refused) { _ = try await fixture.store.readState("demo") }
            }
            objects.set(key, nil)
            let gap = try await expectError(.refused) { _ = try await fixture.store.readState("demo") }
            #expect(gap.cause.contains("from 2 on are missing"))
            objects.set(key, whole)
            #expect(try await fixture.store.readState("demo")?.serial == 3)
        }
    }

    @Test(arguments: S3Fixture.Kind.available)
    func aReaderWithoutLockSeesWholeStatesThatNeverGoBack(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            let reads = try await StoreContract.readersSeeWholeStatesThatNeverGoBack(
                fixture.store, try await fixture.lock(), rounds: 60)
            #expect(reads > 3, "\(reads) reads")
        }
    }

    /// Every request fails once, before it takes effect or after: what was said to be durable is there, and nothing else
    /// but what came next.
    @Test(arguments: [MemoryObjects.Fault.lostRequest, .lostAnswer])
    func whereverARequestFailsNothingThatWasSaidIsLost(_ fault: MemoryObjects.Fault) async throws {
        var isOver = false
        var number = 0
        while !isOver {
            number += 1
            let objects = MemoryObjects()
            let counted = Shared(0)
            let failing = number
            isOver = try await S3Fixture.with(objects: objects) { fixture in
                var fixture = fixture
                fixture.store.foldingSegments = 2
                objects.before { _, _ in
                    let current = counted.change { count in
                        count += 1
                        return count
                    }
                    if current == failing { throw fault }
                }
                let said = await story(fixture)
                let wasWhole = counted.value < failing
                objects.before { _, _ in }
                let next = try await fixture.lockAfterAll()
                let found = await next.state?.serial ?? -1
                #expect((said...said + 1).contains(found), "request \(failing): said \(said), found \(found)")
                if said >= 2 { #expect(try await next.secrets() != nil, "request \(failing)") }
                if await next.state == nil { try await next.create(try Sample.state()) }
                try await next.record(.deleting)
                await next.release()
                return wasWhole
            }
        }
        #expect(number > 30, "\(number) requests")
    }

    /// - Returns: the last serial that was said to be durable, -1 for no state.
    private func story(_ fixture: S3Fixture) async -> Int {
        var said = -1
        do {
            let session = try await fixture.lock()
            defer { session.lease.stop() }
            try await session.create(try Sample.state())
            said = 0
            try await session.record(.machineIntended(try Sample.machine(1)))
            said = 1
            _ = try await session.saveSecrets(["a": SecretsTests.secret])
            for ordinal in 2...6 {
                try await session.record(.machineIntended(try Sample.machine(ordinal)))
                said = ordinal
                if ordinal == 3 { try await session.checkpoint() }
            }
            await session.release()
        } catch {}
        return said
    }
}

extension S3Fixture {
    /// The lock, whoever has it.
    func lockAfterAll() async throws -> S3StateSession {
        if let bytes = try await objects.get(keys.lock)?.bytes {
            let document = try LockDocument(bytes, cluster: "demo", key: keys.lock)
            if document.status == .held { try await store.breakLock("demo", id: document.holder.id) }
        }
        return try await lock()
    }
}
