import ClusterModel
import Foundation
import Synchronization
import Testing

@testable import StateStore

/// What a file operation does, changed by a test while it runs.
final class Hook: Sendable {
    private let action = Mutex<@Sendable (FileSystem.Act, String) throws -> Void>({ _, _ in })

    var files: FileSystem { FileSystem(before: { [self] act, path in try action.withLock { $0 }(act, path) }) }
    func set(_ action: @escaping @Sendable (FileSystem.Act, String) throws -> Void) { self.action.withLock { $0 = action } }
    func clear() { set { _, _ in } }
}

@Suite struct FailureTests {
    static let full = SlipwayError(.failed, doing: "writing", cause: "No space left on device")

    @Test(arguments: [FileSystem.Act.write, .sync])
    func aRecordThatCannotBeWrittenIsTheLast(act: FileSystem.Act) async throws {
        let hook = Hook()
        try await Fixture.with(files: hook.files) { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            try await session.record(.machineIntended(try Sample.machine(1)))
            let journal = fixture.folder.journal
            hook.set { found, path in
                guard found == act, path == journal else { return }
                // As much as fits on the disk is written.
                let handle = try #require(FileHandle(forWritingAtPath: path))
                try handle.seekToEnd()
                try handle.write(contentsOf: Data(#"{"sum":"0123"#.utf8))
                throw FailureTests.full
            }
            let error = try await expectError(.failed) { try await session.record(.machineIntended(try Sample.machine(2))) }
            #expect(error.cause.contains("No space"))
            #expect(error.address == Address(.state, "demo"))
            hook.clear()
            // There is space again, but what is on the disk is not known: this session is over.
            try await expectError(.failed) { try await session.record(.machineIntended(try Sample.machine(3))) }
            try await expectError(.failed) { try await session.checkpoint() }
            #expect(await session.state?.serial == 1)
            await session.release()
            let next = try await fixture.lock()
            #expect(await next.state?.machines.keys.sorted() == ["demo-nodes-a-1"])
            try await next.record(.machineIntended(try Sample.machine(2)))
            await next.release()
            #expect(try await fixture.store.readState("demo")?.serial == 2)
        }
    }

    @Test func allWhoWaitAreToldOfTheFailure() async throws {
        let hook = Hook()
        try await Fixture.with(files: hook.files) { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            hook.set { act, _ in if act == .write { throw FailureTests.full } }
            let failed = await withTaskGroup(of: Bool.self) { group in
                for ordinal in 1...20 {
                    group.addTask {
                        do {
                            try await session.record(.machineIntended(try Sample.machine(ordinal)))
                            return false
                        } catch { return true }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(failed == 20)
            hook.clear()
            await session.release()
            #expect(try await fixture.store.readState("demo")?.serial == 0)
        }
    }

    /// Stops at every single change that an operation makes on disk, by looking at a copy of the disk as it is then.
    private func atEveryPoint(
        of operation: (FileStateSession) async throws -> Void, after preparation: (FileStateSession) async throws -> Void,
        check: (Fixture) async throws -> Void
    ) async throws -> Int {
        let hook = Hook()
        return try await Fixture.with(files: hook.files) { fixture in
            let session = try await fixture.lock()
            try await preparation(session)
            let count = Shared(0)
            hook.set { act, _ in
                if act == .open || act == .lock { return }
                let point = count.change { count in
                    count += 1
                    return count
                }
                _ = try fixture.copy(to: "point-\(point)")
            }
            try await operation(session)
            hook.clear()
            await session.release()
            let points = count.value
            for point in 1...points {
                var copy = fixture
                copy.store = FileStateStore(root: "\(fixture.base)/point-\(point)", key: fixture.store.key)
                try await check(copy)
            }
            return points
        }
    }

    @Test func aCheckpointCanStopAnywhere() async throws {
        let changes = try Sample.changes()
        var expected = try Sample.state()
        for change in changes { expected.apply(change) }
        let state = expected
        let points = try await atEveryPoint(
            of: { try await $0.checkpoint() },
            after: { session in
                try await session.create(try Sample.state())
                for change in changes { try await session.record(change) }
            },
            check: { copy in
                #expect(try await copy.store.readState("demo") == state)
                let session = try await copy.lock()
                #expect(await session.state == state)
                try await session.record(.machineIntended(try Sample.machine(9)))
                await session.release()
                #expect(try await copy.store.readState("demo")?.serial == state.serial + 1)
                #expect(try FileManager.default.contentsOfDirectory(atPath: copy.folder.path).allSatisfy { !$0.hasSuffix(".tmp") })
            })
        #expect(points >= 10)
    }

    @Test func aCreateCanStopAnywhere() async throws {
        let points = try await atEveryPoint(
            of: { try await $0.create(try Sample.state()) }, after: { _ in },
            check: { copy in
                let state = try await copy.store.readState("demo")
                let initial = try Sample.state()
                #expect(state == nil || state == initial)
                let session = try await copy.lock()
                #expect(await session.state == state)
                if state == nil { try await session.create(try Sample.state()) }
                await session.release()
                #expect(try await copy.store.readState("demo") == Sample.state())
            })
        #expect(points >= 5)
    }

    @Test func savingSecretsCanStopAnywhere() async throws {
        let points = try await atEveryPoint(
            of: { try await $0.saveSecrets(["a": Secret("new")]) },
            after: { session in
                try await session.create(try Sample.state())
                try await session.saveSecrets(["a": Secret("old")])
            },
            check: { copy in
                let secrets = try await copy.store.readSecrets("demo")
                #expect(secrets == ["a": Secret("old")] || secrets == ["a": Secret("new")])
            })
        #expect(points >= 4)
    }

    @Test func aRemovalCanStopAnywhere() async throws {
        let points = try await atEveryPoint(
            of: { try await $0.remove() },
            after: { session in
                try await session.create(try Sample.state())
                try await session.saveSecrets(["a": Secret("b")])
                let log = try await session.runLog("r1")
                log.append(Sample.event("deleting"))
                #expect(await log.close() == nil)
                try await session.record(.deleting)
            },
            check: { copy in
                if let state = try await copy.store.readState("demo") {
                    #expect(state.deleting, "whole, or not there at all")
                    #expect(try await copy.store.readSecrets("demo") == ["a": Secret("b")])
                }
                let session = try await copy.lock()
                try await session.remove()
                await session.release()
                let left = try copy.tree(copy.root).filter { !$0.isFolder }.map(\.path)
                #expect(left.allSatisfy { $0.hasSuffix("/runs/r1.jsonl") || $0.hasSuffix("/.gitignore") }, "\(left)")
                #expect(left.contains { $0.hasSuffix("/.deleted/demo-0a1b2c3d/runs/r1.jsonl") })
            })
        #expect(points >= 8)
    }

    @Test func leftOversOfAStoppedWriteAreIgnored() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            await session.release()
            try fixture.write(#"{"formatVersion":1,"su"#.utf8, to: "\(fixture.folder.state).5f.tmp")
            #expect(try await fixture.store.readState("demo") == Sample.state())
            await (try await fixture.lock()).release()
            #expect(!fixture.exists("\(fixture.folder.state).5f.tmp"))
        }
    }

    @Test func aJournalThatTheDocumentContainsIsSkipped() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            for change in try Sample.changes() { try await session.record(change) }
            let journal = try fixture.read(fixture.folder.journal)
            try await session.checkpoint()
            let state = try #require(await session.state)
            await session.release()
            try fixture.write(journal, to: fixture.folder.journal)
            #expect(try await fixture.store.readState("demo") == state)
            // Also when only a part of it is contained.
            let document = try StateDocument(fixture.read(fixture.folder.backup(serial: 0)))
            let records = try Journal(journal).records
            for count in 0...records.count {
                var part = document
                for record in records.prefix(count) { try part.replay(record) }
                try fixture.write(try part.bytes(), to: fixture.folder.state)
                #expect(try await fixture.store.readState("demo") == state)
            }
        }
    }
}
