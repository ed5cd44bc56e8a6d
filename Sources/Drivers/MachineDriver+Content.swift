import Bootstrap
import ClusterModel
import Foundation
import PKI

extension MachineDriver {
    /// Delivers files, certificates and units in one archive, carries out the effects of what changed, and writes last that
    /// the machine has all of it.
    func installContent(on machine: String, state: ClusterState, context: StepContext) async throws -> StepOutcome {
        let secrets = try await vault.secrets()
        let input = try NodeContents.input(machine, state: state, secretsVersion: secrets.versionID)
        let content = try NodeContent.render(input)
        let observed = try await login.run(ObservationScript.text, on: machine, state: state, doing: "reading its facts")
        let facts = try ObservationScript.facts(from: observed.text)
        if facts.specDigest == content.specDigest, facts.damagedFiles.isEmpty { return .unchanged }

        let present = try await presentCertificates(content, on: machine, state: state)
        var issued: [String: Bootstrap.IssuedCertificate] = [:]
        for certificate in content.certificates {
            if let kept = present[certificate.name],
                CertificateReuse.serves(kept.certificate, for: certificate.request, secrets: secrets, now: context.run.now())
            {
                issued[certificate.name] = kept
            } else {
                let made = try secrets.issue(certificate.request, now: context.run.now())
                issued[certificate.name] = Bootstrap.IssuedCertificate(certificate: made.certificatePEM, key: made.key)
            }
        }
        let files = try content.delivered(
            secret: { secrets.bytes(of: $0) },
            certificate: { name in
                guard let certificate = issued[name] else {
                    throw SlipwayError(.bug, doing: "rendering its content", cause: "no certificate is called \(name)")
                }
                return certificate
            })
        let archive = try NodeDelivery.archive(files, folders: content.folders)
        let delivered = try await login.run(
            NodeDelivery.script(), on: machine, state: state, doing: "delivering its content", input: archive, timeout: .seconds(120))
        let changed = NodeDelivery.changedFiles(in: delivered.text)
        try await carryOut(content.effects(ofChanged: changed), on: machine, state: state, context: context)
        try await login.run(
            ContentManifest(content, delivered: files).finishScript, on: machine, state: state, doing: "noting what was delivered")
        return .changed
    }

    /// Restarts only what runs: on a new machine nothing does yet.
    private func carryOut(_ effects: ContentEffects, on machine: String, state: ClusterState, context: StepContext) async throws {
        var lines = ["set -eu"]
        if effects.reloadsUnits { lines.append("systemctl daemon-reload") }
        for service in effects.reload { lines.append("systemctl try-reload-or-restart \(service.unit)") }
        for service in effects.restart { lines.append("systemctl try-restart \(service.unit)") }
        guard lines.count > 1 else { return }
        if !effects.restart.isEmpty { context.progress("applying: " + effects.restart.map(\.rawValue).joined(separator: ", ")) }
        try await login.run(
            lines.joined(separator: "\n"), on: machine, state: state, doing: "applying what changed", timeout: .seconds(300))
    }

    /// The certificates that the machine has, with their keys, so that those that still serve are not issued anew and
    /// nothing that uses them restarts.
    private func presentCertificates(
        _ content: NodeContent, on machine: String, state: ClusterState
    ) async throws -> [String: Bootstrap.IssuedCertificate] {
        let paths = content.certificates.flatMap(\.paths)
        guard !paths.isEmpty else { return [:] }
        let script = paths.map { "printf '%s %s\\n' '\($0)' \"$(base64 -w0 '\($0)' 2>/dev/null)\"" }.joined(separator: "\n")
        let result = try await login.run(script, on: machine, state: state, doing: "reading its certificates")
        var files: [String: String] = [:]
        for line in result.text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let data = Data(base64Encoded: String(words[1])) {
                files[String(words[0])] = String(decoding: data, as: UTF8.self)
            }
        }
        var present: [String: Bootstrap.IssuedCertificate] = [:]
        for certificate in content.certificates {
            let texts = certificate.paths.compactMap { files[$0] }
            guard let pem = texts.first(where: { $0.contains("BEGIN CERTIFICATE") }),
                let key = texts.first(where: { $0.contains("PRIVATE KEY") })
            else { continue }
            present[certificate.name] = Bootstrap.IssuedCertificate(
                certificate: CertificateReuse.part(pem, "CERTIFICATE"), key: Secret(CertificateReuse.part(key, "PRIVATE KEY")))
        }
        return present
    }
}

/// Decides whether a certificate that a machine has still serves.
enum CertificateReuse {
    /// Certificates with less left are issued anew.
    static let renewal: Duration = .seconds(90 * 86_400)

    static func serves(_ pem: String, for request: CertificateRequest, secrets: ClusterSecrets, now: Date) -> Bool {
        guard let notAfter = try? CertificateDates.notAfter(pem: pem), notAfter.timeIntervalSince(now) > renewal / .seconds(1) else {
            return false
        }
        return secrets.issued(pem, for: request)
    }

    /// The first PEM block of the kind, with its lines.
    static func part(_ text: String, _ kind: String) -> String {
        guard let start = text.range(of: "-----BEGIN \(kind)-----"), let end = text.range(of: "-----END \(kind)-----") else { return text }
        return String(text[start.lowerBound..<end.upperBound]) + "\n"
    }
}
