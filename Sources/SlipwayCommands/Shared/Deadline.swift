import ClusterModel
import Engine
import Foundation

/// The end of `--timeout`: as Ctrl-C, first in an orderly way, and after a while at once. The journal makes both safe.
struct Deadline: Sendable {
    /// How long what runs may take to come to its end.
    static let patience = Duration.seconds(30)

    private let task: Task<Void, Never>

    init(_ timeout: Seconds, _ interrupt: Interrupt, say: @escaping @Sendable (String) -> Void) {
        task = Task {
            do {
                try await Task.sleep(for: timeout.duration)
                say("the time of --timeout \(timeout) is over: finishing what runs")
                interrupt.request()
                try await Task.sleep(for: Deadline.patience)
            } catch {
                return
            }
            say("leaving at once; run the same command again")
            TerminalCursor.restore()
            _exit(SlipwayExit.code(of: .tryAgain))
        }
    }

    func stop() { task.cancel() }
}
