/// A place in a text, both from 1; columns count Unicode scalars.
struct SourceMark: Hashable, Comparable, Sendable {
    var line: Int
    var column: Int

    static func < (left: Self, right: Self) -> Bool { (left.line, left.column) < (right.line, right.column) }
}

/// What a rule found, before it is known where its path stands in a file.
struct Finding {
    var severity = Diagnostic.Severity.error
    var path: FieldPath
    /// The exact place, when the path's own is not the one.
    var mark: SourceMark?
    var message: String
    var suggestion: String?
    /// Other fields that the finding is about. It is dropped when one of them could not be read, as it would then be about a stand-in.
    var related: [FieldPath] = []
    /// The fault is the key's, not the value's.
    var isAboutKey = false
    /// The line may hold a secret and must not be shown.
    var hidesSource = false
}

/// Where the fields of a spec were written.
struct FindingLocator {
    struct Marks {
        var key: SourceMark?
        var value: SourceMark?
    }

    var file: String?
    var lines: [String] = []
    var marks: [FieldPath: Marks] = [:]
    var flags: [FieldPath: String] = [:]

    /// Nothing is known: the spec is a value that came from neither file nor flags.
    static let unknown = FindingLocator()

    /// True when the user gave this field, or when that cannot be known. False for defaults.
    func isWritten(_ path: FieldPath) -> Bool {
        file == nil && flags.isEmpty || marks[path] != nil || flags[path] != nil
    }

    func diagnostic(for finding: Finding) -> Diagnostic {
        var diagnostic = Diagnostic(
            finding.severity, path: finding.path.description, message: finding.message, suggestion: finding.suggestion, file: file)
        if let mark = finding.mark ?? (finding.isAboutKey ? marks[finding.path]?.key : nil) ?? mark(for: finding.path) {
            diagnostic.line = mark.line
            diagnostic.column = mark.column
            if !finding.hidesSource, lines.indices.contains(mark.line - 1) { diagnostic.sourceLine = lines[mark.line - 1] }
        }
        diagnostic.flag = flag(for: finding.path)
        return diagnostic
    }

    /// The value's place, or the key of the nearest field around it that was written.
    private func mark(for path: FieldPath) -> SourceMark? {
        if let own = marks[path] { return own.value ?? own.key }
        var next = path.parent
        while let place = next {
            if let around = marks[place] { return around.key ?? around.value }
            next = place.parent
        }
        return nil
    }

    private func flag(for path: FieldPath) -> String? {
        var next: FieldPath? = path
        while let place = next {
            if let flag = flags[place] { return flag }
            next = place.parent
        }
        return nil
    }
}
