import ClusterModel
import Foundation
import Testing

@testable import StateStore

/// A state on S3 that was lost and found again elsewhere.
@Suite struct S3RebuildTests {
    private let secrets = ["ssh.key": Secret("private")]

    @Test(arguments: S3Fixture.Kind.available)
    func whatWasFoundIsTheStateAgainAndNothingOfTheLostOneIsReadAsItsJournal(_ kind: S3Fixture.Kind) async throws {
        try await S3Fixture.with(kind) { fixture in
            let first = try await fixture.lock()
            try await first.create(try Sample.state())
            try await first.saveSecrets(secrets)
            for change in try Sample.changes().dropLast() {
                try await first.record(change)
                try await first.checkpoint()
            }
            try await first.record(.network(nil))
            try await fixture.kill(first)
            let left = try await fixture.names(fixture.keys.journal)
            #expect(left.count == 1, "\(left)")
            try await fixture.objects.delete([fixture.keys.state])

            let session = try await fixture.lock()
            #expect(await session.state == nil)
            #expect(try await session.secrets()?["ssh.key"]?.revealText() == "private", "without a state, too")
            let found = try Sample.state()
            #expect(try await !session.rebuild(found, secrets: secrets).created)
            try await session.record(.machineIntended(try Sample.machine(1)))
            try await fixture.kill(session)

            let state = try #require(try await fixture.store.readState("demo"))
            #expect(state.lineage == found.lineage && state.machines.count == 1 && state.network == found.network)
            #expect(try state.serial > Sample.changes().count - 2, "above every backup: \(state.serial)")
            #expect(try await fixture.store.readSecrets("demo")?["ssh.key"]?.revealText() == "private")
            #expect(try await Set(fixture.names(fixture.keys.journal)).isSuperset(of: left), "what is left of the lost one stays")

            let last = try await fixture.lock()
            await #expect(throws: SlipwayError.self) { try await last.rebuild(found, secrets: secrets) }
            try await last.remove()
            await last.release()
            #expect(try await fixture.names(fixture.keys.journal) == [])
            #expect(try await fixture.store.readState("demo") == nil)
        }
    }

    @Test func anEmptyStoreIsBegun() async throws {
        try await S3Fixture.with { fixture in
            let session = try await fixture.lock()
            #expect(try await session.rebuild(try Sample.state(), secrets: secrets).created)
            await session.release()
            #expect(try await fixture.store.readState("demo")?.machines == Sample.state().machines)
            #expect(try await fixture.store.readSecrets("demo") != nil)
        }
    }
}
