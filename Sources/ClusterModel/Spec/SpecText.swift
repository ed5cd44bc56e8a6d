/// The text of a spec file, checked for what a parser should not be asked to read at all.
struct SpecText {
    /// No spec comes near; a bigger file is another file.
    static let maximumBytes = 1 << 20

    let text: String
    /// Split where YAML 1.1 sees line breaks, so that its line numbers are ours.
    let lines: [String]

    /// Throws every reason not to parse the bytes.
    init(_ bytes: [UInt8], file: String) throws(SpecDiagnostics) {
        guard bytes.count <= Self.maximumBytes else {
            throw SpecDiagnostics([
                Diagnostic(
                    .error, path: "", message: "the file has \(bytes.count) bytes; a spec has at most 1 MiB",
                    suggestion: "one file describes one cluster", file: file)
            ])
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        guard let text = String(validating: body, as: UTF8.self) else { throw Self.notUTF8(body, file: file) }
        let lines = Self.lines(of: text)
        let problems = Self.controlCharacters(lines, file: file) + AliasBudget.problems(body, lines: lines, file: file)
        guard problems.isEmpty else { throw SpecDiagnostics(problems) }
        self.text = text
        self.lines = lines
    }

    static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    static func lines(of text: String) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            if scalar == "\n", previous == "\r" { continue }
            if isLineBreak(scalar) {
                lines.append(String(line))
                line = String.UnicodeScalarView()
            } else {
                line.append(scalar)
            }
        }
        return lines + [String(line)]
    }

    private static func notUTF8(_ bytes: [UInt8], file: String) -> SpecDiagnostics {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return SpecDiagnostics([
                Diagnostic(
                    .error, path: "", message: "the file is written in UTF-16", suggestion: "save it as UTF-8", file: file, line: 1,
                    column: 1)
            ])
        }
        var valid = String.UnicodeScalarView()
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { valid.append(scalar) }
        let before = lines(of: String(valid))
        let last = before.last ?? ""
        return SpecDiagnostics([
            Diagnostic(
                .error, path: "", message: "the file is not UTF-8 text: a byte here belongs to no character",
                suggestion: "save it as UTF-8",
                file: file, line: before.count, column: last.unicodeScalars.count + 1, sourceLine: last)
        ])
    }

    /// What YAML does not allow anywhere in a text. The first of each line.
    private static func controlCharacters(_ lines: [String], file: String) -> [Diagnostic] {
        lines.enumerated().compactMap { index, line in
            let scalars = line.unicodeScalars
            guard let place = scalars.firstIndex(where: { !isAllowed($0) }) else { return nil }
            let column = scalars.distance(from: scalars.startIndex, to: place) + 1
            let number = String(scalars[place].value, radix: 16, uppercase: true)
            let code = "U+" + String(repeating: "0", count: max(0, 4 - number.count)) + number
            return Diagnostic(
                .error, path: "", message: "the character \(code) is not allowed in YAML", suggestion: "remove it", file: file,
                line: index + 1, column: column, sourceLine: line)
        }
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
