import ClusterModel
import Engine

/// An error as a person reads it: where, what was being done, why, what to try next.
enum ErrorText {
    static func text(_ error: SlipwayError, console: Console) -> String {
        var lines: [String] = []
        let place = error.address.map { "\($0): " } ?? ""
        lines.append(
            console.styled("error: ", .red) + wrap("\(place)\(error.doing): \(error.cause)", width: max(40, console.width - 7), indent: 7))
        if !error.log.isEmpty {
            lines.append("  last lines of its log:")
            lines += error.log.map { "    | \($0)" }
        }
        if let hint = error.hint {
            lines.append("  " + console.styled("try: ", .bold) + wrap(hint, width: max(40, console.width - 7), indent: 7))
        }
        return lines.joined(separator: "\n")
    }

    static func text(_ failure: RunFailure, console: Console) -> String {
        let errors = failure.report.errors.map { text($0, console: console) }
        let rest =
            failure.report.skipped.isEmpty
            ? [] : ["\(failure.report.skipped.count) steps were left out; run the same command again to go on from here"]
        return (errors + rest).joined(separator: "\n")
    }
}
