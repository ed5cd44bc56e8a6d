/// Text that a user wrote, made safe to print: a spec must not be able to move the cursor, hide itself or break a line.
enum TerminalText {
    /// Control and invisible formatting characters replaced, tabs turned into single spaces.
    static func clean(_ text: some StringProtocol) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                scalars.append(" ")
            } else {
                switch scalar.properties.generalCategory {
                case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned: scalars.append("\u{FFFD}")
                default: scalars.append(scalar)
                }
            }
        }
        return String(scalars)
    }

    /// The text in single quotes, clean and of bearable length.
    static func quoted(_ text: some StringProtocol) -> String {
        let limit = 60
        let clean = clean(text)
        return clean.count > limit ? "'\(clean.prefix(limit))…'" : "'\(clean)'"
    }

    /// How many columns a terminal gives the text.
    static func width(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }

    /// Breaks text at spaces into lines of at most `width` columns; a longer word stays whole.
    static func wrapped(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.isEmpty {
                line = String(word)
            } else if Self.width(line) + 1 + Self.width(word) <= width {
                line += " \(word)"
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// `1 error`, `2 errors`.
    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
