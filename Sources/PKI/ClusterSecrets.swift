public import ClusterModel
import Crypto
public import Foundation

/// Everything that a cluster must keep secret, made once with the cluster and kept for its life.
///
/// No description, reflection or error shows a key.
public struct ClusterSecrets: Sendable, Equatable {
    /// Random, made with the set, not secret: 32 lower-case hexadecimal digits. Two sets never share it.
    public let id: String
    let kubernetes: CertificateAuthority
    let etcd: CertificateAuthority
    let frontProxy: CertificateAuthority
    /// PEM (PKCS #8) of the P-256 key that signs service account tokens.
    public let serviceAccountKey: Secret
    /// PEM (PKIX, `PUBLIC KEY`) of its public half.
    public let serviceAccountPublicKey: String
    /// The 32 bytes that encrypt secrets at rest in etcd.
    public let encryptionKey: Secret
    /// The key that Slipway logs in to the machines with.
    public let sshKey: SSHKeyPair
    /// The 32 bytes that every machine's host key is derived from.
    let hostKeySeed: Secret

    static let symmetricKeySize = 32

    /// Makes a complete new set from the system's random generator.
    /// - Throws: `SlipwayError` when the cluster's name cannot stand in a certificate.
    public static func generate(clusterName: String, now: Date) throws -> ClusterSecrets {
        func authority(_ name: AuthorityName) throws -> CertificateAuthority {
            try CertificateAuthority(commonName: "\(clusterName) \(name.rawValue) CA", now: now)
        }
        let serviceAccountKey = P256.Signing.PrivateKey()
        return ClusterSecrets(
            id: randomBytes(16).hexadecimal, kubernetes: try authority(.kubernetes), etcd: try authority(.etcd),
            frontProxy: try authority(.frontProxy), serviceAccountKey: serviceAccountKey,
            encryptionKey: Secret(randomBytes(symmetricKeySize)), sshKey: SSHKeyPair(),
            hostKeySeed: Secret(randomBytes(symmetricKeySize)))
    }

    init(
        id: String, kubernetes: CertificateAuthority, etcd: CertificateAuthority, frontProxy: CertificateAuthority,
        serviceAccountKey: P256.Signing.PrivateKey, encryptionKey: Secret, sshKey: SSHKeyPair, hostKeySeed: Secret
    ) {
        self.id = id
        self.kubernetes = kubernetes
        self.etcd = etcd
        self.frontProxy = frontProxy
        self.serviceAccountKey = Secret(serviceAccountKey.pemRepresentation.endingInNewline)
        serviceAccountPublicKey = serviceAccountKey.publicKey.pemRepresentation.endingInNewline
        self.encryptionKey = encryptionKey
        self.sshKey = sshKey
        self.hostKeySeed = hostKeySeed
    }

    public func authority(_ name: AuthorityName) -> CertificateAuthority {
        switch name {
        case .kubernetes: kubernetes
        case .etcd: etcd
        case .frontProxy: frontProxy
        }
    }

    /// Issues a certificate from the authority that the request names. See `CertificateAuthority.issue`.
    public func issue(
        _ request: CertificateRequest, now: Date, lifetime: Duration = CertificateAuthority.leafLifetime
    ) throws -> IssuedCertificate {
        try authority(request.authority).issue(request, now: now, lifetime: lifetime)
    }

    /// A short name for exactly this set: 16 lower-case hexadecimal digits, the same on every machine and in every run.
    ///
    /// Made from the authorities' certificates, the public keys and `id`, never from a private key or a symmetric one:
    /// it stands in plans and logs.
    public var versionID: String {
        var hash = SHA256()
        let parts =
            [id] + AuthorityName.allCases.map { authority($0).certificatePEM } + [
                serviceAccountPublicKey, sshKey.authorizedKey(comment: ""),
            ]
        for part in parts {
            hash.update(data: Data(part.utf8))
            // Parts hold no NUL: the boundaries between them are part of what is hashed.
            hash.update(data: [0])
        }
        return hash.finalize().prefix(8).hexadecimal
    }
}

extension ClusterSecrets: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "ClusterSecrets(\(versionID))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["versionID": versionID]) }
}
