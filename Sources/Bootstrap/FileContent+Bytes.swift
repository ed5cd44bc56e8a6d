public import ClusterModel

/// A certificate as it was issued for a `CertificateRequest`.
public struct IssuedCertificate: Sendable, Equatable {
    /// PEM.
    public var certificate: String
    /// PEM.
    public var key: Secret

    public init(certificate: String, key: Secret) {
        self.certificate = certificate
        self.key = key
    }
}

extension FileContent {
    /// The bytes to be written, with secrets filled in. Handle as a secret whatever the case.
    /// - Parameters:
    ///   - secret: the text of a secret of the cluster.
    ///   - certificate: what was issued for the request of this name.
    public func bytes(
        secret: (SecretReference) throws -> Secret, certificate: (String) throws -> IssuedCertificate
    ) rethrows -> Secret {
        switch self {
        case .text(let text): return Secret(text)
        case .secret(let reference): return try secret(reference)
        case .template(let text, let placeholders):
            var filled = text
            for (placeholder, reference) in placeholders.sorted(by: { $0.key < $1.key }) {
                let value = try secret(reference).revealText()
                filled = filled.split(separator: placeholder, omittingEmptySubsequences: false).joined(separator: value)
            }
            return Secret(filled)
        case .certificate(let name): return Secret(try certificate(name).certificate)
        case .key(let name): return try certificate(name).key
        case .certificateWithKey(let name):
            let issued = try certificate(name)
            let separator = issued.certificate.hasSuffix("\n") ? "" : "\n"
            return Secret(Array((issued.certificate + separator).utf8) + issued.key.reveal())
        }
    }
}
