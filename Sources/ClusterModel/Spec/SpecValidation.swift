/// Checks a spec that is a value already, as one from the state or one changed by `set`. Files and flags are checked by
/// `SpecDecoder` and `SpecFlags`, with places.
public enum SpecValidation {
    /// Everything that is wrong or doubtful, by path, in the order of the spec's fields.
    /// - Parameter instanceTypes: the sizes that the cloud offers; nil for those that Slipway knows by itself.
    public static func diagnostics(for cluster: Cluster, instanceTypes: [InstanceType]? = nil) -> [Diagnostic] {
        var rules = SpecRules(cluster, instanceTypes: instanceTypes, isWritten: { _ in true })
        rules.checkAll(expectedName: nil)
        return rules.findings.map(FindingLocator.unknown.diagnostic)
    }

    /// The same as an error of the program (`.invalidSpec`). Gives the warnings back when there is no error.
    @discardableResult
    public static func check(_ cluster: Cluster, instanceTypes: [InstanceType]? = nil) throws -> [Diagnostic] {
        let diagnostics = diagnostics(for: cluster, instanceTypes: instanceTypes)
        guard diagnostics.contains(where: { $0.severity == .error }) else { return diagnostics }
        var error = SpecDiagnostics(diagnostics).slipwayError(doing: "checking the spec of \(TerminalText.clean(cluster.name))")
        error.address = Address(.cluster, TerminalText.clean(cluster.name))
        throw error
    }
}
