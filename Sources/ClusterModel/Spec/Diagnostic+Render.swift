extension Diagnostic {
    /// Where it is: `FILE:LINE:COLUMN`, the flag, or the path.
    var place: String {
        if let file { return ([TerminalText.clean(file)] + [line, column].compactMap { $0.map(String.init) }).joined(separator: ":") }
        return flag ?? path
    }

    /// Plain text as compilers write it: place, severity and message, then the line with a caret and what would be right.
    /// No newline at the end.
    /// - Parameters:
    ///   - width: columns that the excerpt and the suggestion keep to. The first line is never broken, so that editors find places.
    ///   - color: with ANSI colours.
    public func render(width: Int = 80, color: Bool = false) -> String {
        let paint = Paint(enabled: color)
        let label = severity == .error ? paint.red("error:") : paint.yellow("warning:")
        var lines = [(place.isEmpty ? "" : paint.bold("\(place): ")) + "\(label) \(paint.bold(message))"]
        let gutter = "      | "
        var suggestion = suggestion
        if let line, let column, let sourceLine {
            let excerpt = Excerpt(of: sourceLine, column: column, width: max(20, width - gutter.count))
            let number = String(line)
            lines.append("\(String(repeating: " ", count: max(0, 5 - number.count)))\(number) | \(excerpt.text)".trimmingTrailingSpaces)
            var caret = gutter + String(repeating: " ", count: excerpt.caret) + paint.green("^")
            if let text = suggestion, gutter.count + excerpt.caret + 2 + TerminalText.width(text) <= width {
                caret += " " + paint.green(text)
                suggestion = nil
            }
            lines.append(caret)
        }
        if let suggestion {
            lines += TerminalText.wrapped(suggestion, width: max(20, width - gutter.count)).enumerated().map {
                ($0.offset == 0 ? "      = " : "        ") + paint.green($0.element)
            }
        }
        return lines.joined(separator: "\n")
    }
}

extension SpecDiagnostics {
    /// All of them, and how many there are. No newline at the end.
    public func render(width: Int = 80, color: Bool = false) -> String {
        let counts = [(errors.count, "error"), (warnings.count, "warning")].filter { $0.0 > 0 }.map { TerminalText.counted($0.0, $0.1) }
        return (diagnostics.map { $0.render(width: width, color: color) } + [counts.joined(separator: ", ")]).joined(separator: "\n")
    }
}

/// The part of a line around a column that fits a width.
private struct Excerpt {
    let text: String
    /// Columns before the caret.
    let caret: Int

    init(of line: String, column: Int, width: Int) {
        let scalars = Array(TerminalText.clean(line).unicodeScalars)
        let target = min(max(column - 1, 0), scalars.count)
        func columns(_ range: Range<Int>) -> Int { scalars[range].reduce(0) { $0 + TerminalText.width($1) } }

        if columns(0..<scalars.count) <= width {
            text = Self.text(scalars[...])
            caret = columns(0..<target)
            return
        }
        // Keep the caret in the left half, so that what it points at is seen.
        var start = target
        while start > 0, columns(start - 1..<target) <= width / 2 { start -= 1 }
        let clippedLeft = start > 0
        var end = start
        var used = clippedLeft ? 1 : 0
        while end < scalars.count, used + TerminalText.width(scalars[end]) <= width - 1 {
            used += TerminalText.width(scalars[end])
            end += 1
        }
        text = (clippedLeft ? "…" : "") + Self.text(scalars[start..<end]) + (end < scalars.count ? "…" : "")
        caret = (clippedLeft ? 1 : 0) + columns(start..<target)
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }
}

private struct Paint {
    let enabled: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }
    func red(_ text: String) -> String { wrap(text, "1;31") }
    func yellow(_ text: String) -> String { wrap(text, "1;33") }
    func green(_ text: String) -> String { wrap(text, "32") }

    private func wrap(_ text: String, _ code: String) -> String { enabled ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        var copy = self[...]
        while copy.last == " " { copy.removeLast() }
        return String(copy)
    }
}
