/// Rules for the ranges of addresses.
extension SpecRules {
    /// What kube-apiserver accepts at most is a /12; less than a /24 leaves no room for services.
    static let servicePrefixes = 12...24
    static let minimumPodPrefix = 8

    mutating func checkNetwork() {
        let network = spec.network
        checkPodRange()
        if !Self.servicePrefixes.contains(network.serviceCIDR.prefix) {
            let isSmall = network.serviceCIDR.prefix > Self.servicePrefixes.upperBound
            error(
                .serviceCIDR, "the range for services, \(network.serviceCIDR), is too \(isSmall ? "small" : "large")",
                "a /\(Self.servicePrefixes.lowerBound) to a /\(Self.servicePrefixes.upperBound)")
        }
        var ranges = [(path: FieldPath.podCIDR, range: network.podCIDR, what: "pods"), (.serviceCIDR, network.serviceCIDR, "services")]
        if let cidr = spec.cloud.local?.cidr {
            ranges.append((.localCIDR, cidr, "machines"))
            for problem in provider.machineRangeProblems(cidr, machines: machinesAtMost) { error(.localCIDR, problem) }
        }
        if let aws = spec.cloud.aws {
            ranges.append((.vpcCIDR, aws.vpcCIDR, "the VPC"))
            for problem in provider.machineRangeProblems(aws.vpcCIDR, machines: machinesAtMost) { error(.vpcCIDR, problem) }
        }
        for (index, one) in ranges.enumerated() {
            checkPlace(of: one.range, at: one.path)
            for other in ranges[..<index] where one.range.overlaps(other.range) {
                // The fault is with what the user wrote, not with a default.
                let path = isWritten(one.path) || !isWritten(other.path) ? one.path : other.path
                error(
                    path, "the range for \(one.what), \(one.range), overlaps the one for \(other.what), \(other.range)",
                    "ranges that have no address in common", related: [one.path, other.path])
            }
        }
    }

    /// The machines of the cluster while everything is rolled at once.
    private var machinesAtMost: Int {
        let bastions = spec.hasBastion ? 2 : 0
        let controlPlane = Self.bounded(spec.controlPlane.count) + 1 + bastions
        return spec.pools.reduce(controlPlane) { sum, pool in
            let count = Self.bounded(pool.count)
            return sum + count + Self.bounded(pool.update.maxSurge.count(of: count, roundingUp: true))
        }
    }

    private mutating func checkPodRange() {
        let range = spec.network.podCIDR
        let share = NetworkSpec.machinePodPrefix
        if range.prefix < Self.minimumPodPrefix {
            error(.podCIDR, "the range for pods, \(range), is too large", "a /\(Self.minimumPodPrefix) or smaller")
            return
        }
        let capacity = range.prefix > share ? 0 : 1 << (share - range.prefix)
        let needed = machinesAtMost
        guard needed > capacity else { return }
        var prefix = share
        while 1 << (share - prefix) < needed, prefix > Self.minimumPodPrefix { prefix -= 1 }
        let wider = IPv4CIDR(base: IPv4Address(rawValue: range.base.rawValue & IPv4CIDR.mask(prefix)), prefix: prefix)
        let counts = spec.pools.indices.map { FieldPath.pools.index($0).field("count") }
        let largest = spec.pools.indices.max { spec.pools[$0].count < spec.pools[$1].count }
        let blamed = isWritten(.podCIDR) ? .podCIDR : largest.map { counts[$0] } ?? .podCIDR
        error(
            blamed,
            "each machine needs a /\(share) for its pods: \(range) holds \(capacity), up to \(needed) are needed while rolling",
            "a podCIDR of at least a /\(prefix)" + (wider.map { ", as \($0)" } ?? ""), related: [.podCIDR, .controlPlaneCount] + counts)
    }

    private static let special: [(text: String, what: String)] = [
        ("0.0.0.0/8", "'this network'"), ("127.0.0.0/8", "the loopback addresses"), ("169.254.0.0/16", "the link-local addresses"),
        ("224.0.0.0/3", "the multicast and reserved addresses"),
    ]
    /// RFC 1918, RFC 6598 (shared), RFC 2544 (benchmarks) and RFC 5737 (documentation).
    private static let ownAddresses = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "198.18.0.0/15", "192.0.2.0/24", "198.51.100.0/24",
        "203.0.113.0/24",
    ]

    private mutating func checkPlace(of range: IPv4CIDR, at path: FieldPath) {
        if let clash = Self.special.first(where: { IPv4CIDR($0.text)?.overlaps(range) == true }) {
            error(path, "\(range) overlaps \(clash.what), \(clash.text)", "a private range, as 10.0.0.0/8 holds them")
        } else if !Self.ownAddresses.contains(where: { IPv4CIDR($0)?.contains(range) == true }) {
            warning(
                path, "\(range) holds public addresses: their owners cannot be reached from the cluster",
                "a private range, as 10.0.0.0/8 holds them")
        }
    }
}
