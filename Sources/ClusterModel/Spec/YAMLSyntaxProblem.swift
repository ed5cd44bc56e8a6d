import Yams

/// What the YAML parser could not read, said so that it can be found and mended.
enum YAMLSyntaxProblem {
    static func diagnostics(_ error: YamlError, source: SpecText, file: String) -> SpecDiagnostics {
        let tabs = tabDiagnostics(source, file: file)
        guard tabs.isEmpty else { return SpecDiagnostics(tabs) }
        var message: String
        var mark: SourceMark?
        switch error {
        case .scanner(let context, let problem, let place, _), .parser(let context, let problem, let place, _),
            .composer(let context, let problem, let place, _):
            message = "not YAML: \(problem)"
            mark = SourceMark(line: place.line, column: place.column)
            if let context {
                message += ", \(context.text)"
                // Without an end the parser runs to the end of the file; what matters is where it began.
                if problem.contains("unexpected end of stream") {
                    mark = SourceMark(line: context.mark.line, column: context.mark.column)
                } else {
                    message += " from line \(context.mark.line)"
                }
            }
        case .reader(let problem, _, _, _): message = "not YAML: \(problem)"
        default: message = "not YAML: \(error)"
        }
        if let place = mark, place.line > source.lines.count {
            mark = SourceMark(line: source.lines.count, column: (source.lines.last?.unicodeScalars.count ?? 0) + 1)
        }
        let locator = FindingLocator(file: file, lines: source.lines)
        return SpecDiagnostics([
            locator.diagnostic(for: Finding(path: .root, mark: mark, message: message, suggestion: suggestion(for: message)))
        ])
    }

    private static func suggestion(for message: String) -> String? {
        let table = [
            ("mapping values are not allowed", "put the value in quotes if it holds ': ', or check the indentation"),
            ("did not find expected key", "keys of one mapping begin in the same column"),
            ("could not find expected ':'", "a key is followed by ': ' and its value"),
            ("did not find expected '-' indicator", "items of one list begin with '- ' in the same column"),
            ("did not find expected ',' or ']'", "close the list with ']'"),
            ("did not find expected ',' or '}'", "close the mapping with '}'"),
            ("cannot start any token", "put the value in quotes"),
            ("unexpected end of stream", "close the quotes"),
            ("undefined alias", "a value that begins with '*' needs quotes"),
            ("alphabetic or numeric character", "a value that begins with '*' or '&' needs quotes"),
            ("Maximum nesting", "a spec needs no more than six levels"),
        ]
        return table.first { message.contains($0.0) }?.1
    }

    /// Lines that a tab indents: nearly always the reason why a text is not YAML.
    private static func tabDiagnostics(_ source: SpecText, file: String) -> [Diagnostic] {
        source.lines.enumerated().compactMap { index, line in
            let indentation = line.prefix { $0 == " " || $0 == "\t" }
            guard let tab = indentation.firstIndex(of: "\t"), indentation.endIndex < line.endIndex else { return nil }
            return Diagnostic(
                .error, path: "", message: "a tab cannot indent YAML", suggestion: "use spaces", file: file, line: index + 1,
                column: line.distance(from: line.startIndex, to: tab) + 1, sourceLine: line)
        }
    }
}
