/// Rules for the record of Route 53 that leads to the API.
extension SpecRules {
    mutating func checkRecord(_ aws: AWSCloudSpec) {
        if let name = aws.dnsName {
            error(.dnsName, Self.recordNameProblem(name))
        } else if aws.hostedZone != nil {
            error(.hostedZone, "there is no record to put into this zone", "dnsName: a name in it, as api.demo.example.com")
        }
        guard let zone = aws.hostedZone else { return }
        let isID =
            zone.utf8.count > 1 && zone.utf8.count <= 32 && zone.hasPrefix("Z")
            && zone.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber) }
        if !isID {
            error(.hostedZone, "\(TerminalText.quoted(zone)) is no hosted zone's id", "as Z0123456789ABCDEFGHIJ, or leave it out")
        }
    }

    private static func recordNameProblem(_ name: String) -> SpecTextProblem? {
        // The text that says whose it is has a label more.
        let fits = name.utf8.count + AWSNetworkDesign.ownerLabel.utf8.count + 1 <= 253
        let plain = name.lowercased().split(separator: ".").joined(separator: ".")
        guard fits, plain.contains("."), HostName.isDNSName(plain) else {
            return SpecTextProblem("\(TerminalText.quoted(name)) is no DNS name in a zone", "as api.demo.example.com")
        }
        return plain == name
            ? nil : SpecTextProblem("\(TerminalText.quoted(name)) is not how Slipway writes a DNS name", "did you mean '\(plain)'?")
    }
}
