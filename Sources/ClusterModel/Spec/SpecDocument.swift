import Yams

/// The one YAML document of a file, as nodes with places.
struct SpecDocument {
    let root: Node
    /// Keys that occur more than once in their mapping. All but the last of each were renamed, as Yams gives up at the first
    /// that it meets; here are their own names, by place.
    let renamedKeys: [SourceMark: String]

    /// More duplicates than this are reported in the next round.
    private static let maximumRenames = 20

    /// Throws all that keeps the text from being one document.
    init(_ source: SpecText, file: String) throws(SpecDiagnostics) {
        var scalars = Array(source.text.unicodeScalars)
        let starts = Self.lineStarts(scalars)
        var renamed: [SourceMark: String] = [:]
        var documents: [Node] = []
        while true {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            do {
                documents = try Self.documents(String(view))
                break
            } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
                let mark = SourceMark(line: context.mark.line, column: context.mark.column)
                guard renamed.count < Self.maximumRenames, let key = duplicates.first,
                    Self.rename(key, at: mark, in: &scalars, starts: starts, number: renamed.count)
                else {
                    throw Self.diagnostics(
                        [
                            (
                                "\(duplicates.map { TerminalText.quoted($0) }.joined(separator: ", ")) is given twice in one mapping", mark,
                                nil
                            )
                        ],
                        source, file)
                }
                renamed[mark] = key
            } catch let error as YamlError {
                throw YAMLSyntaxProblem.diagnostics(error, source: source, file: file)
            } catch {
                throw SpecDiagnostics([Diagnostic(.error, path: "", message: "not YAML: \(error)", file: file)])
            }
        }
        guard let first = documents.first else {
            throw SpecDiagnostics([
                Diagnostic(
                    .error, path: "", message: "the file holds no cluster: it is empty",
                    suggestion: "slipway create cluster NAME --cloud local --dry-run -o yaml prints one to begin with", file: file)
            ])
        }
        guard documents.count == 1 else {
            let mark = documents[1].mark.map { SourceMark(line: $0.line, column: $0.column) }
            throw Self.diagnostics(
                [
                    (
                        "the file holds \(documents.count) documents; one file describes one cluster", mark,
                        "put each cluster into a file of its own"
                    )
                ],
                source, file)
        }
        root = first
        renamedKeys = renamed
    }

    /// All documents that are not empty. The basic resolver leaves every scalar the text that it is: `no`, `1.20` and `0x10`
    /// mean what the field says that they mean.
    private static func documents(_ text: String) throws -> [Node] {
        let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
        var documents: [Node] = []
        while let node = try parser.nextRoot() {
            if let scalar = node.scalar, scalar.style == .plain, scalar.string.isEmpty { continue }
            documents.append(node)
        }
        return documents
    }

    private static func diagnostics(
        _ problems: [(message: String, mark: SourceMark?, suggestion: String?)], _ source: SpecText, _ file: String
    ) -> SpecDiagnostics {
        let locator = FindingLocator(file: file, lines: source.lines)
        return SpecDiagnostics(
            problems.map {
                locator.diagnostic(for: Finding(path: .root, mark: $0.mark, message: $0.message, suggestion: $0.suggestion))
            })
    }

    private static func lineStarts(_ scalars: [Unicode.Scalar]) -> [Int] {
        var starts = [0]
        for (index, scalar) in scalars.enumerated() where SpecText.isLineBreak(scalar) {
            if scalar == "\r", index + 1 < scalars.count, scalars[index + 1] == "\n" { continue }
            starts.append(index + 1)
        }
        return starts
    }

    /// Overwrites a key with as many private characters, so that every other place stays. False when the key is not written
    /// there plainly, as with an alias.
    private static func rename(
        _ key: String, at mark: SourceMark, in scalars: inout [Unicode.Scalar], starts: [Int], number: Int
    ) -> Bool {
        guard !key.isEmpty, starts.indices.contains(mark.line - 1), let filler = Unicode.Scalar(0xE000 + UInt32(number)) else {
            return false
        }
        var place = starts[mark.line - 1] + mark.column - 1
        if place < scalars.count, scalars[place] == "\"" || scalars[place] == "'" { place += 1 }
        let wanted = Array(key.unicodeScalars)
        guard place + wanted.count <= scalars.count, Array(scalars[place..<place + wanted.count]) == wanted else { return false }
        for index in place..<place + wanted.count { scalars[index] = filler }
        return true
    }
}
