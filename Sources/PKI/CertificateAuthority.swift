public import ClusterModel
import Crypto
public import Foundation
import SwiftASN1
import X509

/// A certificate authority of a cluster: a self-signed P-256 certificate and its private key.
///
/// It signs leaf certificates only (path length 0). Its key appears in no description and no reflection.
public struct CertificateAuthority: Sendable {
    /// How long an authority is valid: 3650 days, about ten years.
    public static let lifetime: Duration = .seconds(3650 * 86_400)
    /// How long a leaf certificate is valid unless asked otherwise: 365 days.
    public static let leafLifetime: Duration = .seconds(365 * 86_400)
    /// Certificates are valid from this long before they are made, so that a machine whose clock is a little behind
    /// accepts them.
    static let backdating: Duration = .seconds(300)

    /// The certificate, PEM, ending in a newline.
    public let certificatePEM: String
    /// The private key, PEM in PKCS #8 (`PRIVATE KEY`).
    public let key: Secret
    /// The moment from which nothing that this authority signed is valid any more.
    public let notAfter: Date

    let notBefore: Date
    let subject: DistinguishedName
    let keyIdentifier: ArraySlice<UInt8>
    let signingKey: P256.Signing.PrivateKey

    /// Makes a new authority with a new key.
    ///
    /// The key and the serial number come from the system's random generator; there is no way to pass another one in.
    /// - Throws: `SlipwayError` when `commonName` is empty, longer than 256 bytes or holds control characters.
    public init(commonName: String, now: Date) throws {
        let doing = "making the certificate authority '\(printable(commonName))'"
        if let problem = SubjectRules.problem(inName: commonName) {
            throw SlipwayError(
                .failed, doing: doing, cause: "its common name \(problem)", hint: "Give the cluster a shorter or plainer name.")
        }
        let key = P256.Signing.PrivateKey()
        do {
            let publicKey = Certificate.PublicKey(key.publicKey)
            let subject = try DistinguishedName { CommonName(commonName) }
            let certificate = try Certificate(
                version: .v3,
                serialNumber: .unguessable(),
                publicKey: publicKey,
                notValidBefore: now.wholeSeconds - Self.backdating,
                notValidAfter: now.wholeSeconds + Self.lifetime,
                issuer: subject,
                subject: subject,
                signatureAlgorithm: .ecdsaWithSHA256,
                extensions: Certificate.Extensions {
                    Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                    Critical(KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true))
                    SubjectKeyIdentifier(hash: publicKey)
                },
                issuerPrivateKey: Certificate.PrivateKey(key))
            let text = try certificate.serializeAsPEM().pemString.endingInNewline
            try self.init(certificate: certificate, certificatePEM: text, signingKey: key)
        } catch let error as SlipwayError {
            throw error
        } catch {
            throw SlipwayError(.bug, doing: doing, cause: "encoding the certificate failed: \(error)", hint: "Report this.")
        }
    }

    /// Reads an authority back from its PEM.
    ///
    /// - Throws: `SlipwayError` when either part cannot be read, the certificate is not an authority's, or the key is
    ///   not the certificate's. The key may be PKCS #8 or SEC 1.
    public init(certificatePEM: String, key: Secret) throws {
        let doing = "reading a certificate authority"
        let hint = "Restore the cluster's secrets from a backup of the state store."
        guard let certificate = try? Certificate(pemEncoded: certificatePEM) else {
            throw SlipwayError(.failed, doing: doing, cause: "the certificate is not one PEM certificate", hint: hint)
        }
        // The parser's own error is not passed on: it might quote what it read.
        guard let signingKey = try? P256.Signing.PrivateKey(pemRepresentation: key.revealText()) else {
            throw SlipwayError(.failed, doing: doing, cause: "the private key is not a P-256 key in PEM", hint: hint)
        }
        do {
            try self.init(certificate: certificate, certificatePEM: certificatePEM, signingKey: signingKey)
        } catch let error as SlipwayError {
            throw SlipwayError(.failed, doing: doing, cause: error.cause, hint: hint)
        }
    }

    private init(certificate: Certificate, certificatePEM: String, signingKey: P256.Signing.PrivateKey) throws {
        let doing = "reading a certificate authority"
        guard case .isCertificateAuthority = try? certificate.extensions.basicConstraints else {
            throw SlipwayError(.failed, doing: doing, cause: "the certificate is not an authority's")
        }
        guard certificate.publicKey == Certificate.PublicKey(signingKey.publicKey) else {
            throw SlipwayError(.failed, doing: doing, cause: "the private key does not belong to the certificate")
        }
        let stored = try? certificate.extensions.subjectKeyIdentifier
        self.certificatePEM = certificatePEM
        key = Secret(signingKey.pemRepresentation.endingInNewline)
        notAfter = certificate.notValidAfter
        notBefore = certificate.notValidBefore
        subject = certificate.subject
        keyIdentifier = (stored ?? SubjectKeyIdentifier(hash: certificate.publicKey)).keyIdentifier
        self.signingKey = signingKey
    }
}

extension CertificateAuthority: Equatable {
    public static func == (left: Self, right: Self) -> Bool {
        left.certificatePEM == right.certificatePEM && left.key == right.key
    }
}

extension CertificateAuthority: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "CertificateAuthority(\(subject))" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: ["certificatePEM": certificatePEM, "notAfter": notAfter]) }
}
