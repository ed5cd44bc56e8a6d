import ClusterModel
import Foundation
import Testing

@testable import StateStore

/// A state that was lost and found again elsewhere.
@Suite struct RebuildTests {
    private let secrets = ["ssh.key": Secret("private")]

    /// A cluster with secrets, backups and a journal, whose document is gone.
    private func lost(_ fixture: Fixture) async throws {
        let session = try await fixture.lock()
        try await session.create(try Sample.state())
        try await session.saveSecrets(secrets)
        for change in try Sample.changes().dropLast() {
            try await session.record(change)
            try await session.checkpoint()
        }
        try await session.record(.network(nil))
        await session.abandon()
        try FileManager.default.removeItem(atPath: fixture.folder.state)
    }

    @Test func aLostDocumentNamesTheWayBack() async throws {
        try await Fixture.with { fixture in
            try await lost(fixture)
            let error = try await expectError(.notFound) { _ = try await fixture.store.readState("demo") }
            #expect(error.hint?.hasPrefix("add --recover, as in slipway update cluster demo --recover") == true)
        }
    }

    @Test func whatWasFoundIsTheStateAgainAndSerialsGoOn() async throws {
        try await Fixture.with { fixture in
            try await lost(fixture)
            let session = try await fixture.lock()
            #expect(await session.state == nil)
            #expect(try await session.secrets()?["ssh.key"]?.revealText() == "private", "without a state, too")
            var found = try Sample.state()
            found.lineage = "another"
            let use = try await session.rebuild(found, secrets: secrets)
            #expect(!use.created)
            try await session.record(.machineIntended(try Sample.machine(1)))
            await session.release()
            let state = try #require(try await fixture.store.readState("demo"))
            #expect(state.lineage == "another" && state.machines.count == 1)
            #expect(try state.serial > Sample.changes().count - 2, "above every backup: \(state.serial)")
            #expect(try await fixture.store.readSecrets("demo")?["ssh.key"]?.revealText() == "private")
            let names = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
            #expect(names.contains { $0.hasPrefix("journal.jsonl.lost-") }, "\(names)")
        }
    }

    @Test func anEmptyStoreIsBegun() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            #expect(try await session.rebuild(try Sample.state(), secrets: secrets).created)
            await session.release()
            #expect(try await fixture.store.readState("demo") == Sample.state())
            #expect(try await fixture.store.readSecrets("demo") != nil)
        }
    }

    @Test func aStateThatIsThereIsNeverReplaced() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            try await expectError(.exists) { _ = try await session.rebuild(try Sample.state(), secrets: secrets) }
            await session.release()
        }
    }

    /// Whatever act it fails at, the state is lost as before, or whole with its secrets; and the same again succeeds.
    @Test func aRebuildThatIsCutIsDoneAgain() async throws {
        for act in 1...120 {
            let hook = Hook()
            let isOver = try await Fixture.with(files: hook.files) { fixture in
                try await lost(fixture)
                let left = Shared(act)
                hook.set { _, _ in
                    let now = left.change { number in
                        number -= 1
                        return number
                    }
                    if now <= 0 { throw FailureTests.full }
                }
                if let session = try? await fixture.lock() {
                    _ = try? await session.rebuild(try Sample.state(), secrets: secrets)
                    await session.abandon()
                }
                hook.clear()
                let session = try await fixture.lock()
                if await session.state == nil { _ = try await session.rebuild(try Sample.state(), secrets: secrets) }
                await session.release()
                #expect(try await fixture.store.readState("demo")?.uid == Sample.state().uid, "cut at act \(act)")
                #expect(try await fixture.store.readSecrets("demo")?["ssh.key"]?.revealText() == "private", "cut at act \(act)")
                return left.value > 0
            }
            if isOver { return }
        }
        Issue.record("it has more acts than that")
    }
}
