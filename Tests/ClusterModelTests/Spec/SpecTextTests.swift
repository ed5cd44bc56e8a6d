import ClusterModel
import Testing

/// Files that are wrong before they are YAML, and texts that only look odd.
@Suite struct SpecTextTests {
    private func failure(_ bytes: [UInt8]) -> [Diagnostic] {
        guard case .failure(let failure) = SpecDecoder.decode(bytes, file: "demo.yaml") else { return [] }
        return failure.diagnostics
    }

    @Test func refusesBigFiles() {
        let text = Specs.text() + String(repeating: "# padding\n", count: 110_000)
        #expect(failure(Array(text.utf8)).map(\.message) == ["the file has \(text.utf8.count) bytes; a spec has at most 1 MiB"])
        let bearable = Specs.text() + String(repeating: "# padding\n", count: 100_000)
        #expect(failure(Array(bearable.utf8)).isEmpty)
    }

    @Test func saysWhereTextIsNotUTF8() throws {
        let diagnostic = try #require(failure(Array("apiVersion: x\nname: ä ".utf8) + [0xE4] + Array("b\n".utf8)).first)
        #expect(diagnostic.message.contains("not UTF-8"))
        #expect((diagnostic.line, diagnostic.column) == (2, 9))
        #expect(diagnostic.suggestion == "save it as UTF-8")
    }

    @Test func namesUTF16() throws {
        let bytes: [UInt8] = Specs.text().utf16.reduce(into: [0xFF, 0xFE]) { $0 += [UInt8($1 & 0xFF), UInt8($1 >> 8)] }
        #expect(failure(bytes).map(\.message) == ["the file is written in UTF-16"])
    }

    @Test func readsByteOrderMarkAndAnyLineBreak() throws {
        let wanted = try Specs.cluster()
        for lineBreak in ["\n", "\r\n", "\r"] {
            let text = Specs.text().replacing("\n", with: lineBreak)
            #expect(try SpecDecoder.decode([0xEF, 0xBB, 0xBF] + Array(text.utf8), file: "demo.yaml").get().cluster == wanted)
        }
    }

    @Test func countsLinesAsYAMLDoes() throws {
        let text = Specs.text("# one\u{85}# two\u{2028}# three\ncontrolPlane: {count: x}").replacing("\n", with: "\r\n")
        let diagnostic = try #require(Specs.findings(text).first)
        #expect(diagnostic.line == 10)
        #expect(diagnostic.sourceLine == "  controlPlane: {count: x}")
    }

    @Test func readsJSON() throws {
        let text = """
            {"apiVersion": "slipway.dev/v1alpha1", "kind": "Cluster", "metadata": {"name": "demo"},
             "spec": {"cloud": {"provider": "local"}, "controlPlane": {"count": 1}}}
            """
        #expect(try Specs.decode(text).get().cluster == Specs.cluster())
    }

    @Test func allowsMarkersOfDocuments() throws {
        #expect(try Specs.decode("%YAML 1.1\n---\n" + Specs.text() + "...\n").get().cluster == Specs.cluster())
        #expect(try Specs.decode("# first\n---\n" + Specs.text() + "---\n").get().cluster == Specs.cluster())
    }

    @Test func boundsAliases() {
        let few = Specs.text("controlPlane: {zones: [&z local-a]}\npools:") + (0..<100).map { "  - {name: p\($0), zones: [*z]}\n" }.joined()
        #expect(Specs.findings(few).filter { $0.severity == .error }.isEmpty)
        let many =
            Specs.text("controlPlane: {zones: [&z local-a]}\npools:") + (0..<101).map { "  - {name: p\($0), zones: [*z]}\n" }.joined()
        #expect(Specs.findings(many).map(\.message) == ["the document uses 101 aliases; at most 100 are followed"])
    }

    /// Anchors may be made anew under the same name; each one multiplies.
    @Test func boundsShadowedAliases() {
        var text = "a: &a [x, x]\n"
        for _ in 0..<30 { text += "a: &a [*a, *a]\n" }
        #expect(Specs.findings(text).map(\.message) == ["the document's aliases could blow it up to more than 4 MiB"])
    }

    /// Neither the parser nor the nodes' own destruction may overflow the stack.
    @Test(arguments: ["[", "{a: ", "- ", "? "]) func survivesNesting(_ opening: String) {
        for depth in [50, 990, 5000] {
            let text = Specs.text("pools:\n  ") + String(repeating: opening, count: depth)
            #expect(Specs.findings(text).contains { $0.severity == .error })
            let closed = "x: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "\n"
            #expect(Specs.findings(closed).contains { $0.severity == .error })
        }
    }

    @Test func reportsDuplicatesBeyondTheLimit() {
        let text = Specs.text() + (0..<30).map { "  k\($0): 1\n  k\($0): 2\n" }.joined()
        let found = Specs.findings(text)
        #expect(found.contains { $0.message.contains("given twice") && $0.line != nil })
    }
}
