import ClusterModel
import SwiftASN1
import X509

public import struct Foundation.Date

/// When certificates begin and end to be valid, read from their PEM.
public enum CertificateDates {
    /// When the first certificate in `pem` stops being valid. Text and other PEM blocks around it are passed over.
    /// - Throws: `SlipwayError` when there is no certificate that can be read.
    public static func notAfter(pem: String) throws -> Date { try first(in: pem).notValidAfter }

    /// When the first certificate in `pem` begins to be valid.
    /// - Throws: `SlipwayError` when there is no certificate that can be read.
    public static func notBefore(pem: String) throws -> Date { try first(in: pem).notValidBefore }

    private static func first(in pem: String) throws -> Certificate {
        // A file may hold a key, too: neither the text nor the parser's message goes into the error.
        let documents = (try? PEMDocument.parseMultiple(pemString: pem)) ?? []
        guard let document = documents.first(where: { $0.discriminator == Certificate.defaultPEMDiscriminator }),
            let certificate = try? Certificate(pemDocument: document)
        else {
            throw SlipwayError(
                .failed, doing: "reading a certificate's dates", cause: "there is no PEM certificate that can be read",
                hint: "Run `slipway update cluster` to have it issued anew.")
        }
        return certificate
    }
}
