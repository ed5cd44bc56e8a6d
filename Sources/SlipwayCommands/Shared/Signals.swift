import ClusterModel
import Engine
import Foundation

/// Ctrl-C: the first time start nothing new, finish, save; the second time leave at once. The journal makes both safe.
struct Signals: Sendable {
    private let cancel: [@Sendable () -> Void]

    init(_ interrupt: Interrupt, say: @escaping @Sendable (String) -> Void) {
        cancel = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            // Safe: the source is set up before anyone else sees it, and `cancel` may be called from any thread (libdispatch).
            nonisolated(unsafe) let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if interrupt.isRequested {
                    say("leaving at once; run the same command again")
                    TerminalCursor.restore()
                    _exit(SlipwayExit.code(of: .tryAgain))
                }
                say("interrupted: finishing what runs; once more to leave at once")
                interrupt.request()
            }
            source.resume()
            return { source.cancel() }
        }
    }

    func stop() {
        for cancel in cancel { cancel() }
    }
}
