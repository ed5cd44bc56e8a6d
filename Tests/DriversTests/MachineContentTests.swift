import Bootstrap
import ClusterModel
import Foundation
import PKI
import Synchronization
import TestSupport
import Testing

@testable import Drivers

@Suite struct MachineContentTests {
    /// A worker, the content it should have, and a machine that answers.
    private struct Scene {
        /// In the script that notes what was delivered, and in no other.
        static let finish = ContentManifest.path + ".new"

        let bench = StepBench(Fixtures.state([Fixtures.machine(.controlPlane), Fixtures.machine(.worker)]))
        let hosts: FakeHosts
        let content: NodeContent
        let secrets: ClusterSecrets
        let driver: MachineDriver
        let step: Step

        init(_ machine: String = Sample.worker) throws {
            secrets = try Sample.secrets.get()
            hosts = FakeHosts(log: bench.log)
            content = try NodeContent.render(NodeContents.input(machine, state: bench.state, secretsVersion: secrets.versionID))
            let vault = try Sample.vault()
            driver = MachineDriver(
                login: MachineLogin(hosts: hosts, vault: vault), assets: { _ in FakeAssets() }, vault: vault)
            step = Sample.step(.host, machine, .installContent(specDigest: content.specDigest))
        }

        func facts(digest: String = "", damaged: [String] = [], until: Int? = nil) {
            let list = damaged.map { "\"\($0)\"" }.joined(separator: ",")
            hosts.on(
                ObservationScript.text,
                says: """
                    {"specDigest":"\(digest)","damagedFiles":[\(list)],"binaries":"","services":{},"hasEtcdData":false,"bootID":"b",\
                    "certificatesUntil":\(until.map { "\($0)" } ?? "null")}
                    """)
        }

        /// What the machine says of the certificates that it has.
        func present(_ lifetime: Duration = .seconds(365 * 86_400), without missing: Set<String> = []) throws {
            var text = ""
            for certificate in content.certificates where !missing.contains(certificate.name) {
                let issued = try secrets.issue(certificate.request, now: Sample.start, lifetime: lifetime)
                text += "= \(certificate.name)\n"
                for path in certificate.paths { text += "\(FakeAssets.digest(path))  \(path)\n" }
                text += issued.certificatePEM
            }
            hosts.on("if [ -s ", says: text)
        }

        func delivery(changed: [String]) {
            hosts.on(NodeDelivery.script(), says: changed.map { $0 + "\n" }.joined())
        }

        func run() async throws -> StepOutcome { try await driver.perform(step, in: bench.context) }

        var archive: String { String(decoding: hosts.calls.first { $0.script == NodeDelivery.script() }?.input ?? [], as: UTF8.self) }
        /// Names of the files that were sent.
        func sent(_ path: String) -> Bool { archive.contains(String(path.dropFirst()) + "\0") }
        func call(_ fragment: String) -> FakeHosts.Call? { hosts.calls.first { $0.script.contains(fragment) } }
    }

    @Test func whatIsAsDeliveredIsLeftAlone() async throws {
        let scene = try Scene()
        scene.facts(digest: scene.content.specDigest, until: Int(Sample.start.timeIntervalSince1970) + 91 * 86_400)
        #expect(try await scene.run() == .unchanged)
        #expect(scene.hosts.calls.count == 1)
    }

    @Test func aNewMachineGetsEverythingAndTheNoteComesLast() async throws {
        let scene = try Scene()
        scene.facts()
        scene.hosts.on("if [ -s ")
        scene.delivery(changed: scene.content.files.map(\.path))
        scene.hosts.on("systemctl daemon-reload")
        scene.hosts.on("for turn in")
        scene.hosts.on(Scene.finish)
        #expect(try await scene.run() == .changed)
        for file in scene.content.files { #expect(scene.sent(file.path), "\(file.path)") }
        let scripts = scene.hosts.calls.map(\.script)
        #expect(scripts.count == 6)
        #expect(scripts[3].contains("systemctl daemon-reload") && scripts[3].contains("systemctl try-restart kubelet.service"))
        #expect(scripts[4].contains("for turn in"), "what was restarted is waited for")
        #expect(scripts[5].contains(scene.content.specDigest) && scripts[5].contains("certificatesUntil"))
    }

    @Test func secretsTravelOnStandardInputOnly() async throws {
        let scene = try Scene(Sample.master)
        scene.facts()
        scene.hosts.on("if [ -s ")
        scene.delivery(changed: scene.content.files.map(\.path))
        scene.hosts.on("systemctl daemon-reload")
        scene.hosts.on("for turn in")
        scene.hosts.on(Scene.finish)
        _ = try await scene.run()
        #expect(scene.archive.contains("PRIVATE KEY"))
        let encryption = Data(scene.secrets.encryptionKey.reveal()).base64EncodedString()
        #expect(scene.archive.contains(encryption))
        for call in scene.hosts.calls {
            #expect(!call.script.contains("PRIVATE KEY") && !call.script.contains(encryption))
        }
        #expect(!scene.bench.progress.joined().contains("PRIVATE"))
    }

    @Test func certificatesThatServeAreKept() async throws {
        let scene = try Scene()
        scene.facts(digest: "0000")
        try scene.present()
        scene.delivery(changed: [])
        scene.hosts.on(Scene.finish)
        _ = try await scene.run()
        #expect(!scene.archive.contains("PRIVATE KEY"), "their keys are nowhere but on the machine")
        let finish = try #require(scene.call(Scene.finish)).script
        for certificate in scene.content.certificates {
            for path in certificate.paths where scene.content.file(at: path)?.inDigest == true {
                #expect(finish.contains("\(FakeAssets.digest(path))  \(path)"), "\(path) is still in the checksums")
            }
        }
        let until = Int(Sample.start.timeIntervalSince1970) + 365 * 86_400
        #expect(finish.contains("\"certificatesUntil\":\"\(until)\""))
        #expect(scene.hosts.calls.count == 4, "nothing changed, so nothing is restarted")
    }

    @Test func certificatesWithLessThanNinetyDaysAreIssuedAnew() async throws {
        for (days, isKept) in [(89, false), (91, true)] {
            let scene = try Scene()
            scene.facts(digest: scene.content.specDigest, until: Int(Sample.start.timeIntervalSince1970) + 89 * 86_400)
            try scene.present(.seconds(days * 86_400))
            scene.delivery(changed: [])
            scene.hosts.on(Scene.finish)
            _ = try await scene.run()
            #expect(scene.archive.contains("PRIVATE KEY") == !isKept, "\(days) days")
        }
    }

    @Test func aDamagedOrMissingCertificateIsIssuedAnewAndOnlyThatOne() async throws {
        let whole = try Scene()
        let victim = try #require(whole.content.certificates.first { $0.paths.contains { whole.content.file(at: $0)?.inDigest == true } })
        let others = whole.content.certificates.filter { $0.name != victim.name }
        for isDamaged in [true, false] {
            let scene = try Scene()
            scene.facts(digest: scene.content.specDigest, damaged: isDamaged ? [victim.paths[0]] : ["/etc/other"])
            try scene.present(without: isDamaged ? [] : [victim.name])
            scene.delivery(changed: [])
            scene.hosts.on(Scene.finish)
            _ = try await scene.run()
            for path in victim.paths { #expect(scene.sent(path), "\(path)") }
            for path in others.flatMap(\.paths) { #expect(!scene.sent(path), "\(path)") }
        }
    }

    @Test func onlyWhatChangedTakesEffect() async throws {
        let scene = try Scene()
        scene.facts(digest: "0000")
        try scene.present()
        let config = try #require(scene.content.files.first { $0.effect == .restart([.proxy]) && !$0.path.hasPrefix(NodePaths.units) })
        scene.delivery(changed: [config.path])
        scene.hosts.on("systemctl try-restart kube-proxy.service")
        scene.hosts.on("for turn in")
        scene.hosts.on(Scene.finish)
        _ = try await scene.run()
        let effect = try #require(scene.call("try-restart")).script
        #expect(!effect.contains("kubelet") && !effect.contains("daemon-reload"))
        #expect(scene.bench.progress == ["applying: kube-proxy"])
    }

    @Test func anEffectThatFailsIsOwedAgain() async throws {
        let scene = try Scene()
        scene.facts()
        scene.hosts.on("if [ -s ")
        scene.delivery(changed: scene.content.files.map(\.path))
        scene.hosts.on("systemctl daemon-reload", status: 1, error: "Job for kubelet.service failed.\n")
        let error = try await expectError(.failed) { _ = try await scene.run() }
        #expect(error.doing == "applying what changed" && error.log == ["Job for kubelet.service failed."])
        #expect(scene.call(Scene.finish) == nil, "the machine is not said to have it all")
    }

    @Test func aMachineThatWasNotMadeHasNoContent() async throws {
        var state = Fixtures.state([Fixtures.machine(.worker)])
        state.network = nil
        let bench = StepBench(state)
        let vault = try Sample.vault()
        let driver = MachineDriver(login: MachineLogin(hosts: FakeHosts(), vault: vault), assets: { _ in FakeAssets() }, vault: vault)
        let error = try await expectError(.failed) {
            _ = try await driver.perform(Sample.step(.host, Sample.worker, .installContent(specDigest: "")), in: bench.context)
        }
        #expect(error.address == Address(.host, Sample.worker))
    }
}

@Suite struct CertificateReuseTests {
    private let request = CertificateRequest(
        name: "kubelet", authority: .kubernetes, commonName: "system:node:demo", organizations: ["system:nodes"], dnsNames: ["demo"],
        addresses: [Fixtures.address("100.96.8.21")], usages: [.client, .server])

    @Test func onlyTheSameRequestOfTheSameAuthorityServes() throws {
        let secrets = try Sample.secrets.get()
        let now = Sample.start
        let pem = try secrets.issue(request, now: now).certificatePEM
        #expect(CertificateReuse.serves(pem, for: request, secrets: secrets, now: now))
        var others = [request, request, request, request, request]
        others[0].addresses = [Fixtures.address("100.96.8.22")]
        others[1].commonName = "system:node:other"
        others[2].usages = [.client]
        others[3].authority = .etcd
        others[4].dnsNames = ["demo", "more"]
        for other in others { #expect(!CertificateReuse.serves(pem, for: other, secrets: secrets, now: now), "\(other)") }
        let foreign = try ClusterSecrets.generate(clusterName: "demo", now: now)
        #expect(!CertificateReuse.serves(pem, for: request, secrets: foreign, now: now))
        for damaged in ["", "rubbish", String(pem.dropLast(60)), pem.replacing("A", with: "B")] {
            #expect(!CertificateReuse.serves(damaged, for: request, secrets: secrets, now: now))
        }
    }

    @Test func itServesUntilNinetyDaysBeforeItsEnd() throws {
        let secrets = try Sample.secrets.get()
        let pem = try secrets.issue(request, now: Sample.start, lifetime: .seconds(100 * 86_400)).certificatePEM
        #expect(CertificateReuse.serves(pem, for: request, secrets: secrets, now: Sample.start.addingTimeInterval(10 * 86_400 - 1)))
        #expect(!CertificateReuse.serves(pem, for: request, secrets: secrets, now: Sample.start.addingTimeInterval(10 * 86_400)))
    }
}
