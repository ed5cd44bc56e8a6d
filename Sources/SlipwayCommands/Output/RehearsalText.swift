import ClusterModel
import Foundation
import Operations

/// A rehearsal for people: every step with its times, then what to make of them.
struct RehearsalText {
    let rehearsal: Rehearsal
    let page: Page

    var text: String {
        guard !rehearsal.steps.isEmpty else { return "no changes: there is nothing to rehearse\n" }
        var table = Table("", "START", "TIME", "STEP")
        for step in rehearsal.steps {
            table.add(
                step.isCritical ? "*" : "", RehearsalText.clock(step.start), RehearsalText.seconds(step.duration),
                "\(step.action.rawValue) \(step.address)")
        }
        let kinds = rehearsal.concurrency.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
        let slowest = rehearsal.steps.filter(\.isCritical).sorted { ($0.duration, $1.id) > ($1.duration, $0.id) }.prefix(3)
        let summary = [
            "expected duration: \(RehearsalText.clock(rehearsal.duration)) "
                + "(\(rehearsal.steps.count) steps, \(RehearsalText.clock(rehearsal.steps.map(\.duration).reduce(0, +))) one by one)",
            "at once, at most: \(rehearsal.mostAtOnce) steps (of a kind: \(kinds.joined(separator: ", ")))",
            "critical (*): \(rehearsal.criticalPath.count) steps; the longest: "
                + slowest.map { "\($0.action.rawValue) \($0.address) (\(RehearsalText.seconds($0.duration)))".firm }.joined(separator: ", "),
        ]
        return table.text + "\n"
            + summary.map { wrap($0, width: page.textWidth, indent: 2).withSpaces + "\n" }.joined()
    }

    /// As `01:07.4`.
    static func clock(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return String(format: "%02d:%02d.%d", tenths / 600, tenths / 10 % 60, tenths % 10)
    }

    static func seconds(_ seconds: Double) -> String { String(format: "%.1f s", seconds) }
}
