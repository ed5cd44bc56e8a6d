/// Breaks text into lines of at most `width` columns at spaces; a longer word stays whole. Every line but the first starts
/// with `indent` spaces; `start` columns of the first are taken already.
func wrap(_ text: String, width: Int, indent: Int = 0, start: Int = 0) -> String {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
        var line = lines.isEmpty ? "" : String(repeating: " ", count: indent)
        var used = lines.isEmpty ? start : indent
        var isFresh = true
        for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
            if !isFresh, used + 1 + word.count > width {
                lines.append(trimmingEnd(line))
                line = String(repeating: " ", count: indent) + word
                used = indent + word.count
            } else {
                line += (isFresh ? "" : " ") + word
                used += (isFresh ? 0 : 1) + word.count
            }
            isFresh = false
        }
        lines.append(trimmingEnd(line))
    }
    return lines.joined(separator: "\n")
}

/// The line without the spaces at its end.
func trimmingEnd(_ line: String) -> String {
    guard let last = line.lastIndex(where: { $0 != " " }) else { return "" }
    return String(line[...last])
}

/// `1 step`, `2 steps`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

extension String {
    private static let firmSpace: Character = "\u{A0}"

    /// With spaces inside of command lines that no line breaks at: a command in two lines cannot be copied.
    var keepingCommandsWhole: String {
        replacing(/\b(slipway|kubectl|sudo|systemctl|journalctl) [^;,()\n]*[^;,()\n ]/) { match in
            String(match.0.map { $0 == " " ? String.firmSpace : $0 })
        }
    }

    /// With spaces that no line breaks at.
    var firm: String { replacing(" ", with: String(String.firmSpace)) }

    /// The opposite.
    var withSpaces: String { String(map { $0 == String.firmSpace ? " " : $0 }) }

    /// With everything replaced that would move a terminal's cursor or change its colours: logs and error messages hold what
    /// others wrote. Line ends and tabs stay.
    var harmless: String {
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar != "\n" && scalar != "\t", .surrogate, .unassigned: scalars.append("\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
