import ClusterModel

/// Which address of a cluster's range serves what.
struct AddressPlan: Sendable, Equatable {
    /// The smallest range that is accepted, as its prefix length.
    static let longestPrefix = 27
    static let firstMachineOffset = 11

    let cidr: IPv4CIDR
    /// The cluster's router: the first usable address.
    let router: IPv4Address
    /// The API's address, the second: given to no machine by the cloud, a control plane node puts it on itself.
    let api: IPv4Address
    /// The host's end: the last usable address.
    let host: IPv4Address

    /// Throws `.refused` when the range is too small.
    init(_ cidr: IPv4CIDR) throws {
        guard cidr.prefix <= Self.longestPrefix, let router = cidr.address(at: 1), let api = cidr.address(at: 2),
            let host = cidr.address(at: cidr.count - 2)
        else {
            throw SlipwayError(
                .refused, doing: "dividing the machines' range \(cidr)", cause: "it is smaller than a /\(Self.longestPrefix)",
                hint: "choose a larger cidr, or none: then a free one is chosen")
        }
        self.cidr = cidr
        self.router = router
        self.api = api
        self.host = host
    }

    /// The lowest address for a machine that no other machine has. Throws `.refused` when all are taken.
    func machineAddress(taken: Set<IPv4Address>) throws -> IPv4Address {
        for offset in Self.firstMachineOffset..<(cidr.count - 2) {
            if let address = cidr.address(at: offset), !taken.contains(address) { return address }
        }
        throw SlipwayError(
            .refused, doing: "finding an address for a machine", cause: "every address of \(cidr) is taken",
            hint: "delete machines, or make the cluster anew with a larger range")
    }
}
