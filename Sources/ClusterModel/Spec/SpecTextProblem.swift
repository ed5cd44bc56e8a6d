/// What is wrong with a text that should have been a value, and what was probably meant.
struct SpecTextProblem: Sendable {
    var message: String
    var suggestion: String?

    init(_ message: String, _ suggestion: String? = nil) {
        self.message = message
        self.suggestion = suggestion
    }

    static func range(_ text: String) -> SpecTextProblem {
        let quoted = TerminalText.quoted(text)
        if text.contains(":") { return SpecTextProblem("\(quoted) is not an IPv4 range; IPv6 is not supported yet", "as 10.0.0.0/8") }
        if let address = IPv4Address(text.trimmingSpaces) {
            return SpecTextProblem("\(quoted) is an address without a prefix length", "did you mean \(address)/32?")
        }
        let parts = text.trimmingSpaces.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let address = IPv4Address(parts[0]), !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (48...57).contains($0) }) {
            guard let prefix = Int(parts[1]), prefix <= 32 else {
                return SpecTextProblem("\(quoted) has a prefix longer than an address", "0 to 32, as in \(address)/32")
            }
            let base = IPv4Address(rawValue: address.rawValue & IPv4CIDR.mask(prefix))
            if base != address {
                return SpecTextProblem("\(quoted) has bits set beyond its prefix", "did you mean \(base)/\(prefix)?")
            }
            return SpecTextProblem("\(quoted) is not a range", "did you mean \(base)/\(prefix)?")
        }
        return SpecTextProblem("\(quoted) is not a range of IPv4 addresses", "as 10.0.0.0/8")
    }

    static func version(_ text: String) -> SpecTextProblem {
        let quoted = TerminalText.quoted(text)
        let example = SupportedVersions.example
        let parts = (text.hasPrefix("v") ? text.dropFirst() : text[...]).split(separator: ".", omittingEmptySubsequences: false)
        let isNumeric = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) } }
        if isNumeric, parts.count == 2 {
            return SpecTextProblem(
                "\(quoted) names a minor release only (and to YAML it is a number: 1.20 would be 1.2)",
                "write the patch release, as \(example)")
        }
        if ["latest", "stable", "newest", "default"].contains(text.lowercased()) {
            return SpecTextProblem("\(quoted) is not a release", "leave the field out for the newest release, or write \(example)")
        }
        if text.contains("-") || text.contains("+") {
            return SpecTextProblem("\(quoted) is not a plain release; pre-releases and builds are not supported", "as \(example)")
        }
        return SpecTextProblem("\(quoted) is not a Kubernetes release", "three numbers, as \(example)")
    }

    static func duration(_ text: String) -> SpecTextProblem {
        let quoted = TerminalText.quoted(text)
        if let number = Int(text), number >= 0 { return SpecTextProblem("\(quoted) has no unit", "did you mean \(number)m or \(number)s?") }
        return SpecTextProblem("\(quoted) is not a duration", "as 15m, 90s or 1h30m")
    }

    static func countOrPercent(_ text: String) -> SpecTextProblem {
        let quoted = TerminalText.quoted(text)
        let isPercent = text.hasSuffix("%")
        if let number = Int(isPercent ? String(text.dropLast()) : text) {
            return SpecTextProblem(
                "\(quoted) is out of range", isPercent ? "0% to 100%" : number < 0 ? "0 or more" : "digits only, as \(number)")
        }
        return SpecTextProblem("\(quoted) is neither a number of machines nor a percentage", "as 1 or 10%")
    }

    static func provider(_ text: String) -> SpecTextProblem {
        let known = CloudProvider.offered.map(\.rawValue)
        let quoted = TerminalText.quoted(text)
        if let near = Suggestion.nearest(to: text, among: known) {
            return SpecTextProblem("unknown cloud \(quoted)", "did you mean '\(near)'?")
        }
        return SpecTextProblem("the cloud \(quoted) is not supported", "supported: \(known.joined(separator: ", "))")
    }

    static func image(_ text: String) -> SpecTextProblem {
        SpecTextProblem(
            "\(TerminalText.quoted(text)) names no image", "ami-ID, ssm:PARAMETER, or OWNER/NAME as 136693071363/debian-12-amd64-*")
    }

    static func vpcID(_ text: String) -> SpecTextProblem {
        SpecTextProblem("\(TerminalText.quoted(text)) is no id of a VPC", "as vpc-0123456789abcdef0")
    }

    static func apiExposure(_ text: String) -> SpecTextProblem {
        choice("exposure of the API", text, AWSAPIExposure.allCases.map(\.rawValue))
    }

    static func topology(_ text: String) -> SpecTextProblem {
        choice("topology", text, AWSTopology.allCases.map(\.rawValue))
    }

    static func natGateways(_ text: String) -> SpecTextProblem {
        choice("number of NAT gateways", text, AWSNATGateways.allCases.map(\.rawValue))
    }

    static func updateStrategy(_ text: String) -> SpecTextProblem {
        choice("update strategy", text, UpdateStrategy.allCases.map(\.rawValue))
    }

    static func taintEffect(_ text: String) -> SpecTextProblem {
        choice("taint effect", text, Taint.Effect.allCases.map(\.rawValue))
    }

    private static func choice(_ what: String, _ text: String, _ known: [String]) -> SpecTextProblem {
        let quoted = TerminalText.quoted(text)
        if let near = Suggestion.nearest(to: text, among: known) {
            return SpecTextProblem("unknown \(what) \(quoted)", "did you mean '\(near)'?")
        }
        return SpecTextProblem("unknown \(what) \(quoted)", Suggestion.choice(known))
    }
}
