import ClusterModel
import Foundation
import Testing

@testable import StateStore

@Suite struct RunLogTests {
    @Test func eventsComeBackInOrder() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            let log = try await session.runLog("20260101T000000Z-1")
            let events = (1...200).map { Sample.event("event \($0)\nwith \"quotes\"") }
            for event in events { log.append(event) }
            #expect(await log.close() == nil)
            await session.release()
            #expect(try await fixture.store.runs("demo") == ["20260101T000000Z-1"])
            #expect(try await fixture.store.runEvents("demo", run: "20260101T000000Z-1") == events)
            let text = String(decoding: try fixture.read(fixture.folder.run("20260101T000000Z-1")), as: UTF8.self)
            #expect(text.split(separator: "\n").count == 200, "one line each")
            #expect(text.contains(#""time":"2023-11-14T22:13:20.000Z""#))
            try await expectError(.notFound) { _ = try await fixture.store.runEvents("demo", run: "other") }
            try await expectError(.usage) { _ = try await fixture.store.runEvents("demo", run: "../state") }
        }
    }

    @Test func anUnfinishedLineIsLeftOut() throws {
        let line = try StateCoding.line(of: Sample.event("one"))
        #expect(StateCoding.events(in: line + line.dropLast(5)) == [Sample.event("one")])
    }

    @Test func theLogOfTheDeleteSurvives() async throws {
        try await Fixture.with { fixture in
            let session = try await fixture.lock()
            try await session.create(try Sample.state())
            try await session.saveSecrets(["a": Secret("b")])
            let log = try await session.runLog("r1")
            log.append(Sample.event("before"))
            try await session.record(.deleting)
            try await session.checkpoint()
            try await session.journal(.stepStarted(id: "state/demo#forget-cluster"))
            try await session.remove()
            #expect(await session.state == nil)
            #expect(try await session.secrets() == nil)
            try await session.journal(.stepDone(id: "state/demo#forget-cluster"))
            try await session.remove()
            log.append(Sample.event("after"))
            let late = try await session.runLog("r2")
            late.append(Sample.event("late"))
            #expect(await log.close() == nil)
            #expect(await late.close() == nil)
            await session.release()

            #expect(try await fixture.store.clusters() == [])
            #expect(try await fixture.store.readState("demo") == nil)
            #expect(!fixture.exists(fixture.folder.path))
            let grave = "\(fixture.root)/.deleted/demo-0a1b2c3d"
            #expect(try FileManager.default.subpathsOfDirectory(atPath: grave).sorted() == ["runs", "runs/r1.jsonl", "runs/r2.jsonl"])
            #expect(StateCoding.events(in: try fixture.read("\(grave)/runs/r1.jsonl")) == [Sample.event("before"), Sample.event("after")])

            // The name is free again, also for one with the same uid.
            let next = try await fixture.lock()
            try await next.create(try Sample.state())
            let again = try await next.runLog("r3")
            _ = await again.close()
            try await next.remove()
            await next.release()
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(fixture.root)/.deleted").count == 2)
        }
    }
}
