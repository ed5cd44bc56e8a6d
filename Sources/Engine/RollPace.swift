import ClusterModel
import Foundation

/// The machines of a roll that are through, and what that says of those that are not.
struct RollPace: Sendable {
    /// Machines that go or are changed in place.
    private let total: Int
    private var done = 0
    private var began: Date?
    private var latest: Date?

    init(_ plan: Plan) { total = plan.intent == .roll ? plan.steps.count { Self.endsTurn($0) } : 0 }

    private static func endsTurn(_ step: Step) -> Bool { [.deleteMachine, .uncordonNode].contains(step.action.name) }

    mutating func finished(_ step: Step, at now: Date) {
        if began == nil { began = now.addingTimeInterval(-0.001) }
        guard Self.endsTurn(step) else { return }
        done += 1
        latest = now
    }

    func remaining(at now: Date) -> Double? {
        guard total > 0, let began, let latest, done > 0 else { return nil }
        let perTurn = latest.timeIntervalSince(began) / Double(done)
        // What the one at work has taken already is not to come any more.
        return max(0, perTurn * Double(total - done) - min(now.timeIntervalSince(latest), perTurn))
    }
}
