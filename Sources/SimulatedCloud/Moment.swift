import ClusterModel
import Foundation

/// The time of a call, and how long what it begins will take.
struct Moment: Sendable {
    var now: Date
    var conditions: Conditions
    var dice: Dice

    /// Nil when it takes no time.
    func end(of work: SimulatedWork, _ subject: String, from start: Date? = nil) -> Date? {
        guard let latency = conditions.latencies[work] else { return start }
        var generator = dice.generator(for: "\(work.rawValue) \(subject)")
        return (start ?? now).addingTimeInterval(latency.draw(using: &generator))
    }

    /// Whether that time is over.
    func isPast(_ date: Date?) -> Bool { date.map { $0 <= now } ?? true }
}
