import Foundation

/// What text is laid out for: how wide it may be, and whether it may have colours.
struct Page: Sendable, Equatable {
    /// In columns.
    var width: Int
    var color: Bool
    /// In lines; nil where nothing can be drawn over, as in a file or a pipe.
    var height: Int?

    /// Prose and lists are no wider, however wide the terminal: long lines are hard to read.
    var textWidth: Int { min(max(width, 40), 120) }

    enum Style: String {
        case bold = "1"
        case dim = "2"
        case red = "31"
        case green = "32"
        case yellow = "33"
    }

    func styled(_ text: String, _ style: Style) -> String { color ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text }
}

extension Page {
    /// The page behind a descriptor: `$COLUMNS`, else the terminal's width, else 80 columns; colours on terminals only, and
    /// not with `$NO_COLOR` (https://no-color.org) or on a dumb one.
    init(of descriptor: Int32, environment: [String: String]) {
        let isTerminal = isatty(descriptor) == 1
        let asked = environment["COLUMNS"].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
        let size = Page.terminalSize(descriptor)
        width = asked ?? size?.width ?? 80
        height = isTerminal && environment["TERM"] != "dumb" ? size?.height : nil
        color = Page.takesColor(isTerminal: isTerminal, environment: environment)
    }

    static func takesColor(isTerminal: Bool, environment: [String: String]) -> Bool {
        isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    private static func terminalSize(_ descriptor: Int32) -> (width: Int, height: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_col), max(3, Int(size.ws_row)))
    }
}
