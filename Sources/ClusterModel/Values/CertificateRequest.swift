/// The cluster's certificate authorities. Each signs for one purpose and is trusted for no other.
public enum AuthorityName: String, Codable, Sendable, CaseIterable {
    case kubernetes, etcd
    case frontProxy = "front-proxy"
}

/// A leaf certificate as it is to be issued. Pure data: compared to decide whether an existing one still serves.
public struct CertificateRequest: Codable, Sendable, Equatable {
    public enum Usage: String, Codable, Sendable {
        case server, client
    }

    /// Names the certificate on its machine, as `apiserver`.
    public var name: String
    public var authority: AuthorityName
    public var commonName: String
    public var organizations: [String]
    public var dnsNames: [String]
    public var addresses: [IPv4Address]
    public var usages: [Usage]

    public init(
        name: String, authority: AuthorityName, commonName: String, organizations: [String] = [], dnsNames: [String] = [],
        addresses: [IPv4Address] = [], usages: [Usage]
    ) {
        self.name = name
        self.authority = authority
        self.commonName = commonName
        self.organizations = organizations
        self.dnsNames = dnsNames
        self.addresses = addresses
        self.usages = usages
    }
}

/// A secret of the cluster, by name. Content refers to secrets so; only the driver that delivers it sees their bytes.
public enum SecretReference: Codable, Sendable, Hashable {
    /// PEM of an authority's certificate (public, but it comes from the same place).
    case authorityCertificate(AuthorityName)
    /// PEM of an authority's private key.
    case authorityKey(AuthorityName)
    /// PEM of the key that signs service account tokens, and of its public half.
    case serviceAccountKey
    case serviceAccountPublicKey
    /// Base64 of the 32 bytes that encrypt secrets at rest in etcd.
    case encryptionKey
    /// The public half of the key that Slipway logs in to machines with, as a line of `authorized_keys` without comment.
    case sshPublicKey
}
