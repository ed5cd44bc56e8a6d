import Synchronization

/// Passes on a line only when it differs from the one before, so that a poll does not repeat itself.
final class ProgressOnChange: Sendable {
    private let line = Mutex<String?>(nil)
    private let sink: @Sendable (String) -> Void

    /// The last line; nil before there is one.
    var last: String? { line.withLock { $0 } }

    init(_ sink: @escaping @Sendable (String) -> Void) { self.sink = sink }

    func say(_ line: String) {
        let isNew = self.line.withLock { last in
            defer { last = line }
            return last != line
        }
        if isNew { sink(line) }
    }
}
