/// Rules for clusters on AWS.
enum AWSRules {
    /// What an EBS volume of type gp3 can have, and a root volume needs at least.
    static let volumeSizes = 8...16_384

    static func zoneProblem(_ zone: String, region: String) -> SpecTextProblem? {
        guard let own = AWSZone.region(of: zone) else {
            return SpecTextProblem("\(TerminalText.quoted(zone)) is no availability zone's name", "as us-east-1a")
        }
        guard AWSZone.isRegion(region), own != region else { return nil }
        return SpecTextProblem("the zone \(TerminalText.quoted(zone)) is not in the region \(region)", "zones of one region")
    }

    static func instanceTypeProblem(_ type: String) -> SpecTextProblem? {
        let parts = type.split(separator: ".", omittingEmptySubsequences: false)
        let isName =
            parts.count == 2
            && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") } }
        return isName ? nil : SpecTextProblem("\(TerminalText.quoted(type)) is no instance type's name", "as t3.medium")
    }
}

extension SpecRules {
    mutating func checkAWS() {
        guard let aws = spec.cloud.aws else { return }
        // Without a region of its own it follows from the zones; what is wrong with these is reported where they are written.
        let followsFromZones = spec.controlPlane.zones.first.flatMap { AWSZone.region(of: $0) } != nil
        if isWritten(.awsRegion) || followsFromZones, !AWSZone.isRegion(aws.region) {
            error(.awsRegion, "\(TerminalText.quoted(aws.region)) is no region's name", "as us-east-1", related: [.controlPlaneZones])
        }
        if !AWSRules.volumeSizes.contains(aws.volumeSize) {
            error(
                .volumeSize, "a root volume of \(aws.volumeSize) GiB is out of range",
                "\(AWSRules.volumeSizes.lowerBound) to \(AWSRules.volumeSizes.upperBound)")
        }
        checkTopology(aws)
        checkRecord(aws)
        checkRequiredAccess()
    }

    /// Machines on AWS are on a network that others are on, too: nobody is let in who was not named.
    private mutating func checkRequiredAccess() {
        for (path, ranges, what) in [
            (FieldPath.accessAPI, spec.access.api, "the API"), (.accessSSH, spec.access.ssh, "the machines over SSH"),
        ]
        where ranges.isEmpty {
            error(
                isWritten(path) ? path : .access, "nobody may reach \(what): on AWS 'access' has to say who",
                "the range you come from, as 203.0.113.7/32; --access on the command line", related: [.access])
        }
        let count = spec.access.api.count + spec.access.ssh.count + 2
        if count > 50 {
            error(.access, "\(count) ranges are more than a security group holds rules for", "fewer, wider ranges")
        }
    }
}

extension Cluster {
    /// Fields of `access` that let everybody in, on a cloud where that is so.
    public var fieldsOpenToWorld: [String] {
        guard spec.cloud.provider == .aws else { return [] }
        return [(FieldPath.accessAPI, spec.access.api), (.accessSSH, spec.access.ssh)].filter { $0.1.contains { $0.prefix == 0 } }
            .map { "\($0.0)" }
    }
}
