import Foundation
import Glibc
import Subprocess
import SystemPackage

/// A program that runs, its output in files: nobody has to read it for the program to go on.
struct RunningProgram: Sendable {
    let pid: pid_t
    let outputPath: String
    let errorPath: String

    var output: String { Self.text(outputPath) }
    var errors: String { Self.text(errorPath) }

    /// False as soon as the process has ended, collected or not.
    var isRunning: Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let end = stat.lastIndex(of: ")") else {
            return false
        }
        return !["Z", "X"].contains(stat[stat.index(after: end)...].split(separator: " ").first)
    }

    func send(_ signal: Int32) { kill(pid, signal) }

    private static func text(_ path: String) -> String {
        String(decoding: (try? Data(contentsOf: URL(filePath: path))) ?? Data(), as: UTF8.self)
    }
}

/// What came of a program.
struct ProgramResult: Sendable {
    var command: String
    /// The exit code; 128 and the number of the signal that ended it.
    var status: Int32
    var output: String
    var errors: String
    var seconds: Double

    var wasKilled: Bool { status == 128 + SIGKILL }

    /// The end of what it said.
    var lastWords: String {
        let lines = (errors + output).split(separator: "\n")
        return lines.suffix(15).map { "\n    | \($0)" }.joined()
    }

    /// - Throws: when it did not end with this code.
    @discardableResult
    func expect(_ status: Int32) throws -> ProgramResult {
        try check(self.status == status, "\(command) ended with \(self.status) instead of \(status):\(lastWords)")
        return self
    }

    /// - Throws: when a part is not in what it said on standard error, wherever its lines were wrapped.
    func expectErrors(contain parts: String...) throws {
        let said = errors.split(whereSeparator: \.isNewline)
            .map { $0.drop { $0 == " " || $0 == "|" } }
            .joined(separator: " ")
        for part in parts { try check(said.contains(part), "\(command) does not say '\(part)':\(lastWords)") }
    }

    /// The standard output as JSON.
    func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(output.utf8))
        } catch {
            throw Failure("\(command) printed no \(type): \(error)\n\(output.prefix(2000))")
        }
    }
}

enum Program {
    /// Runs a program to its end. It is killed when it takes longer than `limit`.
    /// - Parameter meanwhile: what is done while it runs; it may send signals.
    static func run(
        _ path: String, _ arguments: [String], environment: [String: String], input: [UInt8] = [], outputsIn folder: String,
        limit: Duration, meanwhile: (RunningProgram) async throws -> Void = { _ in }
    ) async throws -> ProgramResult {
        let id = UUID().uuidString
        let (outputPath, errorPath) = ("\(folder)/\(id).out", "\(folder)/\(id).err")
        let output = try file(outputPath)
        let errors = try file(errorPath)
        let start = ContinuousClock.now
        let command = ([path.split(separator: "/").last.map(String.init) ?? path] + arguments).joined(separator: " ")
        var overdue = false
        let result = try await Subprocess.run(
            Configuration(
                executable: .path(FilePath(path)), arguments: Arguments(arguments),
                environment: .custom(
                    Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) }))),
            input: .array(input), output: .fileDescriptor(output, closeAfterSpawningProcess: true),
            error: .fileDescriptor(errors, closeAfterSpawningProcess: true)
        ) { execution in
            let program = RunningProgram(pid: execution.processIdentifier.value, outputPath: outputPath, errorPath: errorPath)
            do {
                try await meanwhile(program)
            } catch {
                program.send(SIGKILL)
                throw error
            }
            while program.isRunning {
                if ContinuousClock.now > start + limit {
                    overdue = true
                    program.send(SIGKILL)
                }
                try await Task.sleep(for: .milliseconds(10))
            }
            return program
        }
        let status: Int32 =
            switch result.terminationStatus {
            case .exited(let code): code
            case .signaled(let signal): 128 + signal
            }
        let program = result.closureResult
        let ended = ProgramResult(
            command: command, status: status, output: program.output, errors: program.errors, seconds: seconds(since: start))
        try check(!overdue, "\(command) took longer than \(limit):\(ended.lastWords)")
        return ended
    }

    private static func file(_ path: String) throws -> FileDescriptor {
        try .open(path, .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
    }
}
