import ClusterModel
import Foundation

/// A moment in a run, told by the events on its standard error.
struct Moment: Sendable {
    var title: String
    var matches: @Sendable (RunEvent) -> Bool

    init(_ title: String, _ matches: @escaping @Sendable (RunEvent) -> Bool) {
        self.title = title
        self.matches = matches
    }

    init(_ title: String, _ kind: RunEvent.Kind, _ address: String, _ action: String, message: String = "") {
        self.init(title) { event in
            event.kind == kind && event.address?.description == address && event.action.map { "\($0.rawValue)" } == action
                && (message.isEmpty || event.message.contains(message))
        }
    }
}

extension RunningProgram {
    /// Waits for the moment. Lines that are no events (warnings, the closing words) are passed over.
    /// - Throws: when the program ends before.
    func reach(_ moment: Moment, limit: Duration = .seconds(180)) async throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        var read = 0
        _ = try await until(limit, every: .milliseconds(2), moment.title) { () -> Bool? in
            let isOver = !isRunning
            let lines = errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            defer { read = lines.count }
            for line in lines.dropFirst(read) {
                if let event = try? decoder.decode(RunEvent.self, from: Data(line.utf8)), moment.matches(event) { return true }
            }
            try check(!isOver, "the run ended before this moment: \(moment.title)\n\(errors.suffix(2000))")
            return nil
        }
    }
}
