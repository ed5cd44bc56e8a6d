import Foundation

/// One line of the benchmark's table. Printed as words between tabs; `scripts/bench` makes the table.
struct Row {
    var what: String
    var value: String
    /// What it is held against, with its own value; empty for an absolute goal.
    var peer = ""
    /// Empty where there is nothing to divide by.
    var ratio: Double?
    /// In words, as `at most 1.1`.
    var goal = ""
    var isMet: Bool?

    /// A measured value beside its peer.
    static func ratio(_ what: String, _ value: String, to peer: String, _ ratio: Double, atMost goal: Double? = nil) -> Row {
        Row(
            what: what, value: value, peer: peer, ratio: ratio, goal: goal.map { "at most \($0)" } ?? "",
            isMet: goal.map { ratio <= $0 })
    }

    func show() {
        let cells = [
            "row", what, value, peer, ratio.map { String(format: "%.2f", $0) } ?? "", goal,
            isMet.map { $0 ? "met" : "MISSED" } ?? "",
        ]
        print(cells.joined(separator: "\t"))
        fflush(nil)
    }
}

/// Words for people between the rows.
func note(_ text: String) {
    print("note\t\(text)")
    fflush(nil)
}

func seconds(_ value: Double) -> String { String(format: value < 10 ? "%.3f s" : "%.1f s", value) }

/// The shortest of a few runs, in seconds: the one that was disturbed the least.
func shortest(of runs: Int, _ work: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<runs {
        let start = ContinuousClock.now
        try work()
        best = min(best, (ContinuousClock.now - start) / .seconds(1))
    }
    return best
}

/// The same for what waits.
func shortest(of runs: Int, _ work: () async throws -> Void) async rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<runs {
        let start = ContinuousClock.now
        try await work()
        best = min(best, (ContinuousClock.now - start) / .seconds(1))
    }
    return best
}
