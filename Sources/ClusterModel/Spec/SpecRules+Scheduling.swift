/// Rules for labels and taints.
extension SpecRules {
    mutating func checkLabels(_ labels: [String: String], at path: FieldPath) {
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            let place = path.key(key)
            error(place, KubernetesName.keyProblem(key, what: "a label's key"), isAboutKey: true)
            error(place, KubernetesName.valueProblem(value, what: "a label's value"))
            if KubernetesName.isReservedLabel(key) {
                let problem = SpecTextProblem(
                    "the label \(TerminalText.quoted(key)) is set by Kubernetes or Slipway", "a prefix of your own, as example.com/")
                error(place, problem, isAboutKey: true)
            }
        }
    }

    mutating func checkTaints(_ taints: [Taint], at path: FieldPath) {
        var seen: Set<String> = []
        for (index, taint) in taints.enumerated() {
            let place = path.index(index)
            let keyPath = place.field("key")
            error(keyPath, KubernetesName.keyProblem(taint.key, what: "a taint's key"))
            if let value = taint.value { error(place.field("value"), KubernetesName.valueProblem(value, what: "a taint's value")) }
            if KubernetesName.isReservedTaint(taint.key) {
                error(
                    keyPath, "the taint \(TerminalText.quoted(taint.key)) is set by Kubernetes or Slipway",
                    "a prefix of your own, as example.com/")
            }
            if !seen.insert("\(taint.key):\(taint.effect.rawValue)").inserted {
                error(
                    keyPath, "the taint \(TerminalText.quoted(taint.key)) with the effect \(taint.effect.rawValue) is given twice",
                    "keep one of them", related: [place.field("effect")])
            }
        }
    }
}

/// Names as Kubernetes defines them (`k8s.io/apimachinery/pkg/util/validation`).
enum KubernetesName {
    static let maximumLength = 63
    static let maximumPrefixLength = 253

    /// A qualified name: a name, perhaps with a DNS subdomain and a slash before it.
    static func keyProblem(_ key: String, what: String) -> SpecTextProblem? {
        let quoted = TerminalText.quoted(key)
        let parts = key.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, !key.isEmpty else { return SpecTextProblem("\(what) is empty", "as 'tier' or 'example.com/tier'") }
        if parts.count > 2 { return SpecTextProblem("\(quoted) is not \(what): it has more than one '/'", "as 'example.com/tier'") }
        if parts.count == 2, !isSubdomain(parts[0]) {
            return SpecTextProblem("\(quoted) is not \(what): before the '/' stands a domain in lower case", "as 'example.com/tier'")
        }
        if name.utf8.count > maximumLength {
            return SpecTextProblem("\(quoted) has \(name.utf8.count) characters after its prefix", "at most \(maximumLength)")
        }
        if !isName(name) {
            return SpecTextProblem(
                "\(quoted) is not \(what): letters, digits, '-', '_' and '.', with a letter or digit at both ends",
                "as 'tier' or 'example.com/tier'")
        }
        return nil
    }

    static func valueProblem(_ value: String, what: String) -> SpecTextProblem? {
        if value.isEmpty { return nil }
        if value.utf8.count > maximumLength {
            return SpecTextProblem(
                "\(TerminalText.quoted(value)) has \(value.utf8.count) characters", "\(what) has at most \(maximumLength)")
        }
        guard !isName(value[...]) else { return nil }
        return SpecTextProblem(
            "\(TerminalText.quoted(value)) is not \(what): letters, digits, '-', '_' and '.', with a letter or digit at both ends")
    }

    private static let prefixesOfNodes = ["node-role.kubernetes.io/", "node.kubernetes.io/", "kubelet.kubernetes.io/"]
    private static let setBySlipway = [
        "node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master", "node.kubernetes.io/instance-type",
    ]

    /// Users may give nodes roles and the labels that Kubernetes leaves to nodes, but nothing else under its domains or ours.
    static func isReservedLabel(_ key: String) -> Bool {
        guard isUnderReservedDomain(key) else { return false }
        return setBySlipway.contains(key) || !prefixesOfNodes.contains { key.hasPrefix($0) }
    }

    /// Kubernetes' node controllers add and lift taints under `node.kubernetes.io`; roles are free.
    static func isReservedTaint(_ key: String) -> Bool {
        guard isUnderReservedDomain(key) else { return false }
        return setBySlipway.contains(key) || !key.hasPrefix("node-role.kubernetes.io/")
    }

    private static func isUnderReservedDomain(_ key: String) -> Bool {
        guard let slash = key.firstIndex(of: "/") else { return false }
        let domain = key[..<slash]
        return ["kubernetes.io", "k8s.io", "slipway.dev"].contains { domain == $0 || domain.hasSuffix(".\($0)") }
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, isAlphanumeric(first), isAlphanumeric(last) else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains($0) }
    }

    private static func isSubdomain(_ text: Substring) -> Bool {
        guard text.utf8.count <= maximumPrefixLength else { return false }
        return text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.utf8.first, let last = part.utf8.last, first != UInt8(ascii: "-"), last != UInt8(ascii: "-") else {
                return false
            }
            return part.utf8.allSatisfy { isAlphanumeric($0) && !(65...90).contains($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: false
        }
    }
}
