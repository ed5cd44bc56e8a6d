import Assets
import Foundation
import Synchronization

/// Downloads as lines: one when a file begins, one every ten seconds, one when it breaks off, and one at its end. A file that
/// is in the cache already is no download.
final class AssetLines: Sendable {
    private struct File {
        var began: Date
        var said: Date
    }

    private static let interval: TimeInterval = 10

    private let say: @Sendable (String) -> Void
    private let now: @Sendable () -> Date
    private let files = Mutex<[String: File]>([:])

    init(now: @escaping @Sendable () -> Date = { Date() }, say: @escaping @Sendable (String) -> Void) {
        self.now = now
        self.say = say
    }

    func show(_ progress: AssetProgress) {
        let line = files.withLock { files -> String? in
            let time = now()
            let known = files[progress.file]
            var file = known ?? File(began: time, said: time)
            defer { files[progress.file] = file }
            switch progress.kind {
            case .finished:
                let took = max(1, Int(time.timeIntervalSince(file.began).rounded()))
                return "downloaded \(progress.file), \(Megabytes.text(progress.received)) in \(took) s"
            case .retrying(let cause):
                file.said = time
                return "downloading \(progress.file): \(cause); \(Megabytes.text(progress.received, of: progress.total)) are here"
            case .received:
                guard known == nil || time.timeIntervalSince(file.said) >= Self.interval else { return nil }
                file.said = time
                return "downloading \(progress.file): \(Megabytes.text(progress.received, of: progress.total))"
            }
        }
        if let line { say(line) }
    }
}

enum Megabytes {
    static func text(_ bytes: Int) -> String { bytes < 1_000_000 ? "\(bytes / 1000) kB" : "\(bytes / 1_000_000) MB" }

    static func text(_ bytes: Int, of total: Int?) -> String {
        guard let total else { return text(bytes) }
        return total < 1_000_000 ? "\(bytes / 1000) of \(total / 1000) kB" : "\(bytes / 1_000_000) of \(total / 1_000_000) MB"
    }
}
