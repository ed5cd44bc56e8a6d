import Planning

/// A validation report: a table of the conditions, then what is wrong, each with what to do about it.
enum ReportText {
    static func text(_ report: ValidationReport, page: Page) -> String {
        var table = Table("CONDITION", "STATUS", "SUMMARY")
        for condition in report.conditions {
            table.add(
                condition.name, condition.passed ? "ok" : "FAILED",
                condition.passed ? condition.summary : counted(condition.problems.count, "problem"))
        }
        var text = table.text
        // What several conditions fail of is said once.
        var said: [ValidationReport.Problem] = []
        for problem in report.conditions.flatMap(\.problems) where !said.contains(problem) {
            said.append(problem)
            text += "\n" + page.styled(problem.address, .bold)
            text += wrap(": \(problem.cause.harmless)", width: page.textWidth, indent: 2, start: problem.address.count) + "\n"
            let remedy = problem.remedy.harmless.keepingCommandsWhole
            text += "  " + wrap(remedy, width: page.textWidth, indent: 2, start: 2).withSpaces + "\n"
        }
        let verdict = report.isHealthy ? page.styled("healthy", .green) : page.styled("not healthy", .red)
        return text + "\ncluster \(report.cluster) is \(verdict)\n"
    }

    /// In one line, for whoever waits.
    static func firstProblem(_ report: ValidationReport) -> String {
        let problems = report.conditions.flatMap(\.problems)
        guard let first = problems.first else { return "no problem is known" }
        return "\(first.address): \(first.cause)".harmless + (problems.count > 1 ? " (and \(problems.count - 1) more)" : "")
    }
}
