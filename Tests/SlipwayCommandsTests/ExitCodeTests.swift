import ClusterModel
import Testing

@testable import Engine
@testable import SlipwayCommands

@Suite struct ExitCodeTests {
    /// The design's table, row by row.
    static let table: [SlipwayError.Code: Int32] = [
        .failed: 1, .no: 2, .usage: 64, .invalidSpec: 65, .notFound: 66, .unreachable: 69, .bug: 70, .exists: 73, .tryAgain: 75,
        .refused: 77,
    ]

    @Test(arguments: SlipwayError.Code.allCases) func everyKindOfErrorHasItsCode(_ code: SlipwayError.Code) throws {
        let wanted = try #require(ExitCodeTests.table[code])
        #expect(SlipwayExit.code(of: code) == wanted)
        let (status, text) = report(SlipwayError(code, doing: "testing", cause: "the cause", hint: "the hint"))
        #expect(status == wanted)
        #expect(text == "error: testing: the cause\n  try: the hint\n")
    }

    @Test func doneIsZeroAndNothingElse() {
        #expect(SlipwayExit.done == 0)
        #expect(!ExitCodeTests.table.values.contains(0))
    }

    @Test func everythingElseThatIsThrownHasACode() {
        #expect(report(CancellationError()).0 == 75)
        #expect(report(SpecDiagnostics([])).0 == 65)
        #expect(report(Answer.no) == (2, ""))
        #expect(report(Answer(code: 3)) == (3, ""))
        struct Foreign: Error {}
        #expect(report(Foreign()).0 == 70, "what nobody foresaw is a bug")
    }

    /// The gravest first: with two failures the one that stands earlier here decides.
    static let gravity: [SlipwayError.Code] = [
        .bug, .refused, .failed, .invalidSpec, .notFound, .exists, .unreachable, .no, .usage, .tryAgain,
    ]

    @Test func theGravestFailureOfARunDecides() {
        #expect(Set(ExitCodeTests.gravity) == Set(SlipwayError.Code.allCases))
        for (index, grave) in ExitCodeTests.gravity.enumerated() {
            for light in ExitCodeTests.gravity[index...] {
                for codes in [[grave, light], [light, grave]] {
                    var report = RunReport()
                    report.errors = codes.map { SlipwayError($0, doing: "testing", cause: "it") }
                    #expect(SlipwayExit.code(of: RunFailure(report: report)) == ExitCodeTests.table[grave], "\(codes)")
                }
            }
        }
    }

    private func report(_ error: any Error) -> (Int32, String) {
        let said = Said()
        let page = Page(width: 80, color: false)
        let console = Console(write: { said.text += $0 }, writeError: { said.text += $0 }, output: page, messages: page)
        return (SlipwayMain.report(error, console: console), said.text)
    }

    /// Of one task only.
    private final class Said: @unchecked Sendable { var text = "" }
}
