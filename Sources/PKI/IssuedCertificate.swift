public import ClusterModel

public import struct Foundation.Date

/// A leaf certificate and the key that was made for it.
public struct IssuedCertificate: Sendable, Equatable {
    /// The certificate alone (no chain: every authority is a root), PEM, ending in a newline.
    public let certificatePEM: String
    /// The private key, PEM in PKCS #8 (`PRIVATE KEY`), as Go has read it since 1.0.
    public let key: Secret
    /// When it stops being valid, to the second.
    public let notAfter: Date
}
