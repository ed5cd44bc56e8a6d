public import ClusterModel

/// What came of a run.
public struct RunReport: Sendable, Equatable {
    /// By step id, of the steps that were done.
    public var outcomes: [String: StepOutcome] = [:]
    /// Ids of steps that were never started.
    public var skipped: [String] = []
    public var errors: [SlipwayError] = []

    public static func == (left: Self, right: Self) -> Bool {
        left.outcomes == right.outcomes && left.skipped == right.skipped
            && left.errors.map(\.description) == right.errors.map(\.description)
    }

    public var changed: Int { outcomes.values.count { $0 == .changed } }

    /// One line: how many steps were done, failed and left out.
    public var summary: String {
        var parts = ["\(outcomes.count) steps done", "\(changed) changed something"]
        if !errors.isEmpty { parts.append("\(errors.count) failed") }
        if !skipped.isEmpty { parts.append("\(skipped.count) left out") }
        return parts.joined(separator: ", ")
    }
}

/// A run in which steps failed for good. Carries all failures, not only the first.
public struct RunFailure: Error, Sendable {
    public var report: RunReport

    public init(report: RunReport) { self.report = report }
}
