import Foundation

/// Points in time as AWS' XML and forms have them: `2026-01-31T09:30:00Z`, with or without a fraction.
enum AWSTime {
    /// A fraction is dropped.
    static func read(_ text: String) -> Date? {
        guard let dot = text.firstIndex(of: ".") else { return try? Date.ISO8601FormatStyle().parse(text) }
        let rest = text[text.index(after: dot)...].drop { $0.isASCII && $0.isNumber }
        return try? Date.ISO8601FormatStyle().parse(String(text[..<dot] + rest))
    }

    static func text(_ time: Date) -> String { time.formatted(.iso8601) }
}
