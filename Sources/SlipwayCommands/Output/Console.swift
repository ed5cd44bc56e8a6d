import Foundation
import Synchronization

/// Where text goes: data to standard output, everything else to standard error. Knows whether a person is looking.
struct Console: Sendable {
    let write: @Sendable (String) -> Void
    let writeError: @Sendable (String) -> Void
    /// Columns of the terminal, 80 when there is none.
    let width: Int
    /// Whether standard error takes colours (a terminal, and NO_COLOR is not set).
    let color: Bool

    static func standard(environment: [String: String] = ProcessInfo.processInfo.environment) -> Console {
        let isTerminal = isatty(STDERR_FILENO) == 1
        return Console(
            write: { FileHandle.standardOutput.write(Data($0.utf8)) },
            writeError: { FileHandle.standardError.write(Data($0.utf8)) },
            width: terminalWidth() ?? environment["COLUMNS"].flatMap { Int($0) } ?? 80,
            color: isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb")
    }

    private static func terminalWidth() -> Int? {
        var size = winsize()
        for descriptor in [STDERR_FILENO, STDOUT_FILENO] where ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
            return Int(size.ws_col)
        }
        return nil
    }

    /// Prints data.
    func print(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n") }
    /// Says something to the person.
    func say(_ text: String) { writeError(text.hasSuffix("\n") ? text : text + "\n") }

    func styled(_ text: String, _ style: Style) -> String { color ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text }

    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }
}
