import ArgumentParser
import ClusterModel
import Foundation

/// The events of a run as lines: one line an event for people, however long, or one JSON object a line.
struct EventLines: Sendable {
    let console: Console
    let json: Bool
    var level = LogLevel.info

    func show(_ event: RunEvent) {
        guard LogLevel(of: event) <= level else { return }
        if json {
            if let line = try? EventLines.jsonLine(event) { console.writeError(line) }
        } else if let line = EventLines.text(event, page: console.messages, reasons: level == .debug) {
            console.say(line)
        }
    }

    static func jsonLine(_ event: RunEvent) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(event), as: UTF8.self) + "\n"
    }

    /// Nil for events that a person need not see.
    /// - Parameter reasons: whether the start of a step says why it is in the plan.
    static func text(_ event: RunEvent, page: Page, reasons: Bool = false) -> String? {
        let what = [event.action?.rawValue, event.address?.description].compactMap { $0 }.joined(separator: " ")
        let message = event.message.harmless.replacing("\n", with: " ")
        func line(_ label: String, _ style: Page.Style, _ text: String) -> String {
            let padding = String(repeating: " ", count: max(0, 6 - label.count))
            return "\(page.styled(elapsed(event.elapsed), .dim))  \(page.styled(label, style))\(padding)  \(text)"
        }
        switch event.kind {
        case .runStarted: return nil
        case .runFinished:
            let calls = event.calls?.values.reduce(0, +) ?? 0
            return calls == 0 ? nil : line("", .dim, "the cloud's API was called \(calls) times")
        case .stepStarted: return line("start", .dim, reasons && !message.isEmpty ? "\(what): \(message)" : what)
        case .stepProgress: return line("...", .dim, "\(what): \(message)")
        case .stepRetry: return line("retry", .yellow, "\(what): \(message)")
        case .stepDone:
            let note = event.outcome == .unchanged ? "already so" : duration(event.duration ?? 0)
            let count = event.total.map { page.styled("  \(event.done ?? 0)/\($0)", .dim) } ?? ""
            // After each machine of a roll.
            let ends = event.action == .deleteMachine || event.action == .uncordonNode
            let left = ends ? event.remaining.map { page.styled(", about \(duration($0.rounded())) left", .dim) } : nil
            return line("ok", .green, "\(what) (\(note))\(count)\(left ?? "")")
        case .stepFailed: return line("failed", .red, "\(what): \(message)")
        case .stepSkipped: return line("skip", .yellow, "\(what): \(message)")
        case .interrupted: return line("stop", .yellow, "interrupted: \(message); press Ctrl-C again to leave at once")
        case .message: return line("", .dim, message)
        }
    }

    /// Minutes and seconds since the run began.
    static func elapsed(_ seconds: Double) -> String {
        let tenths = Int((max(0, seconds) * 10).rounded(.down))
        return String(format: "%02d:%02d.%d", tenths / 600, tenths / 10 % 60, tenths % 10)
    }

    static func duration(_ seconds: Double) -> String {
        seconds < 59.95 ? String(format: "%.1f s", seconds) : "\(Int(seconds.rounded()) / 60) min \(Int(seconds.rounded()) % 60) s"
    }
}

/// How much of a run is told.
enum LogLevel: String, ExpressibleByArgument, CaseIterable, Comparable, Sendable {
    case error, warning, info, debug

    /// The lowest level that tells of this event.
    init(of event: RunEvent) {
        switch event.kind {
        case .stepFailed: self = .error
        case .stepRetry, .stepSkipped, .interrupted: self = .warning
        case .runStarted, .runFinished, .stepStarted, .stepProgress, .stepDone, .message: self = .info
        }
    }

    private var rank: Int { LogLevel.allCases.firstIndex(of: self) ?? 0 }

    static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }
}
