public import ClusterModel

/// A certificate that a node needs, and where the files that hold it are.
public struct NodeCertificate: Codable, Sendable, Equatable {
    /// With late addresses and names only when the content was rendered with true values (`symbolicAddresses` is empty then).
    public var request: CertificateRequest
    /// Late addresses that were not known when the content was rendered.
    public var symbolicAddresses: [String]
    /// Sorted.
    public var paths: [String]
    /// The file that holds the certificate as it is used now: kubelet renews its own elsewhere.
    public var inUse: String
    /// What has to start again when it was renewed.
    public var users: [NodeService]

    public var name: String { request.name }

    /// - Parameter addresses: IPv4 addresses, DNS names and symbols of late ones.
    init(_ request: CertificateRequest, addresses: [String], paths: [String], inUse: String, users: [NodeService]) throws {
        self.request = request
        self.paths = paths
        self.inUse = inUse
        self.users = users
        self.request.addresses = addresses.compactMap { IPv4Address($0) }
        let others = addresses.filter { IPv4Address($0) == nil }
        self.request.dnsNames += others.filter(HostName.isDNSName)
        symbolicAddresses = others.filter { !HostName.isDNSName($0) }
        let symbolic = [LateValues.symbolic.address, LateValues.symbolic.apiAddress]
        guard symbolicAddresses.allSatisfy(symbolic.contains) else {
            throw SlipwayError(
                .bug, doing: "rendering node content",
                cause: "certificate \(request.name): one of \(addresses) is no IPv4 address and no DNS name")
        }
    }
}
