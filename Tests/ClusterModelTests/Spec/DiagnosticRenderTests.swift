import ClusterModel
import Testing

@Suite struct DiagnosticRenderTests {
    private let diagnostic = Diagnostic(
        .error, path: "spec.controlPlane.count", message: "an even number", suggestion: "1, 3 or 5", file: "demo.yaml", line: 7, column: 12,
        sourceLine: "    count: 2")

    @Test func looksAsACompilersDo() {
        #expect(
            diagnostic.render() == """
                demo.yaml:7:12: error: an even number
                    7 |     count: 2
                      |            ^ 1, 3 or 5
                """)
    }

    @Test func coloursOnlyWhenAsked() {
        #expect(!diagnostic.render().contains("\u{1B}"))
        let colored = diagnostic.render(color: true)
        #expect(colored.contains("\u{1B}[1;31merror:\u{1B}[0m"))
        #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == diagnostic.render())
    }

    @Test func saysWhereWithoutAFile() {
        var other = diagnostic
        (other.file, other.line, other.column, other.sourceLine) = (nil, nil, nil, nil)
        #expect(other.render() == "spec.controlPlane.count: error: an even number\n      = 1, 3 or 5")
        other.flag = "--control-plane-count"
        other.severity = .warning
        #expect(other.render() == "--control-plane-count: warning: an even number\n      = 1, 3 or 5")
    }

    @Test func keepsExcerptAndSuggestionWithinTheWidth() {
        var other = diagnostic
        other.suggestion = "something rather long that has to be said about it in many words, which no narrow terminal takes in one line"
        other.sourceLine = String(repeating: "abcde ", count: 100)
        for column in [1, 5, 60, 300, 599, 600, 601, 700] {
            other.column = column
            for width in [30, 40, 80, 120] {
                let lines = other.render(width: width).split(separator: "\n").dropFirst()
                #expect(lines.allSatisfy { $0.count <= width }, "column \(column), width \(width)")
            }
        }
    }

    @Test func caretStaysUnderWideAndInvisibleCharacters() throws {
        var other = diagnostic
        other.sourceLine = "\tk: 日本e\u{301}\u{202E}x"
        other.column = 10
        let lines = other.render().split(separator: "\n")
        #expect(lines[1] == "    7 |  k: 日本e\u{301}\u{FFFD}x")
        // Tab, "k: ", two of two columns each, é, the replaced mark.
        #expect(lines[2] == "      | " + String(repeating: " ", count: 10) + "^ 1, 3 or 5")
    }

    @Test func countsAtTheEnd() {
        var warning = diagnostic
        warning.severity = .warning
        #expect(SpecDiagnostics([diagnostic, diagnostic, warning]).render().hasSuffix("\n2 errors, 1 warning"))
    }
}
