/// Makes a cluster of a draft: fills the defaults in, checks the rules, and puts everything found into the file's order.
struct SpecAssembly {
    var draft: ClusterDraft
    var findings: [Finding]
    var unreadable: [FieldPath]
    var locator: FindingLocator

    func result(expectedName: String?, instanceTypes: [InstanceType]?) -> Result<ReadSpec, SpecDiagnostics> {
        let cluster = SpecDefaults.fill(draft)
        var rules = SpecRules(cluster, instanceTypes: instanceTypes, isWritten: locator.isWritten)
        rules.checkAll(expectedName: expectedName)
        let found = findings + rules.findings.filter { isAboutWhatWasRead($0) }
        let diagnostics = Self.sorted(found, locator)
        return diagnostics.contains { $0.severity == .error }
            ? .failure(SpecDiagnostics(diagnostics)) : .success(ReadSpec(cluster: cluster, warnings: diagnostics))
    }

    /// False for a finding that concerns a stand-in: what the user wrote there is reported already.
    private func isAboutWhatWasRead(_ finding: Finding) -> Bool {
        !([finding.path] + finding.related).contains { path in unreadable.contains { $0.isRelated(to: path) } }
    }

    /// By place, those without one last; the same thing at the same place once.
    private static func sorted(_ findings: [Finding], _ locator: FindingLocator) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        var seen: Set<String> = []
        for diagnostic in findings.map(locator.diagnostic) {
            let place = diagnostic.line == nil && diagnostic.flag == nil ? diagnostic.path : diagnostic.place
            if seen.insert("\(place)\n\(diagnostic.message)").inserted { diagnostics.append(diagnostic) }
        }
        func key(_ diagnostic: Diagnostic) -> SourceMark {
            SourceMark(line: diagnostic.line ?? .max, column: diagnostic.column ?? .max)
        }
        return diagnostics.enumerated().sorted { left, right in
            (key(left.element), left.offset) < (key(right.element), right.offset)
        }.map(\.element)
    }
}
