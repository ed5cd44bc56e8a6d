public import ClusterModel
import SwiftASN1
import X509

extension ClusterSecrets {
    /// Whether `pem` was issued by the cluster's authority for exactly this request. Says nothing of its dates.
    public func issued(_ pem: String, for request: CertificateRequest) -> Bool {
        guard let certificate = try? Certificate(pemEncoded: pem),
            let issuer = try? Certificate(pemEncoded: authority(request.authority).certificatePEM),
            issuer.publicKey.isValidSignature(certificate.signature, for: certificate),
            let subject = try? request.subject, certificate.subject == subject
        else { return false }
        var names: Set<String> = []
        for name in (try? certificate.extensions.subjectAlternativeNames) ?? SubjectAlternativeNames() {
            switch name {
            case .dnsName(let text): names.insert(text)
            case .ipAddress(let bytes): names.insert(bytes.bytes.map { "\($0)" }.joined(separator: "."))
            default: return false
            }
        }
        guard names == Set(request.dnsNames + request.addresses.map(\.description)) else { return false }
        let usages = (try? certificate.extensions.extendedKeyUsage) ?? nil
        let has = Set((usages.map(Array.init) ?? []).map { "\($0)" })
        let wants = Set(
            request.usages.map { usage in
                usage == .server ? "\(ExtendedKeyUsage.Usage.serverAuth)" : "\(ExtendedKeyUsage.Usage.clientAuth)"
            })
        return has == wants
    }
}
