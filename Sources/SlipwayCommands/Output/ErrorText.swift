import ClusterModel
import Engine

/// An error as a person reads it: where, what was being done, why, what to try next.
enum ErrorText {
    static func text(_ error: SlipwayError, page: Page) -> String {
        let place = error.address.map { "\($0): " } ?? ""
        var lines = [labelled("error: ", .red, "\(place)\(error.doing): \(error.cause)", page: page)]
        if !error.log.isEmpty {
            lines.append("  last lines of its log:")
            lines += error.log.map { trimmingEnd("    | \($0.harmless)") }
        }
        if let hint = error.hint { lines.append(labelled("  try: ", .bold, hint.keepingCommandsWhole, page: page).withSpaces) }
        return lines.joined(separator: "\n")
    }

    static func text(_ failure: RunFailure, page: Page) -> String {
        var lines = failure.report.errors.map { text($0, page: page) }
        let left = failure.report.skipped.count
        if left > 0 {
            lines.append(
                wrap(
                    "\(counted(left, "step")) not started because of this; run the same command again to go on from here",
                    width: page.textWidth))
        }
        return lines.joined(separator: "\n")
    }

    /// The label is as wide as the indent of the lines that follow.
    private static func labelled(_ label: String, _ style: Page.Style, _ text: String, page: Page) -> String {
        page.styled(label, style) + wrap(text.harmless, width: page.textWidth, indent: label.count, start: label.count)
    }
}
