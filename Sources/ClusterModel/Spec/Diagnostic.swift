/// One thing that is wrong with a spec, or doubtful about it, and where.
public struct Diagnostic: Codable, Sendable, Equatable {
    public enum Severity: String, Codable, Sendable {
        case error, warning
    }

    public var severity: Severity
    /// The file it was read from, nil when the spec came from flags or from the state.
    public var file: String?
    /// From 1. Nil when the place is not known.
    public var line: Int?
    /// From 1, in Unicode scalars.
    public var column: Int?
    /// The command line's flag that gave the value, nil when it came from elsewhere.
    public var flag: String?
    /// The field, as `spec.pools[0].count`. Empty for the document as a whole.
    public var path: String
    public var message: String
    /// The whole offending line. Nil when there is none, or when it may hold a secret.
    public var sourceLine: String?
    /// What would be right.
    public var suggestion: String?

    public init(
        _ severity: Severity, path: String, message: String, suggestion: String? = nil, file: String? = nil, line: Int? = nil,
        column: Int? = nil, flag: String? = nil, sourceLine: String? = nil
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.flag = flag
        self.path = path
        self.message = message
        self.sourceLine = sourceLine
        self.suggestion = suggestion
    }
}

/// Everything that was found about one spec, in the order of the file. Holds at least one error when it is thrown.
public struct SpecDiagnostics: Error, Sendable, Equatable {
    public var diagnostics: [Diagnostic]

    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

    public var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
    public var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }
}

extension SpecDiagnostics {
    /// The same as the error that the program ends with (`.invalidSpec`). Every diagnostic is in its log.
    /// - Parameter doing: as "reading demo.yaml".
    public func slipwayError(doing: String) -> SlipwayError {
        let errors = errors
        let cause: String
        switch errors.count {
        case 0: cause = "the spec is invalid"
        case 1: cause = errors[0].located
        default: cause = "\(errors.count) errors, the first: \(errors[0].located)"
        }
        return SlipwayError(
            .invalidSpec, doing: doing, cause: cause, hint: errors.count == 1 ? errors[0].suggestion : nil,
            log: diagnostics.flatMap { $0.render().split(separator: "\n", omittingEmptySubsequences: false).map(String.init) })
    }
}

extension SpecDiagnostics: CustomStringConvertible {
    public var description: String { render() }
}

extension Diagnostic: CustomStringConvertible {
    public var description: String { located }

    /// Place and message in one line, without severity.
    var located: String { place.isEmpty ? message : "\(place): \(message)" }
}
