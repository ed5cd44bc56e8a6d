/// What a machine wrote to its console.
enum Console {
    /// The last lines of the file, without empty ones. Reads all of it: a console holds a boot, not a log.
    static func tail(_ path: String, lines: Int) throws -> [String] {
        guard lines > 0, let text = try Files.text(path) else { return [] }
        return plainLines(text).suffix(lines)
    }

    /// Lines without carriage returns and terminal control sequences.
    static func plainLines(_ text: String) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var escape = Escape.none
        for scalar in text.unicodeScalars {
            switch (escape, scalar) {
            case (.none, "\u{1B}"): escape = .begun
            case (.begun, "["): escape = .sequence
            case (.begun, "]"): escape = .title
            case (.begun, _): escape = .none
            case (.sequence, "@"..."~"): escape = .none
            case (.title, "\u{07}"), (.title, "\u{1B}"): escape = scalar == "\u{07}" ? .none : .begun
            case (.sequence, _), (.title, _): break
            case (.none, "\n"):
                lines.append(String(line))
                line = String.UnicodeScalarView()
            case (.none, "\r"): break
            case (.none, _): line.append(scalar)
            }
        }
        lines.append(String(line))
        return lines.map { $0.trimming(while: \.isWhitespace) }.filter { !$0.isEmpty }
    }

    private enum Escape {
        case none, begun, sequence, title
    }
}
