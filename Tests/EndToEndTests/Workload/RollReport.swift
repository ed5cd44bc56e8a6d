import ClusterModel
import Foundation

/// What clients saw while machines were replaced.
enum RollReport {
    /// From the first cordon to the last machine removed.
    static func window(of rolls: [ProgramResult]) throws -> ClosedRange<Date> {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let lines = rolls.flatMap { $0.errors.split(separator: "\n") }
        let events = lines.compactMap { try? decoder.decode(RunEvent.self, from: Data($0.utf8)) }
        let first = events.first { $0.kind == .stepStarted && $0.action == .cordonNode }?.time
        let last = events.last { $0.kind == .stepDone && $0.action == .deleteMachine }?.time
        // Events have whole seconds.
        return try unwrap(first, "nothing was cordoned")...(try unwrap(last, "no machine was removed")).addingTimeInterval(1)
    }

    /// What was asked meanwhile, and that nothing failed.
    @discardableResult
    static func expectNoFailure(_ all: [Traffic.Request], in window: ClosedRange<Date>, _ bench: Bench) throws -> [Traffic.Request] {
        let counted = all.filter { window.contains($0.start) }
        let failed = counted.filter { $0.result != "ok" }
        let kept = counted.count { $0.kind == "kept" }
        let inside = counted.count { $0.client == "inside" }
        let slowest = counted.map(\.milliseconds).max() ?? 0
        let seconds = window.upperBound.timeIntervalSince(window.lowerBound)
        bench.say(
            "\(counted.count) requests in \(text(seconds)), \(failed.count) failed; \(kept) on kept connections, \(inside) from a pod; "
                + "slowest \(slowest) ms")
        let list = all.map(\.text).joined(separator: "\n") + "\n"
        try? FileManager.default.createDirectory(atPath: bench.artifacts, withIntermediateDirectories: true)
        try Data(list.utf8).write(to: URL(filePath: "\(bench.artifacts)/requests.log"))
        try check(
            failed.isEmpty, "\(failed.count) of \(counted.count) requests failed:\n\(failed.prefix(20).map(\.text).joined(separator: "\n"))"
        )
        try check(counted.count >= 10_000, "only \(counted.count) requests were made")
        try check(kept * 10 >= counted.count * 3, "only \(kept) of \(counted.count) requests reused a connection")
        try check(inside > 0 && inside < counted.count, "one of the clients asked nothing")
        return counted
    }
}
