import ClusterModel
import Foundation
import Testing

@testable import SlipwayCommands

@Suite struct EventLinesTests {
    static let events: [RunEvent] = {
        let host = Address(.host, "demo-nodes-a-1")
        func event(
            _ kind: RunEvent.Kind, _ elapsed: Double, _ message: String = "", address: Address? = host,
            action: Action.Name? = .installBinaries,
            duration: Double? = nil, outcome: StepOutcome? = nil, done: Int? = 3
        ) -> RunEvent {
            RunEvent(
                time: Date(timeIntervalSince1970: 1_800_000_000 + elapsed), elapsed: elapsed, kind: kind, address: address, action: action,
                duration: duration, outcome: outcome, message: message, done: done, total: 29)
        }
        return [
            event(.runStarted, 0, "29 steps", address: nil, action: nil, done: 0),
            event(.stepStarted, 0.04, "kubernetesVersion: 1.20.2"),
            event(.stepProgress, 1.26, "kubelet, 114 MB (2 of 2)"),
            event(.stepRetry, 59.99, "attempt 1 failed: the connection was closed"),
            event(.stepDone, 61.5, duration: 61.46, outcome: .changed, done: 4),
            event(.stepDone, 62, duration: 0.01, outcome: .unchanged, done: 5),
            event(.stepFailed, 3599.94, "the checksum does not match\nof kubelet", duration: 12),
            event(.stepSkipped, 3600.05, "host/demo-nodes-a-1 failed"),
            event(.interrupted, 4000, "finishing 2 running steps, leaving out 17", address: nil, action: nil),
            event(.message, 0, "made the key /root/.config/slipway/key: back it up", address: nil, action: nil, done: nil),
            event(.runFinished, 4001, "5 steps done", address: nil, action: nil),
        ]
    }()

    private func lines(color: Bool) -> String {
        EventLinesTests.events.compactMap { EventLines.text($0, page: Page(width: 80, color: color)) }.joined(separator: "\n") + "\n"
    }

    @Test func everyKindHasItsLine() throws {
        try Golden.expect(lines(color: false), equals: "events.txt")
        #expect(lines(color: true).replacing(/\u{1B}\[[0-9]*m/, with: "") == lines(color: false))
        #expect(lines(color: true).contains("\u{1B}[32mok\u{1B}[0m"))
    }

    @Test func anEventIsOneLineWhateverItSays() {
        #expect(lines(color: false).split(separator: "\n").count == EventLinesTests.events.count - 2, "begin and end of a run have none")
    }

    @Test func asJSONEveryEventIsALineThatCanBeReadBack() throws {
        let text = try EventLinesTests.events.map(EventLines.jsonLine).joined()
        try Golden.expect(text, equals: "events.jsonl")
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let back = try text.split(separator: "\n").map { try decoder.decode(RunEvent.self, from: Data($0.utf8)) }
        #expect(back.map(\.kind) == EventLinesTests.events.map(\.kind))
        #expect(back.map(\.message) == EventLinesTests.events.map(\.message))
    }

    @Test(arguments: [(0, "00:00.0"), (0.99, "00:00.9"), (59.99, "00:59.9"), (61.25, "01:01.2"), (3600, "60:00.0"), (-1, "00:00.0")])
    func elapsedTimeIsCutNotRounded(_ seconds: Double, _ text: String) {
        #expect(EventLines.elapsed(seconds) == text)
    }

    @Test(arguments: [(0, "0.0 s"), (59.94, "59.9 s"), (59.96, "1 min 0 s"), (119.6, "2 min 0 s"), (90, "1 min 30 s")])
    func durationsReadWell(_ seconds: Double, _ text: String) {
        #expect(EventLines.duration(seconds) == text)
    }
}
