import Yams

/// Text as a YAML scalar, quoted only where it would be read as something else.
enum YAMLText {
    static func scalar(_ text: String) -> String {
        if isPlain(text) { return text }
        let isPrintable = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F }
        return isPrintable ? "'\(text.replacing("'", with: "''"))'" : doubleQuoted(text)
    }

    /// True when every YAML parser, of 1.1 or 1.2, reads the text as this very string.
    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !"-?:,[]{}#&*!|>'\"%@`=".unicodeScalars.contains(first), first != " ",
            text.last != " ",
            text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value < 0x7F }), !text.contains(": "), !text.contains(" #"),
            !text.hasSuffix(":"), !text.hasPrefix("...")
        else { return false }
        let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"]
        guard !words.contains(text.lowercased()) else { return false }
        return Resolver.default.resolveTag(of: Node(text)) == .str
    }

    private static func doubleQuoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            default:
                if scalar.value >= 0x20, scalar.value < 0x7F {
                    quoted.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    let length = scalar.value <= 0xFF ? 2 : scalar.value <= 0xFFFF ? 4 : 8
                    let letter = length == 2 ? "x" : length == 4 ? "u" : "U"
                    quoted += "\\\(letter)\(String(repeating: "0", count: length - digits.count))\(digits)"
                }
            }
        }
        return quoted + "\""
    }
}
