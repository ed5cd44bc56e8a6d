public import ClusterModel

/// What is known only once machine and network exist. Digests are taken with symbolic values in their place, so that
/// the desired content can be compared before there is a machine.
public struct LateValues: Sendable, Equatable {
    /// The machine's own address.
    public var address: String
    /// The value of the node's `spec.providerID`.
    public var providerID: String
    /// The stable address of the cluster's API.
    public var apiAddress: String
    /// Where the machine sends what is not for its own network.
    public var gateway: String
    /// The range that the machines' addresses are from.
    public var networkCIDR: String

    public init(machine: MachineRecord, network: NetworkRecord) {
        self.init(
            address: machine.address.description, providerID: machine.providerID, apiAddress: network.apiAddress.description,
            gateway: network.gateway.description, networkCIDR: network.cidr.description)
    }

    public init(address: String, providerID: String, apiAddress: String, gateway: String, networkCIDR: String) {
        self.address = address
        self.providerID = providerID
        self.apiAddress = apiAddress
        self.gateway = gateway
        self.networkCIDR = networkCIDR
    }

    /// References instead of values: content rendered with them can be digested but not delivered.
    public static let symbolic = LateValues(
        address: "@machine.address@", providerID: "@machine.providerID@", apiAddress: "@network.apiAddress@",
        gateway: "@network.gateway@", networkCIDR: "@network.cidr@")

    public var isSymbolic: Bool { self == .symbolic }

    /// Checks that these are true values: addresses and a range that parse.
    /// - Throws: `SlipwayError` with code `bug`.
    func validate() throws {
        if isSymbolic { return }
        for (name, value) in [("address", address), ("API address", apiAddress), ("gateway", gateway)] where IPv4Address(value) == nil {
            throw SlipwayError(.bug, doing: "rendering node content", cause: "the \(name) '\(value)' is no IPv4 address")
        }
        guard IPv4CIDR(networkCIDR) != nil else {
            throw SlipwayError(.bug, doing: "rendering node content", cause: "'\(networkCIDR)' is no network range")
        }
        guard !providerID.isEmpty else {
            throw SlipwayError(.bug, doing: "rendering node content", cause: "the machine has no provider id")
        }
    }
}
