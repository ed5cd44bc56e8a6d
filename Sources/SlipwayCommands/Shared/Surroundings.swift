import ClusterModel
import Foundation
import Operations

/// Everything of its process and of the outside that a command uses, in one value: so a test runs any command line against
/// a world of its own.
struct Surroundings: Sendable {
    var console: Console
    var environment: [String: String]
    /// All of standard input. Blocks.
    var input: @Sendable () -> [UInt8]
    /// One line that the person types, without its end. Nil when there is nobody to ask.
    var answer: @Sendable () -> String? = { nil }
    /// A line that the person types unseen. Nil when there is nobody to ask.
    var hiddenAnswer: @Sendable (_ question: String) throws -> String? = { _ in nil }
    /// Whether Ctrl-C is ours to handle.
    var handlesSignals: Bool
    var run: RunContext
    /// The page behind standard error as it is now, as people resize their windows.
    var terminal: @Sendable () -> Page
    /// Makes the way to a cloud and its machines, when a command needs it. Is given what says a line to the person.
    var outside: @Sendable (CloudPlace, _ say: @escaping @Sendable (String) -> Void) throws -> Outside

    /// Of the command that runs in this task.
    @TaskLocal static var current = Surroundings.process

    /// Those of this process.
    static let process = Surroundings(
        console: .standard(), environment: ProcessInfo.processInfo.environment,
        input: { [UInt8](FileHandle.standardInput.readDataToEndOfFile()) },
        answer: { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 ? readLine() : nil },
        hiddenAnswer: { try HiddenAnswer.ask($0) }, handlesSignals: true, run: .live,
        terminal: { Page(of: STDERR_FILENO, environment: ProcessInfo.processInfo.environment) },
        outside: { try Outside.real($0, say: $1) })

    /// A variable that is set and not empty.
    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
}

extension Console {
    /// Of the command that runs in this task.
    static var current: Console { Surroundings.current.console }
}
