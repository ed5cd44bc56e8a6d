/// What clusters, pools and zones may be called: their names become part of host names, links and labels.
enum SpecName {
    static let maximumLength = 40
    static let maximumZoneLength = 20
    /// What a host name may have.
    static let maximumMachineNameLength = 63
    /// Room for the ordinals that machines will have had one day.
    static let ordinalDigits = 5

    /// What is wrong with a name, nil when nothing is. `what`: as "a cluster's name".
    static func problem(_ name: String, what: String, maximum: Int = maximumLength) -> SpecTextProblem? {
        if name.isEmpty { return SpecTextProblem("\(what) is empty", "a name as 'demo'") }
        let length = name.unicodeScalars.count
        if length > maximum {
            return SpecTextProblem("\(TerminalText.quoted(name)) has \(length) characters", "\(what) has at most \(maximum)")
        }
        guard !isLabel(name) else { return nil }
        let repaired = repair(name)
        return SpecTextProblem(
            "\(TerminalText.quoted(name)) is not \(what): lower-case letters, digits and '-', beginning with a letter",
            isLabel(repaired) ? "did you mean '\(repaired)'?" : nil)
    }

    /// A DNS label (RFC 1035): as RFC 1123's, but beginning with a letter.
    static func isLabel(_ name: String) -> Bool {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard let first = name.utf8.first, let last = name.utf8.last, letters.contains(first), last != UInt8(ascii: "-") else {
            return false
        }
        return name.utf8.allSatisfy { letters.contains($0) || digits.contains($0) || $0 == UInt8(ascii: "-") }
    }

    private static func repair(_ name: String) -> String {
        let mapped = name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        var text = mapped[...].drop { !$0.isLetter }
        while text.last == "-" { text.removeLast() }
        return String(text)
    }
}

extension SpecRules {
    mutating func checkName(expectedName: String?) {
        error(.name, SpecName.problem(cluster.name, what: "a cluster's name"))
        if let expectedName, expectedName != cluster.name {
            error(
                .name,
                "the file is of the cluster \(TerminalText.quoted(cluster.name)), the command of \(TerminalText.quoted(expectedName))",
                "name the same cluster in both")
        }
    }

    /// Zones of the control plane or of a pool.
    mutating func checkZones(_ zones: [String], at path: FieldPath) {
        if zones.isEmpty {
            let example = spec.cloud.provider == .aws ? "us-east-1a" : SpecDefaults.zones.joined(separator: ", ")
            error(path, "no zone is named", "at least one, as [\(example)]")
        }
        var seen: Set<String> = []
        for (index, zone) in zones.enumerated() {
            if let aws = spec.cloud.aws {
                error(path.index(index), AWSRules.zoneProblem(zone, region: aws.region))
            } else {
                error(path.index(index), SpecName.problem(zone, what: "a zone's name", maximum: SpecName.maximumZoneLength))
            }
            if !seen.insert(zone).inserted {
                error(path.index(index), "the zone \(TerminalText.quoted(zone)) is named twice", "name each zone once")
            }
        }
    }

    /// A machine is called CLUSTER-POOL-ZONE-ORDINAL, with the last part of the zone's name.
    mutating func checkMachineNames(pool: String, zones: [String], at path: FieldPath) {
        // A longer name is reported already.
        guard cluster.name.count <= SpecName.maximumLength, pool.count <= SpecName.maximumLength else { return }
        let zone = zones.map { provider.shortZone($0).count }.max() ?? 0
        let length = cluster.name.count + pool.count + zone + SpecName.ordinalDigits + 3
        if length > SpecName.maximumMachineNameLength {
            error(
                path, "names of machines of \(TerminalText.quoted(pool)) would have up to \(length) characters",
                "cluster and pool names that leave them at most \(SpecName.maximumMachineNameLength)", related: [.name])
        }
    }

    mutating func checkInstanceType(_ type: String, at path: FieldPath) {
        let names = provider.instanceTypes.map(\.name)
        if names.isEmpty {
            // Only the cloud knows which there are; it is asked before anything is made.
            error(path, AWSRules.instanceTypeProblem(type))
            return
        }
        guard !names.contains(type) else { return }
        let suggestion =
            Suggestion.nearest(to: type, among: names).map { "did you mean '\($0)'?" }
            ?? "the cloud offers \(names.joined(separator: ", "))"
        error(path, "unknown instance type \(TerminalText.quoted(type))", suggestion, related: [.provider])
    }
}
