import ClusterModel
import Foundation
import Synchronization

/// Draws a run's tree at the bottom of a terminal and keeps it up to date. What is said meanwhile goes above it and stays.
final class LiveDisplay: Sendable {
    private struct State {
        var view: LiveView?
        var began = Date()
        /// How many lines of the last frame are on the screen.
        var drawn = 0
        var ticker: Task<Void, Never>?
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

    /// From here on the run of this plan is drawn.
    func begin(_ plan: Plan) {
        state.withLock { state in
            state.view = LiveView(plan: plan)
            state.began = Date()
            state.drawn = 0
            state.ticker?.cancel()
            state.ticker = Task { [weak self] in
                while !Task.isCancelled {
                    try? await Task.sleep(for: .milliseconds(200))
                    self?.tick()
                }
            }
            TerminalCursor.hide(console)
            draw(&state, above: "")
        }
    }

    /// Takes an event in. False when nothing is being drawn: then somebody else has to show it.
    func show(_ event: RunEvent) -> Bool {
        state.withLock { state in
            guard state.view != nil else { return false }
            state.view?.apply(event)
            switch event.kind {
            case .runFinished: end(&state)
            case .message, .interrupted, .stepFailed: draw(&state, above: EventLines.text(event, page: page()) ?? "")
            default: draw(&state, above: "")
            }
            return true
        }
    }

    /// Says something above the tree.
    func say(_ text: String) {
        state.withLock { state in
            guard state.view != nil else { return console.say(text) }
            draw(&state, above: text)
        }
    }

    /// The last frame stays, and the cursor is given back. Also after an error, and without a run.
    func stop() { state.withLock { end(&$0) } }

    private func tick() {
        state.withLock { state in
            guard state.view != nil else { return }
            draw(&state, above: "")
        }
    }

    private func end(_ state: inout State) {
        guard state.view != nil else { return }
        draw(&state, above: "")
        state.ticker?.cancel()
        state.ticker = nil
        state.view = nil
        TerminalCursor.show(console)
    }

    /// Over the last frame, in one write, so that nothing flickers.
    private func draw(_ state: inout State, above: String) {
        guard let view = state.view else { return }
        let page = page()
        var text = state.drawn > 0 ? "\r\u{1B}[\(state.drawn)A\u{1B}[J" : "\r\u{1B}[J"
        if !above.isEmpty { text += above.hasSuffix("\n") ? above : above + "\n" }
        let frame = view.frame(page, height: max(3, (page.height ?? 24) - 1), elapsed: Date().timeIntervalSince(state.began))
        text += frame.map { $0 + "\n" }.joined()
        state.drawn = frame.count
        console.writeError(text)
    }
}

/// The cursor of this process's terminal, so that whoever ends the process can give it back.
enum TerminalCursor {
    private static let hidden = Mutex<Console?>(nil)

    static func hide(_ console: Console) {
        hidden.withLock { $0 = console }
        console.writeError("\u{1B}[?25l")
    }

    static func show(_ console: Console) {
        hidden.withLock { $0 = nil }
        console.writeError("\u{1B}[?25h")
    }

    /// Before a process ends in mid-run.
    static func restore() { hidden.withLock { $0?.writeError("\u{1B}[?25h") } }
}
