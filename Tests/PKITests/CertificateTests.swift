import ClusterModel
import Crypto
import Foundation
import Testing

@testable import PKI

@Suite struct CertificateTests {
    let authority: CertificateAuthority
    let other: CertificateAuthority

    init() throws {
        authority = try CertificateAuthority(commonName: "demo kubernetes CA", now: someMoment)
        other = try CertificateAuthority(commonName: "demo kubernetes CA", now: someMoment)
    }

    static let server = CertificateRequest(
        name: "apiserver", authority: .kubernetes, commonName: "kube-apiserver", organizations: ["system:one", "system:two"],
        dnsNames: ["kubernetes", "kubernetes.default.svc.cluster.local", "kubernetes"],
        addresses: [IPv4Address(rawValue: 0x7F00_0001), IPv4Address(rawValue: 0xFFFE_0A01), IPv4Address(rawValue: 0x7F00_0001)],
        usages: [.server, .client, .server])
    static let client = CertificateRequest(name: "kubelet", authority: .kubernetes, commonName: "system:node:a", usages: [.client])

    /// The extensions as openssl prints them: name, then what stands under it.
    private func extensions(in text: String) -> [String: String] {
        var found: [String: String] = [:]
        var name: String?
        for line in text.split(separator: "\n").drop(while: { !$0.contains("X509v3 extensions") }).dropFirst() {
            guard line.hasPrefix("            ") else { break }
            if line.hasPrefix("                "), let name {
                found[name, default: ""] += line.trimmingCharacters(in: .whitespaces)
            } else {
                name = line.trimmingCharacters(in: .whitespaces)
            }
        }
        return found
    }

    private func text(of pem: String, in folder: Folder) async throws -> String {
        try folder.write(pem, to: "shown.crt")
        let result = try await Tool.run("openssl", "x509", "-in", "shown.crt", "-noout", "-text", "-nameopt", "RFC2253", in: folder)
        try #require(result.status == 0, "\(result.output)")
        return result.output
    }

    @Test func authorityIsWhatItShouldBe() async throws {
        try await Folder.with { folder in
            let text = try await text(of: authority.certificatePEM, in: folder)
            let extensions = extensions(in: text)
            #expect(extensions["X509v3 Basic Constraints: critical"] == "CA:TRUE, pathlen:0")
            #expect(extensions["X509v3 Key Usage: critical"] == "Digital Signature, Certificate Sign, CRL Sign")
            #expect(extensions["X509v3 Subject Key Identifier:"]?.split(separator: ":").count == 20)
            #expect(extensions.count == 3)
            #expect(text.contains("Subject: CN=demo kubernetes CA\n"))
            #expect(text.contains("Issuer: CN=demo kubernetes CA\n"))
            #expect(text.contains("ASN1 OID: prime256v1"))
            #expect(text.contains("Signature Algorithm: ecdsa-with-SHA256"))
            let start = Date(timeIntervalSince1970: 1_900_000_000)
            #expect(text.contains("Not Before: \((start - .seconds(300)).openSSLText)\n"))
            #expect(text.contains("Not After : \((start + .seconds(3650 * 86_400)).openSSLText)\n"))
            #expect(authority.notAfter == start + .seconds(3650 * 86_400))
            #expect(authority.certificatePEM.hasSuffix("-----END CERTIFICATE-----\n"))
        }
    }

    @Test func leafHoldsExactlyWhatWasAskedFor() async throws {
        let issued = try authority.issue(Self.server, now: someMoment)
        try await Folder.with { folder in
            let text = try await text(of: issued.certificatePEM, in: folder)
            let extensions = extensions(in: text)
            #expect(extensions["X509v3 Basic Constraints: critical"] == "CA:FALSE")
            #expect(extensions["X509v3 Key Usage: critical"] == "Digital Signature")
            #expect(extensions["X509v3 Extended Key Usage:"] == "TLS Web Server Authentication, TLS Web Client Authentication")
            #expect(
                extensions["X509v3 Subject Alternative Name:"]
                    == "DNS:kubernetes, DNS:kubernetes.default.svc.cluster.local, IP Address:127.0.0.1, IP Address:255.254.10.1")
            #expect(extensions.count == 6)
            let authorityText = try await self.text(of: authority.certificatePEM, in: folder)
            let identifier = try #require(self.extensions(in: authorityText)["X509v3 Subject Key Identifier:"])
            #expect(extensions["X509v3 Authority Key Identifier:"] == identifier)
            #expect(extensions["X509v3 Subject Key Identifier:"] != identifier)
            // RFC 2253 prints the last attribute first.
            #expect(text.contains("Subject: CN=kube-apiserver,O=system:two,O=system:one\n"))
            let start = Date(timeIntervalSince1970: 1_900_000_000)
            #expect(text.contains("Not Before: \((start - .seconds(300)).openSSLText)\n"))
            #expect(text.contains("Not After : \((start + .seconds(365 * 86_400)).openSSLText)\n"))
            #expect(issued.notAfter == start + .seconds(365 * 86_400))
        }
    }

    @Test func clientHasNoNamesAndNoServerUsage() async throws {
        let issued = try authority.issue(Self.client, now: someMoment, lifetime: .seconds(3600))
        try await Folder.with { folder in
            let extensions = extensions(in: try await text(of: issued.certificatePEM, in: folder))
            #expect(extensions["X509v3 Extended Key Usage:"] == "TLS Web Client Authentication")
            #expect(extensions["X509v3 Subject Alternative Name:"] == nil)
        }
    }

    @Test func opensslVerifiesOnlyAgainstTheRightAuthority() async throws {
        try await Folder.with { folder in
            try folder.write(authority.certificatePEM, to: "ca.crt")
            try folder.write(other.certificatePEM, to: "other.crt")
            try folder.write(try authority.issue(Self.server, now: someMoment).certificatePEM, to: "server.crt")
            try folder.write(try authority.issue(Self.client, now: someMoment).certificatePEM, to: "client.crt")
            func verify(_ leaf: String, authority: String, _ purpose: String, at seconds: Int) async throws -> Int32 {
                try await Tool.run(
                    "openssl", "verify", "-x509_strict", "-no-CApath", "-CAfile", authority, "-purpose", purpose, "-attime", "\(seconds)",
                    leaf, in: folder
                ).status
            }
            let now = 1_900_000_000
            #expect(try await verify("server.crt", authority: "ca.crt", "sslserver", at: now) == 0)
            #expect(try await verify("server.crt", authority: "ca.crt", "sslclient", at: now) == 0)
            #expect(try await verify("client.crt", authority: "ca.crt", "sslclient", at: now) == 0)
            #expect(try await verify("client.crt", authority: "ca.crt", "sslserver", at: now) != 0)
            #expect(try await verify("server.crt", authority: "other.crt", "sslserver", at: now) != 0)
            // Five minutes of skew, no more.
            #expect(try await verify("server.crt", authority: "ca.crt", "sslserver", at: now - 299) == 0)
            #expect(try await verify("server.crt", authority: "ca.crt", "sslserver", at: now - 302) != 0)
            #expect(try await verify("server.crt", authority: "ca.crt", "sslserver", at: now + 365 * 86_400 - 2) == 0)
            #expect(try await verify("server.crt", authority: "ca.crt", "sslserver", at: now + 365 * 86_400 + 2) != 0)
            // An intermediate authority would need a path length of 1.
            #expect(try await verify("ca.crt", authority: "ca.crt", "any", at: now) == 0)
            for (name, status) in [("kubernetes", Int32(0)), ("kube-apiserver", 2), ("elsewhere", 2)] {
                let result = try await Tool.run(
                    "openssl", "verify", "-no-CApath", "-CAfile", "ca.crt", "-attime", "\(now)", "-verify_hostname", name, "server.crt",
                    in: folder)
                #expect((result.status == 0) == (status == 0), "\(name): \(result.output)")
            }
        }
    }

    @Test func keysAreReadAndBelongToTheirCertificates() async throws {
        let issued = try authority.issue(Self.server, now: someMoment)
        try await Folder.with { folder in
            for (name, certificate, key) in [("leaf", issued.certificatePEM, issued.key), ("ca", authority.certificatePEM, authority.key)] {
                try folder.write(certificate, to: "\(name).crt")
                try folder.write(key.revealText(), to: "\(name).key")
                let fromKey = try await Tool.run("openssl", "pkey", "-in", "\(name).key", "-pubout", in: folder)
                let fromCertificate = try await Tool.run("openssl", "x509", "-in", "\(name).crt", "-noout", "-pubkey", in: folder)
                #expect(fromKey.status == 0)
                #expect(fromKey.output == fromCertificate.output)
                #expect(key.revealText().hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
                #expect(key.revealText().hasSuffix("-----END PRIVATE KEY-----\n"))
            }
        }
    }

    @Test func serialNumbersAreLongPositiveAndDifferent() async throws {
        var serials: Set<String> = []
        try await Folder.with { folder in
            for _ in 0..<8 {
                try folder.write(try authority.issue(Self.client, now: someMoment).certificatePEM, to: "a.crt")
                let result = try await Tool.run("openssl", "x509", "-in", "a.crt", "-noout", "-serial", in: folder)
                let serial = result.output.trimmingCharacters(in: .whitespacesAndNewlines).replacing("serial=", with: "")
                #expect(serial.count == 32)
                #expect(serial.first.flatMap(\.hexDigitValue).map { (4...7).contains($0) } == true)
                serials.insert(serial)
            }
        }
        #expect(serials.count == 8)
    }

    @Test func aLeafNeverOutlivesItsAuthority() throws {
        let late = someMoment + .seconds(3600 * 86_400)
        #expect(try authority.issue(Self.client, now: late).notAfter == authority.notAfter)
        let error = #expect(throws: SlipwayError.self) { try authority.issue(Self.client, now: authority.notAfter) }
        #expect(error?.cause.contains("expired at 2040-") == true)
        #expect(error?.doing.contains("kubelet") == true)
    }

    @Test(arguments: [Duration.zero, .seconds(-5), .milliseconds(500)])
    func aLifetimeHasToBePositive(_ lifetime: Duration) {
        #expect(throws: SlipwayError.self) { try authority.issue(Self.client, now: someMoment, lifetime: lifetime) }
    }

    @Test func authoritySurvivesPEM() throws {
        let again = try CertificateAuthority(certificatePEM: authority.certificatePEM, key: authority.key)
        #expect(again == authority)
        #expect(again != other)
        #expect(again.notAfter == authority.notAfter)
        _ = try again.issue(Self.server, now: someMoment)
    }

    @Test func authorityTakesAKeyInSEC1() async throws {
        try await Folder.with { folder in
            try folder.write(authority.key.revealText(), to: "ca.key")
            let converted = try await Tool.run("openssl", "ec", "-in", "ca.key", "-out", "sec1.key", in: folder)
            #expect(converted.status == 0, "\(converted.output)")
            let sec1 = try String(contentsOf: folder.url.appending(path: "sec1.key"), encoding: .utf8)
            #expect(sec1.hasPrefix("-----BEGIN EC PRIVATE KEY-----"))
            #expect(try CertificateAuthority(certificatePEM: authority.certificatePEM, key: Secret(sec1)) == authority)
        }
    }

    @Test func wrongPartsOfAnAuthorityAreRefused() throws {
        let leaf = try authority.issue(Self.server, now: someMoment)
        let cases: [(String, Secret, String)] = [
            (authority.certificatePEM, other.key, "does not belong"),
            (leaf.certificatePEM, leaf.key, "not an authority's"),
            ("", authority.key, "not one PEM certificate"),
            (authority.certificatePEM + other.certificatePEM, authority.key, "not one PEM certificate"),
            (authority.certificatePEM, Secret("hunter2"), "not a P-256 key"),
            (authority.certificatePEM, Secret(P384.Signing.PrivateKey().pemRepresentation), "not a P-256 key"),
        ]
        for (certificate, key, cause) in cases {
            let error = #expect(throws: SlipwayError.self) { try CertificateAuthority(certificatePEM: certificate, key: key) }
            #expect(error?.cause.contains(cause) == true, "\(error?.cause ?? "") is not about: \(cause)")
            #expect(error?.hint != nil)
            #expect("\(String(describing: error))".contains("hunter2") == false)
        }
    }

    @Test(arguments: [
        "", ".", "a..b", ".a", "a.", "-a", "a-", "a.-b", "*", "*.example.com", "a b", "a,b", "a\nb", "a\u{0}b", "a\u{0}.example.com",
        "DNS:evil", "a/b", "a_b", "bücher.example", "аpi.example", "10.0.0.1", "a\u{202E}b", "e\u{301}.example", "a\r\nb",
        String(repeating: "a", count: 64), Array(repeating: "abcdefghi", count: 26).joined(separator: "."),
    ])
    func hostileDNSNamesAreRefused(_ name: String) {
        var request = Self.server
        request.dnsNames = ["fine", name]
        let error = #expect(throws: SlipwayError.self) { try authority.issue(request, now: someMoment) }
        #expect(error?.doing == "issuing the certificate 'apiserver'")
        #expect(error?.cause.hasPrefix("the DNS name '") == true)
        #expect(error?.cause.unicodeScalars.contains { $0.properties.generalCategory == .control } == false)
    }

    @Test(arguments: ["a", "A-1", "demo-nodes-a-3", "1.example", "10.0.0.1.example", String(repeating: "a", count: 63)])
    func ordinaryDNSNamesAreTaken(_ name: String) throws {
        var request = Self.server
        request.dnsNames = [name]
        _ = try authority.issue(request, now: someMoment)
    }

    @Test(arguments: ["", "a\nb", "a\u{0}b", "\u{7F}", "a\u{200B}b", String(repeating: "é", count: 129)])
    func hostileSubjectsAreRefused(_ name: String) {
        var request = Self.client
        request.commonName = name
        #expect(throws: SlipwayError.self) { try authority.issue(request, now: someMoment) }
        request = Self.client
        request.organizations = ["fine", name]
        #expect(throws: SlipwayError.self) { try authority.issue(request, now: someMoment) }
        #expect(throws: SlipwayError.self) { try CertificateAuthority(commonName: name, now: someMoment) }
    }

    /// What looks like an attribute inside a name stays inside that name.
    @Test func aNameCannotSmuggleInAnAttribute() async throws {
        var request = Self.client
        request.commonName = "a,O=system:masters/O=system:masters+O=\"x\""
        let issued = try authority.issue(request, now: someMoment)
        try await Folder.with { folder in
            try folder.write(issued.certificatePEM, to: "a.crt")
            let result = try await Tool.run(
                "openssl", "x509", "-in", "a.crt", "-noout", "-subject", "-nameopt", "sep_multiline,lname", in: folder)
            let lines = result.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(lines == ["subject=", "commonName=a,O=system:masters/O=system:masters+O=\"x\""])
        }
    }

    @Test func whatCouldNotWorkIsNotSigned() {
        var request = Self.server
        request.dnsNames = []
        request.addresses = []
        #expect(throws: SlipwayError.self) { try authority.issue(request, now: someMoment) }
        request = Self.client
        request.usages = []
        #expect(throws: SlipwayError.self) { try authority.issue(request, now: someMoment) }
    }

    @Test func everyProblemIsNamedAtOnce() {
        let request = CertificateRequest(
            name: "x", authority: .etcd, commonName: "", organizations: [""], dnsNames: ["a b", "*"], usages: [])
        let error = #expect(throws: SlipwayError.self) { try authority.issue(request, now: someMoment) }
        #expect(error?.cause.split(separator: ";").count == 5)
    }

    @Test func datesAreReadFromPEM() throws {
        let issued = try authority.issue(Self.server, now: someMoment, lifetime: .seconds(3600))
        let start = Date(timeIntervalSince1970: 1_900_000_000)
        #expect(try CertificateDates.notAfter(pem: issued.certificatePEM) == start + .seconds(3600))
        #expect(try CertificateDates.notBefore(pem: issued.certificatePEM) == start - .seconds(300))
        // As kubelet writes its own: a key beside the certificate; and as `openssl x509 -text` writes: words before it.
        let mixed = "Certificate:\n  Data\n" + issued.key.revealText() + issued.certificatePEM + authority.certificatePEM
        #expect(try CertificateDates.notAfter(pem: mixed) == issued.notAfter)
    }

    @Test func datesOfNoCertificateAreAnErrorWithoutContent() throws {
        let key = authority.key.revealText()
        for pem in ["", "hunter2", key, authority.certificatePEM.replacing("M", with: "N"), String(authority.certificatePEM.dropLast(40))] {
            let error = #expect(throws: SlipwayError.self) { try CertificateDates.notAfter(pem: pem) }
            #expect(error?.cause == "there is no PEM certificate that can be read")
        }
    }

    /// Dates beyond 2049 are written in another form (RFC 5280, 4.1.2.5).
    @Test func datesBeyond2049() async throws {
        let authority = try CertificateAuthority(commonName: "late", now: Date(timeIntervalSince1970: 2_400_000_000))
        #expect(try CertificateDates.notAfter(pem: authority.certificatePEM) == authority.notAfter)
        try await Folder.with { folder in
            let text = try await text(of: authority.certificatePEM, in: folder)
            #expect(text.contains("Not After : \(authority.notAfter.openSSLText)\n"))
        }
    }
}
