import ClusterModel
import Subprocess
import SystemPackage

/// A program of the host's.
enum Tool {
    /// Where programs are looked for: root's own path need not hold all of them.
    static let folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]

    static func locate(_ name: String) -> String? {
        folders.lazy.map { "\($0)/\(name)" }.first { Files.exists($0) }
    }

    struct Outcome: Sendable {
        var status: TerminationStatus
        var output: String
        var errorOutput: String

        var succeeded: Bool { status == .exited(0) }
        var lastWords: String {
            errorOutput.split(separator: "\n").suffix(3).map { $0.drop(while: \.isWhitespace) }.joined(separator: "; ")
        }
    }

    /// Runs the program to its end, whatever its status. Its environment is this process' with a path and plain messages.
    static func attempt(_ name: String, _ arguments: [String], input: String = "", environment: Environment? = nil) async throws -> Outcome
    {
        guard let path = locate(name) else {
            throw SlipwayError(.refused, doing: "running \(name)", cause: "this host has no program of this name")
        }
        let result = try await run(
            .path(FilePath(path)), arguments: Arguments(arguments),
            environment: environment ?? .inherit.updating(["PATH": folders.joined(separator: ":"), "LC_ALL": "C"]),
            input: .string(input), output: .string(limit: 16 << 20), error: .string(limit: 1 << 20))
        return Outcome(status: result.terminationStatus, output: result.standardOutput, errorOutput: result.standardError)
    }

    /// Runs the program and gives its output; a status other than zero is an error.
    @discardableResult
    static func output(_ name: String, _ arguments: [String], input: String = "", doing: String) async throws -> String {
        let outcome = try await attempt(name, arguments, input: input)
        guard outcome.succeeded else {
            throw SlipwayError(
                .failed, doing: doing, cause: outcome.lastWords.isEmpty ? "\(name) ended with \(outcome.status)" : outcome.lastWords)
        }
        return outcome.output
    }

    /// Removes a folder with all that is in it, but nothing that is mounted there.
    static func remove(_ folder: String) async throws {
        guard Files.exists(folder) else { return }
        try await output("rm", ["-rf", "--one-file-system", "--", folder], doing: "removing \(folder)")
    }
}
