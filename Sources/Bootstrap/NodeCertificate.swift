public import ClusterModel

/// A certificate that a node needs, and where the files that hold it are.
public struct NodeCertificate: Codable, Sendable, Equatable {
    /// With addresses only when the content was rendered with true values (`symbolicAddresses` is empty then).
    public var request: CertificateRequest
    /// Late addresses that were not known when the content was rendered.
    public var symbolicAddresses: [String]
    /// Sorted. The first is the one to read the present certificate from, for its renewal.
    public var paths: [String]
    /// What has to start again when it was renewed.
    public var users: [NodeService]

    public var name: String { request.name }

    init(_ request: CertificateRequest, addresses: [String], paths: [String], users: [NodeService]) throws {
        self.request = request
        self.paths = paths
        self.users = users
        self.request.addresses = addresses.compactMap { IPv4Address($0) }
        symbolicAddresses = addresses.filter { IPv4Address($0) == nil }
        let symbolic = [LateValues.symbolic.address, LateValues.symbolic.apiAddress]
        guard symbolicAddresses.allSatisfy(symbolic.contains) else {
            throw SlipwayError(
                .bug, doing: "rendering node content", cause: "certificate \(request.name): one of \(addresses) is no IPv4 address")
        }
    }
}
