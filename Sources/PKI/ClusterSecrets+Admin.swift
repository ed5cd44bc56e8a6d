public import ClusterModel

public import struct Foundation.Date

/// The certificate that an administrator's commands and kubeconfig use.
public enum AdminCertificate {
    /// How long it is valid unless asked otherwise: 18 hours, a long working day.
    public static let defaultLifetime: Duration = .seconds(18 * 3600)
    /// The common name: the user that audit logs show.
    public static let defaultUser = "slipway-admin"
    /// The group that may do everything in a cluster; it cannot be taken away by RBAC.
    public static let group = "system:masters"
}

extension ClusterSecrets {
    /// Issues a short-lived administrator's certificate and puts together all that a client of the API needs.
    ///
    /// - Parameters:
    ///   - url: `https://ADDRESS:PORT` of the API.
    ///   - ttl: How long the certificate is to be valid, in whole seconds.
    ///   - user: The common name.
    /// - Throws: `SlipwayError` when `ttl` is not positive or `user` cannot stand in a certificate.
    public func adminEndpoint(
        url: String, ttl: Duration = AdminCertificate.defaultLifetime, now: Date, user: String = AdminCertificate.defaultUser
    ) throws -> APIEndpoint {
        let request = CertificateRequest(
            name: "admin", authority: .kubernetes, commonName: user, organizations: [AdminCertificate.group], usages: [.client])
        let issued = try issue(request, now: now, lifetime: ttl)
        return APIEndpoint(url: url, authority: kubernetes.certificatePEM, certificate: issued.certificatePEM, key: issued.key)
    }
}
