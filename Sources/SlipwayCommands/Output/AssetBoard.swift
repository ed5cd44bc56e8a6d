import Assets
import Foundation
import Synchronization

/// Downloads on a terminal: one line a file, drawn over again as it gets on. The last picture stays.
final class AssetBoard: Sendable {
    struct File: Equatable {
        var progress: AssetProgress
        var began: Date
        /// What was here when it began.
        var from: Int
        var ended: Date?
    }

    private struct State {
        var files: [File] = []
        var drawn = 0
        var last = Date.distantPast
    }

    private let console: Console
    private let page: @Sendable () -> Page
    private let state = Mutex(State())

    /// Nil where standard error is no terminal that can be drawn on.
    init?(_ console: Console, page: @escaping @Sendable () -> Page) {
        guard page().height != nil else { return nil }
        self.console = console
        self.page = page
    }

    func show(_ progress: AssetProgress) {
        let now = Date()
        state.withLock { state in
            let ended = progress.kind == .finished ? now : nil
            if let index = state.files.firstIndex(where: { $0.progress.file == progress.file }) {
                state.files[index].progress = progress
                state.files[index].ended = ended
            } else {
                state.files.append(File(progress: progress, began: now, from: progress.received, ended: ended))
            }
            guard ended != nil || now.timeIntervalSince(state.last) > 0.1 else { return }
            state.last = now
            let lines = AssetBoard.lines(state.files, now: now, page())
            console.writeError((state.drawn > 0 ? "\r\u{1B}[\(state.drawn)A\u{1B}[J" : "") + lines.map { $0 + "\n" }.joined())
            state.drawn = lines.count
        }
    }

    /// As many as fit; what is under way comes before what has ended.
    static func lines(_ files: [File], now: Date, _ page: Page) -> [String] {
        let room = max(1, (page.height ?? 24) - 1)
        let shown = files.count <= room ? files : Array((files.filter { $0.ended == nil } + files.filter { $0.ended != nil }).prefix(room))
        let width = shown.map(\.progress.file.count).max() ?? 0
        return shown.map { file in
            let name = file.progress.file + String(repeating: " ", count: width - file.progress.file.count)
            return String("\(name)  \(text(file, now: now))".prefix(page.width))
        }
    }

    private static func text(_ file: File, now: Date) -> String {
        let progress = file.progress
        let seconds = max(0.1, (file.ended ?? now).timeIntervalSince(file.began))
        let rate = String(format: "%.1f MB/s", Double(max(0, progress.received - file.from)) / 1_000_000 / seconds)
        switch progress.kind {
        case .finished: return "done   \(Megabytes.text(progress.received)), \(rate)"
        case .retrying(let cause): return "again  \(Megabytes.text(progress.received, of: progress.total)), \(cause)"
        case .received:
            let share = progress.total.map { $0 > 0 ? min(100, progress.received * 100 / $0) : 100 }
            let percent = share.map { String(repeating: " ", count: 3 - "\($0)".count) + "\($0)%" } ?? "    "
            return "\(percent)   \(Megabytes.text(progress.received, of: progress.total)), \(rate)"
        }
    }
}
