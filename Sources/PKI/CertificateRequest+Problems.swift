import ClusterModel

extension CertificateRequest {
    /// Why this must not be signed as it is: empty when it may be.
    ///
    /// Names are checked here because a certificate says what a peer will believe: a name with a newline, a NUL or a
    /// comma in it reads differently in different programs.
    var problems: [String] {
        var problems: [String] = []
        if let problem = SubjectRules.problem(inName: commonName) {
            problems.append("the common name '\(printable(commonName))' \(problem)")
        }
        for organization in organizations {
            if let problem = SubjectRules.problem(inName: organization) {
                problems.append("the organization '\(printable(organization))' \(problem)")
            }
        }
        for name in dnsNames {
            if let problem = SubjectRules.problem(inDNSName: name) {
                problems.append("the DNS name '\(printable(name))' \(problem)")
            }
        }
        // No usage at all would mean every usage.
        if usages.isEmpty { problems.append("it names no usage") }
        if usages.contains(.server), dnsNames.isEmpty, addresses.isEmpty {
            problems.append("a server certificate needs a DNS name or an address: clients do not look at its common name")
        }
        return problems
    }
}

/// What may stand in a certificate's names.
enum SubjectRules {
    /// What is wrong with a common name or organization, nil when nothing is.
    ///
    /// X.520 ends a common name at 64 characters; node names may be 63 long and carry a prefix, and Go and OpenSSL read
    /// longer ones, so the limit here only keeps out nonsense.
    static func problem(inName name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.utf8.count > 256 { return "is longer than 256 bytes" }
        if name.unicodeScalars.contains(where: { $0.properties.generalCategory.isInvisible }) { return "holds control characters" }
        return nil
    }

    /// What is wrong with a DNS name, nil when nothing is. Letters, digits and hyphens in labels of 1 to 63 (RFC 1123);
    /// no wildcards, for nothing here needs them.
    static func problem(inDNSName name: String) -> String? {
        if name.isEmpty { return "is empty" }
        if name.utf8.count > 253 { return "is longer than 253 bytes" }
        if IPv4Address(name) != nil { return "is an address, not a name" }
        for label in name.split(separator: ".", omittingEmptySubsequences: false) {
            if label.isEmpty { return "has an empty label" }
            if label.utf8.count > 63 { return "has a label longer than 63 bytes" }
            if label.hasPrefix("-") || label.hasSuffix("-") { return "has a label that begins or ends with a hyphen" }
            guard label.unicodeScalars.allSatisfy({ $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-") })
            else { return "holds something else than letters, digits, hyphens and dots" }
        }
        return nil
    }
}

extension Unicode.GeneralCategory {
    /// Control characters, line separators, and marks that change the order of what is read.
    var isInvisible: Bool { [.control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned].contains(self) }
}

/// Foreign text for an error message: shortened, and nothing in it that could move a cursor or begin a new line.
func printable(_ text: String) -> String {
    let shown = text.unicodeScalars.prefix(80).map { $0.properties.generalCategory.isInvisible ? "?" : String($0) }.joined()
    return text.unicodeScalars.count > 80 ? shown + "..." : shown
}
