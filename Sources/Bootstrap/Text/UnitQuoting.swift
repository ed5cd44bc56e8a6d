/// Quoting for systemd unit files: a value comes out of systemd exactly as it went in.
public enum UnitQuoting {
    /// One word of an `ExecStart=` line: no splitting, no specifiers (`%`), no variables (`$`).
    public static func argument(_ value: String) -> String {
        if !value.isEmpty, value.utf8.allSatisfy(isPlain) { return value }
        return "\"" + escaped(value).replacing("$", with: "$$") + "\""
    }

    /// One assignment of an `Environment=` line. Variables are not expanded there, so `$` stays as it is.
    public static func assignment(_ name: String, _ value: String) -> String {
        if value.utf8.allSatisfy(isPlain) { return "\(name)=\(value)" }
        return "\"\(name)=\(escaped(value))\""
    }

    /// Text of a `Description=` line: one line, no specifiers.
    public static func description(_ value: String) -> String {
        String(value.map { $0.isNewline || $0 == "\\" ? " " : $0 }).replacing("%", with: "%%")
    }

    private static func escaped(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "%": result += "%%"
            case _ where scalar.value < 32 || scalar.value == 127:
                let digits = String(scalar.value, radix: 16)
                result += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-_./:,=@+*".utf8.contains(byte)
        }
    }
}
