import Synchronization

/// Passes on a line only when it differs from the one before, so that a poll does not repeat itself.
final class ProgressOnChange: Sendable {
    private let last = Mutex<String?>(nil)
    private let sink: @Sendable (String) -> Void

    init(_ sink: @escaping @Sendable (String) -> Void) { self.sink = sink }

    func say(_ line: String) {
        let isNew = last.withLock { last in
            defer { last = line }
            return last != line
        }
        if isNew { sink(line) }
    }
}
