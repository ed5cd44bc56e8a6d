public import ClusterModel

/// What is known only once machine and network exist. Digests are taken with symbolic values in their place, so that
/// the desired content can be compared before there is a machine.
public struct LateValues: Sendable, Hashable {
    /// The machine's own address.
    public var address: String
    /// The value of the node's `spec.providerID`.
    public var providerID: String
    /// The stable address of the cluster's API, or its DNS name.
    public var apiAddress: String
    /// Where those outside of the network reach it; nil when at `apiAddress` as well. A network has one or has none for its whole
    /// life, so it needs no symbol in digests.
    public var accessAddress: String?
    /// Where the machine sends what is not for its own network.
    public var gateway: String
    /// The range that the machines' addresses are from.
    public var networkCIDR: String

    public init(machine: MachineRecord, network: NetworkRecord) {
        self.init(
            address: machine.address, providerID: machine.providerID, network: network)
    }

    public init(address: IPv4Address, providerID: String, network: NetworkRecord) {
        self.init(
            address: address.description, providerID: providerID, apiAddress: network.apiAddress, accessAddress: network.accessAddress,
            gateway: network.gateway.description, networkCIDR: network.cidr.description)
    }

    public init(
        address: String, providerID: String, apiAddress: String, accessAddress: String? = nil, gateway: String, networkCIDR: String
    ) {
        self.address = address
        self.providerID = providerID
        self.apiAddress = apiAddress
        self.accessAddress = accessAddress
        self.gateway = gateway
        self.networkCIDR = networkCIDR
    }

    /// References instead of values: content rendered with them can be digested but not delivered.
    public static let symbolic = LateValues(
        address: "@machine.address@", providerID: "@machine.providerID@", apiAddress: "@network.apiAddress@",
        gateway: "@network.gateway@", networkCIDR: "@network.cidr@")

    public var isSymbolic: Bool { self == .symbolic }

    /// All under which the API is reached.
    var apiAddresses: [String] { [apiAddress] + [accessAddress].compactMap { $0 == apiAddress ? nil : $0 } }

    /// Checks that these are true values: addresses, names and a range that parse.
    /// - Throws: `SlipwayError` with code `bug`.
    func validate() throws {
        if isSymbolic { return }
        for (name, value) in [("address", address), ("gateway", gateway)] where IPv4Address(value) == nil {
            throw SlipwayError(.bug, doing: "rendering node content", cause: "the \(name) '\(value)' is no IPv4 address")
        }
        for (name, value) in [("API address", apiAddress), ("access address", accessAddress ?? apiAddress)]
        where !HostName.isAddressOrName(value) {
            throw SlipwayError(.bug, doing: "rendering node content", cause: "the \(name) '\(value)' is no IPv4 address and no DNS name")
        }
        guard IPv4CIDR(networkCIDR) != nil else {
            throw SlipwayError(.bug, doing: "rendering node content", cause: "'\(networkCIDR)' is no network range")
        }
        guard !providerID.isEmpty else {
            throw SlipwayError(.bug, doing: "rendering node content", cause: "the machine has no provider id")
        }
    }
}
