/// A certificate that a machine has, all its files included.
public struct PresentCertificate: Sendable, Equatable {
    /// `NodeCertificate.name`.
    public var name: String
    /// PEM of the certificate in use. The key stays on its machine.
    public var certificate: String
    /// SHA-256 of the certificate's files in lower-case hex, by path.
    public var checksums: [String: String]

    public init(name: String, certificate: String, checksums: [String: String]) {
        self.name = name
        self.certificate = certificate
        self.checksums = checksums
    }
}

/// Reads which certificates a machine has, so that only those are issued anew that are missing, about to expire or no longer
/// as requested. A new certificate means a new file and a restart of what uses it.
public enum PresentCertificates {
    /// Prints the certificates and the checksums of their files, no keys.
    public static func script(for content: NodeContent) -> String {
        content.certificates.map { certificate in
            """
            if [ -s \(ShellQuoting.word(certificate.inUse)) ]; then
            echo "= \(certificate.name)"
            sha256sum \(ShellQuoting.words(certificate.paths)) 2>/dev/null
            sed -n '/^-----BEGIN CERTIFICATE-----$/,/^-----END CERTIFICATE-----$/p' \(ShellQuoting.word(certificate.inUse))
            fi

            """
        }.joined()
    }

    /// What the script printed. Certificates of which a file is missing are left out.
    public static func parse(_ output: String, for content: NodeContent) -> [PresentCertificate] {
        var found: [PresentCertificate] = []
        for line in output.split(separator: "\n") {
            if line.hasPrefix("= ") {
                found.append(PresentCertificate(name: String(line.dropFirst(2)), certificate: "", checksums: [:]))
                continue
            }
            guard var last = found.popLast() else { continue }
            if let separator = line.firstRange(of: "  "), line[..<separator.lowerBound].utf8.count == 64 {
                last.checksums[String(line[separator.upperBound...])] = String(line[..<separator.lowerBound])
            } else {
                last.certificate += line + "\n"
            }
            found.append(last)
        }
        return found.filter { present in
            guard let wanted = content.certificate(named: present.name), !present.certificate.isEmpty else { return false }
            return wanted.paths.allSatisfy { present.checksums[$0] != nil }
        }
    }
}
