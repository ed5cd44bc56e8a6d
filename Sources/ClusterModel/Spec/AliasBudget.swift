/// Bounds what aliases can blow a document up to, before any parser follows them.
///
/// The text is scanned for everything that could be an anchor or an alias, in comments and strings too, so the estimate is
/// never below the truth: a document grows at most by the product over its anchors of one plus the number of their uses.
enum AliasBudget {
    static let maximumAliases = 100
    /// Bytes that the document may have once its aliases are written out.
    static let maximumExpandedBytes = 4.0 * 1024 * 1024

    static func problems(_ bytes: [UInt8], lines: [String], file: String) -> [Diagnostic] {
        var uses: [ArraySlice<UInt8>: Int] = [:]
        var total = 0
        var factor = 1.0
        var line = 1
        var lineStart = 0
        var firstAlias: SourceMark?
        var place = 0
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\n") {
                line += 1
                lineStart = place
            }
            guard byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*") else { continue }
            let end = bytes[place...].firstIndex { !isNameByte($0) } ?? bytes.count
            guard end > place else { continue }
            let name = bytes[place..<end]
            if byte == UInt8(ascii: "&") {
                factor *= Double(1 + (uses[name] ?? 0))
                uses[name] = 0
            } else if let count = uses[name] {
                uses[name] = count + 1
                total += 1
                firstAlias = firstAlias ?? SourceMark(line: line, column: place - lineStart)
            }
            place = end
        }
        factor = uses.values.reduce(factor) { $0 * Double(1 + $1) }

        let problem: String
        if total > maximumAliases {
            problem = "the document uses \(total) aliases; at most \(maximumAliases) are followed"
        } else if factor > 1, factor * Double(bytes.count) > maximumExpandedBytes {
            problem = "the document's aliases could blow it up to more than 4 MiB"
        } else {
            return []
        }
        var diagnostic = Diagnostic(.error, path: "", message: problem, suggestion: "write the values out", file: file)
        if let firstAlias {
            diagnostic.line = firstAlias.line
            diagnostic.column = firstAlias.column
            if lines.indices.contains(firstAlias.line - 1) { diagnostic.sourceLine = lines[firstAlias.line - 1] }
        }
        return [diagnostic]
    }

    /// The bytes that libyaml takes for part of an anchor's name.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
