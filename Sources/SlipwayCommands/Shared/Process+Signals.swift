import Foundation

extension Process {
    /// Starts the process with every signal as it is by default. A process inherits the signals that its starter ignores,
    /// and those that the starting thread blocks, and the threads that Swift's tasks run on block nearly all: an agent
    /// started there could not be ended, nor a remote command interrupted.
    func runWithPlainSignals() throws {
        let numbers = [SIGINT, SIGTERM, SIGPIPE]
        let handlers = numbers.map { signal($0, SIG_DFL) }
        var none = sigset_t()
        var blocked = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &blocked)
        defer {
            pthread_sigmask(SIG_SETMASK, &blocked, nil)
            for (number, handler) in zip(numbers, handlers) { signal(number, handler) }
        }
        try run()
    }
}
