public import ClusterModel
import Crypto
public import Foundation
import SwiftASN1
import X509

extension CertificateAuthority {
    /// Signs a new certificate for a new P-256 key, with exactly the names and usages that are asked for.
    ///
    /// Valid from five minutes before `now` for `lifetime` (whole seconds), but never longer than the authority itself.
    /// `request.authority` is not looked at: `ClusterSecrets.issue` is what finds the authority of a request.
    /// - Throws: `SlipwayError` when the request is not safe to sign (see `CertificateRequest.problems`), `lifetime` is
    ///   less than a second, or the authority has expired.
    public func issue(
        _ request: CertificateRequest, now: Date, lifetime: Duration = CertificateAuthority.leafLifetime
    ) throws -> IssuedCertificate {
        let doing = "issuing the certificate '\(printable(request.name))'"
        let problems = request.problems
        guard problems.isEmpty else {
            throw SlipwayError(
                .failed, doing: doing, cause: problems.joined(separator: "; "), hint: "Correct the names that the certificate is for.")
        }
        guard lifetime >= .seconds(1) else {
            throw SlipwayError(.failed, doing: doing, cause: "its lifetime is not positive", hint: "Ask for a longer lifetime.")
        }
        guard now < notAfter else {
            throw SlipwayError(
                .failed, doing: doing, cause: "the authority \(subject) expired at \(notAfter.rfc3339)",
                hint: "Check this machine's clock; an expired authority has to be replaced together with all that it signed.")
        }
        let end = min(now.wholeSeconds + lifetime, notAfter)
        let key = P256.Signing.PrivateKey()
        do {
            let certificate = try Certificate(
                version: .v3,
                serialNumber: .unguessable(),
                publicKey: Certificate.PublicKey(key.publicKey),
                notValidBefore: max(now.wholeSeconds - Self.backdating, notBefore),
                notValidAfter: end,
                issuer: subject,
                subject: request.subject,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: extensions(of: request, for: Certificate.PublicKey(key.publicKey)),
                issuerPrivateKey: Certificate.PrivateKey(signingKey))
            return IssuedCertificate(
                certificatePEM: try certificate.serializeAsPEM().pemString.endingInNewline,
                key: Secret(key.pemRepresentation.endingInNewline), notAfter: end)
        } catch {
            throw SlipwayError(.bug, doing: doing, cause: "encoding the certificate failed: \(error)", hint: "Report this.")
        }
    }

    private func extensions(of request: CertificateRequest, for publicKey: Certificate.PublicKey) throws -> Certificate.Extensions {
        let names = request.alternativeNames
        return try Certificate.Extensions {
            Critical(BasicConstraints.notCertificateAuthority)
            // What a TLS peer with an elliptic key does is sign, nothing else.
            Critical(KeyUsage(digitalSignature: true))
            try ExtendedKeyUsage(request.usages.withoutRepetition.map { $0 == .server ? .serverAuth : .clientAuth })
            SubjectKeyIdentifier(hash: publicKey)
            AuthorityKeyIdentifier(keyIdentifier: keyIdentifier)
            if !names.isEmpty { SubjectAlternativeNames(names) }
        }
    }
}

extension CertificateRequest {
    /// Each organization is an attribute of its own, before the common name: the order in which Go writes them.
    var subject: DistinguishedName {
        get throws {
            try DistinguishedName(
                organizations.map { try OrganizationName($0).makeRDN() } + [try CommonName(commonName).makeRDN()])
        }
    }

    fileprivate var alternativeNames: [GeneralName] {
        dnsNames.withoutRepetition.map { .dnsName($0) }
            + addresses.withoutRepetition.map { address in
                .ipAddress(
                    ASN1OctetString(contentBytes: [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: address.rawValue >> $0) }[...]))
            }
    }
}

extension Array where Element: Equatable {
    /// The same elements in the same order, each once.
    fileprivate var withoutRepetition: [Element] {
        reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
