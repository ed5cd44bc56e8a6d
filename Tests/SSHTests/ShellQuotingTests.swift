import ClusterModel
import Subprocess
import Testing

extension SSHTests {
    @Suite struct ShellQuoting {
        @Test(arguments: [
            "", "plain", "two words", "'", "''", "it's", "\"", "$HOME", "$(touch /nothing)", "`id`", "a\nb\n", "\\", "\\'", "*", "-n", "~",
            "%s",
            "!", "tab\t", "\r\n", "'\r\n'", "é\u{301}'\u{301}x", "🛥", "#", ";", "&", "|", "a=b",
        ])
        func `A shell reads back what was quoted`(_ text: String) async throws {
            let result = try await Subprocess.run(
                .name("sh"), arguments: ["-c", "printf %s. \(text.shellQuoted)"], output: .bytes(limit: 4096))
            #expect(result.standardOutput == Array("\(text).".utf8))
        }
    }
}
