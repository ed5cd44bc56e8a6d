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
        let content = try NodeContent.render(input, digests: digests)
        let observed = try await login.run(ObservationScript.text, on: machine, state: state, doing: "reading its facts")
        let facts = try ObservationScript.facts(from: observed.text)
        let due = facts.certificatesUntil.map {
            Double($0) - context.run.now().timeIntervalSince1970 < CertificateReuse.renewal / .seconds(1)
        }
        if facts.specDigest == content.specDigest, facts.damagedFiles.isEmpty, due != true { return .unchanged }

        let kept = try await keptCertificates(
            content, damaged: Set(facts.damagedFiles), secrets: secrets, on: machine, state: state, context: context)
        let keptNames = Set(kept.map(\.name))
        var expiries = kept.compactMap { try? CertificateDates.notAfter(pem: $0.certificate) }
        var issued: [String: Bootstrap.IssuedCertificate] = [:]
        for certificate in content.certificates where !keptNames.contains(certificate.name) {
            let made = try secrets.issue(certificate.request, now: context.run.now())
            expiries.append(made.notAfter)
            issued[certificate.name] = Bootstrap.IssuedCertificate(certificate: made.certificatePEM, key: made.key)
        }
        let files = try content.delivered(
            keeping: kept, secret: { secrets.bytes(of: $0) },
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
        let manifest = ContentManifest(
            content, delivered: files, keeping: kept, certificatesUntil: expiries.min().map { Int($0.timeIntervalSince1970) })
        try await login.run(
            manifest.finishScript, on: machine, state: state,
            doing: "noting what was delivered")
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
        guard !effects.restart.isEmpty else { return }
        // Whoever waits for this machine's turn to be over relies on it.
        try await serviceStart.waitUntilHealthy(effects.restart, running: true, on: machine, state: state, context: context)
    }

    /// Those certificates of the machine that still serve: they are not issued anew, so nothing that uses them restarts.
    private func keptCertificates(
        _ content: NodeContent, damaged: Set<String>, secrets: ClusterSecrets, on machine: String, state: ClusterState, context: StepContext
    ) async throws -> [PresentCertificate] {
        let script = PresentCertificates.script(for: content)
        let result = try await login.run(script, on: machine, state: state, doing: "reading its certificates")
        return PresentCertificates.parse(result.text, for: content).filter { present in
            guard let wanted = content.certificate(named: present.name), damaged.isDisjoint(with: wanted.paths) else { return false }
            return CertificateReuse.serves(present.certificate, for: wanted.request, secrets: secrets, now: context.run.now())
        }
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
}
