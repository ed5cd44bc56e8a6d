import AWSAPI
import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import StateStore

/// Writers that stand still anywhere, for as long as it takes to lose the lock, and go on; and readers beside them.
@Suite struct S3RaceTests {
    @Test func nothingThatWasSaidIsLostWhoeverStandsStillWhenever() async throws {
        let written = try await withThrowingTaskGroup(of: Int.self) { group in
            for seed in 1...24 { group.addTask { try await race(seed) } }
            return try await group.reduce(0, +)
        }
        // With some seeds every holder loses its lock; not with all.
        #expect(written > 24, "\(written)")
    }

    /// How many changes were said to be written.
    private func race(_ seed: Int) async throws -> Int {
        let objects = MemoryObjects(tellsTime: seed % 4 != 0)
        let written = Shared(0)
        try await S3Fixture.with(objects: objects) { given in
            var folding = given
            folding.store.foldingSegments = 3
            let fixture = folding
            let store = fixture.store
            let clock = fixture.clock
            let generator = Shared(SeededGenerator(seed: UInt64(seed)))
            @Sendable func draw(_ range: Range<Int>) -> Int { generator.change { Int.random(in: range, using: &$0) } }
            let first = try await fixture.lock()
            try await first.create(try Sample.state())
            await first.release()
            // Around each request this process may stand still, while all others go on and the time of locks passes.
            objects.before { _, _ in
                if draw(0..<12) == 0 { clock.advance(.seconds(draw(10..<130))) }
                for _ in 0..<draw(0..<40) { await Task.yield() }
            }
            let said = Shared<Set<String>>([])
            let handed = Shared<Set<String>>([])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<4 {
                    group.addTask {
                        for turn in 0..<12 {
                            guard let any = try? await store.lock("demo", as: Sample.owner("w"), timeout: .zero, waiting: { _ in }) else {
                                for _ in 0..<200 { await Task.yield() }
                                clock.advance(.seconds(5))
                                continue
                            }
                            let session = try #require(any as? S3StateSession)
                            for number in 0..<5 {
                                var entry = try Sample.machine(writer * 1000 + turn * 10 + number + 1)
                                entry.name = "demo-w\(writer)-\(turn)-\(number)"
                                handed.change { [name = entry.name] in _ = $0.insert(name) }
                                do {
                                    try await session.record(.machineIntended(entry))
                                    said.change { [name = entry.name] in _ = $0.insert(name) }
                                    if draw(0..<6) == 0 { try await session.checkpoint() }
                                } catch let error as SlipwayError {
                                    #expect(error.code == .tryAgain, "\(error)")
                                    break
                                }
                            }
                            if draw(0..<4) == 0 { await session.abandon() } else { await session.release() }
                        }
                    }
                }
                for _ in 0..<2 {
                    group.addTask {
                        for _ in 0..<20 {
                            let before = said.value
                            let state = try #require(try await store.readState("demo"))
                            let missing = before.subtracting(state.machines.keys)
                            #expect(missing.isEmpty, "\(missing.sorted())")
                        }
                    }
                }
                try await group.waitForAll()
            }
            objects.before { _, _ in }
            let last = try await fixture.lockAfterAll()
            let names = Set(try #require(await last.state).machines.keys)
            #expect(said.value.isSubset(of: names) && names.isSubset(of: handed.value))
            written.change { $0 = said.value.count }
            await last.release()
            #expect(try await fixture.names(fixture.keys.journal) == [])
        }
        return written.value
    }
}
