import ClusterModel
import Testing

@testable import Engine
@testable import SlipwayCommands

@Suite struct ErrorTextTests {
    static func error(_ code: SlipwayError.Code) -> SlipwayError {
        SlipwayError(
            code, at: Address(.service, "demo-control-plane-a-1/\(code.rawValue)"), doing: "starting kube-apiserver",
            cause: "it was not healthy within 180 seconds, and the same was true of everything that came after it",
            hint: "slipway ssh demo demo-control-plane-a-1 -- journalctl -u kube-apiserver -n 50; then run the same command again",
            log: [
                "Error: invalid argument \"x\" for \"--audit-log-maxage\" flag: strconv.ParseInt: parsing \"x\": invalid syntax",
                "second line  ",
            ])
    }

    @Test(arguments: [80, 120]) func errorsSayWhereWhatWhyAndWhatNext(_ width: Int) throws {
        let page = Page(width: width, color: false)
        var text = SlipwayError.Code.allCases.map { ErrorText.text(ErrorTextTests.error($0), page: page) }.joined(separator: "\n\n")
        text += "\n\n" + ErrorText.text(SlipwayError(.failed, doing: "short", cause: "no more is known"), page: page) + "\n"
        text +=
            "\n"
            + ErrorText.text(
                SlipwayError(
                    .exists, at: Address(.cluster, "demo"), doing: "creating the cluster",
                    cause: "it exists with another spec:\n  spec.pools[nodes].count: 1 -> 3\n  spec.assets.source: official -> /mirror"),
                page: page) + "\n"
        // Lines of a log stay as they are, and commands are whole, so that both can be copied.
        expectFits(
            text.split(separator: "\n").filter { !$0.hasPrefix("    |") && !$0.contains("slipway ssh") }.joined(separator: "\n"), width)
        try Golden.expect(text, equals: "errors-\(width).txt")
    }

    @Test func aRunThatFailedNamesEveryFailureAndWhatWasLeft() throws {
        var report = RunReport()
        report.errors = [
            ErrorTextTests.error(.failed),
            SlipwayError(
                .unreachable, at: Address(.host, "demo-nodes-a-2"), doing: "logging in", cause: "no login within 180 seconds",
                hint: "does the machine run? slipway get machines demo"),
        ]
        report.skipped = ["a", "b", "c"]
        let text = ErrorText.text(RunFailure(report: report), page: Page(width: 80, color: false))
        try Golden.expect(text + "\n", equals: "run-failure.txt")
        report.skipped = ["a"]
        #expect(ErrorText.text(RunFailure(report: report), page: Page(width: 80, color: false)).contains("\n1 step not started"))
    }

    @Test func onATerminalTheLabelsHaveColours() {
        let text = ErrorText.text(ErrorTextTests.error(.failed), page: Page(width: 80, color: true))
        #expect(text.hasPrefix("\u{1B}[31merror: \u{1B}[0m"))
        #expect(
            text.replacing(/\u{1B}\[[0-9]*m/, with: "")
                == ErrorText.text(ErrorTextTests.error(.failed), page: Page(width: 80, color: false)))
    }

    @Test func whatOthersWroteCannotMoveTheCursor() {
        let error = SlipwayError(.failed, doing: "reading", cause: "\u{1B}[2Jgone", hint: "\u{7}try", log: ["\u{1B}]0;title\u{7}"])
        let text = ErrorText.text(error, page: Page(width: 80, color: false))
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        #expect(text.contains("[2Jgone"))
    }
}
