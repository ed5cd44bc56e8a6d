/// Quoting for POSIX shells.
public enum ShellQuoting {
    /// One word that the shell takes as it is, whatever is in it.
    public static func word(_ value: String) -> String {
        let plain = !value.isEmpty && value.utf8.allSatisfy(isPlain)
        return plain ? value : "'" + value.replacing("'", with: "'\\''") + "'"
    }

    public static func words(_ values: [String]) -> String { values.map(word).joined(separator: " ") }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-_./:,@+".utf8.contains(byte)
        }
    }
}
