import ClusterModel
import Foundation
import Subprocess
import SystemPackage

/// A program that prints credentials, as a password manager's helper.
enum ProcessCredentials {
    /// It may ask a person to touch a key.
    private static let patience = Duration.seconds(120)

    private struct Answer: Decodable {
        var Version: Int
    }

    static func credentials(_ profile: [String: String], _ name: String) async throws -> AWSCredentials? {
        guard let line = profile["credential_process"], !line.isEmpty else { return nil }
        let place = "the credential_process of profile \(name)"
        guard let words = CommandWords.words(line), let program = words.first else {
            throw CredentialChain.error("\(place) is no command: a quote is not closed", hint: "correct it in ~/.aws/config")
        }
        let output = try await output(program, Array(words.dropFirst()), place)
        guard let version = try? JSONDecoder().decode(Answer.self, from: Data(output.utf8)).Version, version == 1 else {
            throw CredentialChain.error(
                "\(place) printed no credentials of version 1", hint: "it has to print JSON with Version, AccessKeyId and SecretAccessKey")
        }
        return try LentCredentials.read(
            Array(output.utf8), from: place, hint: "it has to print JSON with Version, AccessKeyId and SecretAccessKey")
    }

    /// What it prints. What it says otherwise may hold anything, so of that only its last line is told.
    private static func output(_ program: String, _ arguments: [String], _ place: String) async throws -> String {
        let executable: Executable = program.contains("/") ? .path(FilePath(program)) : .name(program)
        do {
            return try await withThrowingTaskGroup(of: String.self) { group in
                group.addTask {
                    let result = try await run(
                        executable, arguments: Arguments(arguments), output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
                    guard result.terminationStatus == .exited(0) else {
                        let said = result.standardError.split(whereSeparator: \.isNewline).last.map { ": \($0)" } ?? ""
                        throw CredentialChain.error("\(place) ended with \(result.terminationStatus)\(said)", hint: nil)
                    }
                    return result.standardOutput
                }
                group.addTask {
                    try await Task.sleep(for: patience)
                    throw CredentialChain.error("\(place) did not end within \(patience)", hint: "does it wait for somebody?")
                }
                defer { group.cancelAll() }
                guard let output = try await group.next() else { throw CancellationError() }
                return output
            }
        } catch let error as SubprocessError {
            throw CredentialChain.error("\(place) cannot be started: \(error)", hint: "is \(program) there?")
        }
    }
}

/// A command as people write it, without a shell's other meanings.
enum CommandWords {
    /// Words between white space; quotes keep them together, a backslash takes its meaning from what follows. Nil when a quote
    /// is not closed.
    static func words(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        if let done = word { words.append(done) }
        return words
    }
}
