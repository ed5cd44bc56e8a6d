import Foundation

extension Date {
    /// Cut to whole seconds, all that a certificate can hold.
    var wholeSeconds: Date { Date(timeIntervalSince1970: timeIntervalSince1970.rounded(.down)) }

    /// As `2026-01-31T12:00:00Z`.
    var rfc3339: String { formatted(.iso8601) }

    static func + (date: Date, duration: Duration) -> Date { date.addingTimeInterval(TimeInterval(duration.components.seconds)) }
    static func - (date: Date, duration: Duration) -> Date { date.addingTimeInterval(-TimeInterval(duration.components.seconds)) }
}

extension String {
    /// PEM blocks are files of their own and are put one after the other: each ends in a newline.
    var endingInNewline: String { hasSuffix("\n") ? self : self + "\n" }
}
