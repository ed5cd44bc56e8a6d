import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import Engine

/// How long a roll will still take.
@Suite struct RollPaceTests {
    private let start = Date(timeIntervalSince1970: 1_000)

    private func step(_ machine: String, _ action: Action) -> Step { Step(Address(.machine, machine), action, reason: Reason("test")) }

    private func plan(_ intent: Plan.Intent) -> Plan {
        let steps = ["a", "b", "c", "d"].flatMap { [step($0, .stopMachine), step($0, .deleteMachine)] }
        return Plan(intent: intent, cluster: ClusterIdentity(name: "demo", uid: "0011aabb"), steps: steps)
    }

    @Test func isJudgedByTheMachinesThatAreDone() throws {
        var pace = RollPace(plan(.roll))
        pace.finished(step("a", .stopMachine), at: start)
        #expect(pace.remaining(at: start.addingTimeInterval(5)) == nil, "none is done yet")
        pace.finished(step("a", .deleteMachine), at: start.addingTimeInterval(30))
        let after = try #require(pace.remaining(at: start.addingTimeInterval(30)))
        #expect(abs(after - 90) < 1, "three more of thirty seconds")
        let later = try #require(pace.remaining(at: start.addingTimeInterval(40)))
        #expect(abs(later - 80) < 1)
        let late = try #require(pace.remaining(at: start.addingTimeInterval(300)))
        #expect(abs(late - 60) < 1, "one that takes longer does not make the others shorter")
        for (index, machine) in ["b", "c", "d"].enumerated() {
            pace.finished(step(machine, .deleteMachine), at: start.addingTimeInterval(Double(index + 2) * 30))
        }
        #expect(pace.remaining(at: start.addingTimeInterval(120)) == 0)
    }

    @Test func otherRunsHaveNone() {
        var pace = RollPace(plan(.delete))
        pace.finished(step("a", .deleteMachine), at: start)
        #expect(pace.remaining(at: start) == nil)
    }
}
