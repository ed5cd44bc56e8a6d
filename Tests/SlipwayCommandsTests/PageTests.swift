import Foundation
import Glibc
import Testing

@testable import SlipwayCommands

@Suite struct PageTests {
    @Test(
        arguments: [
            (true, [:], true), (false, [:], false), (true, ["NO_COLOR": "1"], false), (true, ["NO_COLOR": ""], true),
            (true, ["TERM": "dumb"], false), (true, ["TERM": "xterm"], true), (false, ["TERM": "xterm"], false),
        ] as [(Bool, [String: String], Bool)])
    func coloursAreForTerminalsThatWantThem(_ isTerminal: Bool, _ environment: [String: String], _ wanted: Bool) {
        #expect(Page.takesColor(isTerminal: isTerminal, environment: environment) == wanted)
    }

    @Test func aPipeIsPlainAnd80Wide() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        #expect(Page(of: descriptor, environment: ["TERM": "xterm"]) == Page(width: 80, color: false))
        #expect(Page(of: descriptor, environment: ["COLUMNS": "132"]).width == 132)
        #expect(Page(of: descriptor, environment: ["COLUMNS": "wide"]).width == 80)
        #expect(Page(of: descriptor, environment: ["COLUMNS": "0"]).width == 80)
    }

    @Test func aTerminalHasItsOwnWidthAndColours() throws {
        var first: Int32 = -1
        var second: Int32 = -1
        var size = winsize(ws_row: 30, ws_col: 97, ws_xpixel: 0, ws_ypixel: 0)
        try #require(openpty(&first, &second, nil, nil, &size) == 0)
        defer {
            close(first)
            close(second)
        }
        #expect(Page(of: second, environment: ["TERM": "xterm"]) == Page(width: 97, color: true, height: 30))
        #expect(Page(of: second, environment: ["TERM": "dumb"]).height == nil, "it cannot be drawn over")
        #expect(Page(of: second, environment: ["NO_COLOR": "1"]).color == false)
        #expect(Page(of: second, environment: ["COLUMNS": "60"]).width == 60, "as for every other program")
    }

    @Test func styledTextIsPlainWithoutColour() {
        #expect(Page(width: 80, color: false).styled("text", .red) == "text")
        #expect(Page(width: 80, color: true).styled("text", .red) == "\u{1B}[31mtext\u{1B}[0m")
    }

    @Test(arguments: [(20, 40), (80, 80), (500, 120)]) func proseIsBetween40And120Wide(_ width: Int, _ wanted: Int) {
        #expect(Page(width: width, color: false).textWidth == wanted)
    }
}

@Suite struct WrapTests {
    @Test(arguments: [
        ("one two three", 8, 0, 0, "one two\nthree"), ("one two three", 8, 2, 0, "one two\n  three"),
        ("one two three", 8, 2, 5, "one\n  two\n  three"), ("short", 80, 4, 0, "short"), ("", 80, 4, 0, ""),
        ("a\nb c", 80, 2, 0, "a\n  b c"), ("averyveryverylongword b", 8, 2, 0, "averyveryverylongword\n  b"),
        ("trailing   ", 80, 0, 0, "trailing"), ("12345678", 8, 0, 0, "12345678"), ("1234 567", 8, 0, 0, "1234 567"),
        ("1234 5678", 8, 0, 0, "1234\n5678"),
    ])
    func linesBreakAtSpaces(_ text: String, _ width: Int, _ indent: Int, _ start: Int, _ wanted: String) {
        #expect(wrap(text, width: width, indent: indent, start: start) == wanted)
    }

    @Test func controlCharactersDoNotReachATerminal() {
        #expect("a\u{1B}[31mb\rc\u{7}\u{9B}31m\nd\te".harmless == "a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}\u{FFFD}31m\nd\te")
        #expect("größe ✓ 漢字".harmless == "größe ✓ 漢字")
    }
}
