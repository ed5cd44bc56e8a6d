import Subprocess
import SystemPackage

/// What a program did.
struct ProgramResult {
    var status: Int32
    var output: String
    var errors: String
}

enum Shell {
    /// Runs a script with a real shell.
    static func run(_ script: String, arguments: [String] = [], input: [UInt8] = []) async throws -> ProgramResult {
        try await program("sh", ["-c", script, "script"] + arguments, input: input)
    }

    static func program(_ name: String, _ arguments: [String], input: [UInt8] = []) async throws -> ProgramResult {
        let result = try await Subprocess.run(
            .name(name), arguments: Arguments(arguments), input: .array(input), output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        var status: Int32 = -1
        if case .exited(let code) = result.terminationStatus { status = code }
        return ProgramResult(status: status, output: result.standardOutput, errors: result.standardError)
    }
}
