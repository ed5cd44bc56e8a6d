/// What differs from cloud to cloud in the rules of a spec. One file, so that a new cloud has one place to go.
struct ProviderRules {
    let provider: CloudProvider
    /// The sizes that machines can have.
    let instanceTypes: [InstanceType]

    init(_ provider: CloudProvider, instanceTypes: [InstanceType]?) {
        self.provider = provider
        self.instanceTypes = instanceTypes ?? InstanceType.known(provider)
    }

    /// What the user should know of ranges in `access`; nil when the cloud opens exactly these.
    var accessNote: String? {
        switch provider {
        case .aws: nil
        case .local: "local machines are reached from this host only: the ranges open nothing"
        case .simulated: "simulated machines are reached by nobody: the ranges open nothing"
        }
    }

    /// The part of a zone's name that goes into names of machines: `a` of `local-a`.
    func shortZone(_ zone: String) -> Substring {
        switch provider {
        case .local, .simulated, .aws: zone.split(separator: "-").last ?? zone[...]
        }
    }

    /// Addresses of a machines' range that no machine gets: the network's own, its broadcast, the router's, the API's, and a few in reserve.
    private static let reservedLocalAddresses = 8

    /// What is wrong with the range that the user chose for machines.
    func machineRangeProblems(_ range: IPv4CIDR, machines: Int) -> [SpecTextProblem] {
        switch provider {
        case .aws:
            // A /4 of it is a zone's subnet, and a subnet is a /28 at least.
            return (16...24).contains(range.prefix)
                ? [] : [SpecTextProblem("the VPC's range, \(range), is too \(range.prefix < 16 ? "large" : "small")", "a /16 to a /24")]
        case .local, .simulated:
            if range.prefix < 16 { return [SpecTextProblem("the range for machines, \(range), is too large", "a /16 to a /28")] }
            if range.prefix > 28 { return [SpecTextProblem("the range for machines, \(range), is too small", "a /16 to a /28")] }
            let room = range.count - Self.reservedLocalAddresses
            guard machines > room else { return [] }
            return [
                SpecTextProblem("\(range) has addresses for \(room) machines, up to \(machines) are needed while rolling", "a larger range")
            ]
        }
    }
}
