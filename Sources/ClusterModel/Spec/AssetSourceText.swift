/// Where Kubernetes' binaries come from: the official release, or a mirror that is a directory or a URL.
enum AssetSourceText {
    /// True for URLs that carry a password.
    static func mayHoldSecret(_ source: String) -> Bool {
        guard let scheme = source.firstRange(of: "://") else { return false }
        return source[scheme.upperBound...].prefix { $0 != "/" }.contains("@")
    }

    /// What is wrong with a source; nil when nothing is.
    static func problem(_ source: String) -> SpecTextProblem? {
        let choices = "'official', an absolute directory or an https URL"
        if source == AssetsSpec.official { return nil }
        if source.isEmpty { return SpecTextProblem("the source of assets is empty", choices) }
        if source.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return SpecTextProblem("\(TerminalText.quoted(source)) holds control characters", choices)
        }
        if mayHoldSecret(source) {
            return SpecTextProblem("the URL carries a user or a password, and a spec is no place for secrets", "the URL without them")
        }
        for scheme in ["https://", "http://"] where source.lowercased().hasPrefix(scheme) {
            let rest = source.dropFirst(scheme.count)
            let host = rest.prefix { $0 != "/" }
            if host.isEmpty || source.contains(" ") {
                return SpecTextProblem("\(TerminalText.quoted(source)) is not a URL", "as https://mirror.example.com/kubernetes")
            }
            return nil
        }
        if source.hasPrefix("/") { return nil }
        if source.hasPrefix("file://") {
            return SpecTextProblem(
                "\(TerminalText.quoted(source)) is no URL of a server", "the directory: \(TerminalText.clean(source.dropFirst(7)))")
        }
        if let near = Suggestion.nearest(to: source, among: [AssetsSpec.official]) {
            return SpecTextProblem("\(TerminalText.quoted(source)) is not a source of assets", "did you mean '\(near)'?")
        }
        return SpecTextProblem("\(TerminalText.quoted(source)) is neither 'official' nor an absolute directory nor a URL", choices)
    }
}
