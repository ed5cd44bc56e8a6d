import ClusterModel
import Foundation

/// The events of a run as lines: one plain line an event for people, or one JSON object a line.
struct EventLines: Sendable {
    let console: Console
    let json: Bool

    func show(_ event: RunEvent) {
        if json {
            if let line = try? EventLines.jsonLine(event) { console.writeError(line) }
        } else if let line = text(event) {
            console.say(line)
        }
    }

    static func jsonLine(_ event: RunEvent) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(event), as: UTF8.self) + "\n"
    }

    func text(_ event: RunEvent) -> String? {
        let time = console.styled(EventLines.elapsed(event.elapsed), .dim)
        let what = [event.action?.rawValue.description, event.address?.description].compactMap { $0 }.joined(separator: " ")
        switch event.kind {
        case .runStarted, .runFinished: return nil
        case .stepStarted: return "\(time)  \(console.styled("...", .dim)) \(what)"
        case .stepProgress: return "\(time)  \(console.styled("  .", .dim)) \(what): \(event.message)"
        case .stepRetry: return "\(time)  \(console.styled("  !", .yellow)) \(what): \(event.message); trying again"
        case .stepDone:
            let count = event.total.map { " [\(event.done ?? 0)/\($0)]" } ?? ""
            let note = event.outcome == .unchanged ? "already so" : EventLines.duration(event.duration ?? 0)
            return "\(time)  \(console.styled("ok ", .green)) \(what) (\(note))\(console.styled(count, .dim))"
        case .stepFailed: return "\(time)  \(console.styled("failed", .red)) \(what): \(event.message)"
        case .stepSkipped: return "\(time)  left out \(what): \(event.message)"
        case .interrupted: return "\(time)  interrupted: \(event.message); press Ctrl-C again to leave at once"
        case .message: return "\(time)  \(event.message)"
        }
    }

    static func elapsed(_ seconds: Double) -> String {
        let whole = Int(seconds)
        return String(format: "%02d:%02d.%d", whole / 60, whole % 60, Int((seconds - Double(whole)) * 10))
    }

    static func duration(_ seconds: Double) -> String {
        seconds < 60 ? String(format: "%.1f s", seconds) : "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
    }
}
