import Foundation

/// Where text goes: data to standard output, everything else to standard error. Each has a page of its own, as often only
/// one of them is a terminal.
struct Console: Sendable {
    let write: @Sendable (String) -> Void
    let writeError: @Sendable (String) -> Void
    /// Of standard output.
    let output: Page
    /// Of standard error.
    let messages: Page

    static func standard(environment: [String: String] = ProcessInfo.processInfo.environment) -> Console {
        Console(
            write: { FileHandle.standardOutput.write(Data($0.utf8)) },
            writeError: { FileHandle.standardError.write(Data($0.utf8)) },
            output: Page(of: STDOUT_FILENO, environment: environment), messages: Page(of: STDERR_FILENO, environment: environment))
    }

    /// Prints data.
    func print(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n") }
    /// Says something to the person.
    func say(_ text: String) { writeError(text.hasSuffix("\n") ? text : text + "\n") }
}
