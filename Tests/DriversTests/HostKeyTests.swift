import Bootstrap
import ClusterModel
import Foundation
import PKI
import TestSupport
import Testing

@testable import Drivers

/// The first login to a machine whose host key others may know.
@Suite struct HostKeyTests {
    private static let own = SSHKeyPair()
    private static let key = own.authorizedKey(comment: "")

    private func seed() throws -> String { try Sample.secrets.get().hostKey(for: Sample.worker).fingerprint }

    private func bench(hostKey: String? = nil) throws -> StepBench {
        var machine = Fixtures.machine(.worker, hostKey: try seed())
        machine.hostKey = hostKey
        return StepBench(Fixtures.state([machine]))
    }

    private func connect(_ bench: StepBench, _ hosts: FakeHosts, seeds: Bool = true) async throws {
        let vault = try Sample.vault()
        let cloud = FakeCloud(log: bench.log) { answers in
            answers.hostKeysAreSeeds = seeds
            answers.tagMachine = { _, _, _ in }
        }
        let driver = MachineDriver(
            login: MachineLogin(hosts: hosts, vault: vault), assets: { _ in FakeAssets() }, vault: vault, cloud: cloud, watchesBoots: false)
        _ = try await driver.perform(Sample.step(.host, Sample.worker, .connect), in: bench.context)
    }

    /// Each script by a fragment that no other has, in the order in which rules are tried.
    private enum Script {
        static let proof = "sshd -T"
        static let activate = "KEY="
        static let stage = "lies ready already"
        static let check = "conntrack"
        static let login = "true"
    }

    private func hosts(_ log: CallLog) -> FakeHosts {
        let hosts = FakeHosts(log: log)
        hosts.on(Script.proof, says: Self.key + "\n")
        hosts.on(Script.activate)
        hosts.on(Script.stage, says: Self.key + "\n")
        hosts.on(Script.check)
        hosts.on(Script.login)
        return hosts
    }

    private func called(_ bench: StepBench) -> [String] {
        bench.log.all.map { $0.replacing("\(Sample.worker): ", with: "").replacing(Self.own.fingerprint, with: "OWN") }
    }

    @Test func theNewKeyIsNotedBeforeItIsActivatedAndPinnedOnceProven() async throws {
        let bench = try bench()
        let hosts = hosts(bench.log)
        try await connect(bench, hosts)
        #expect(
            called(bench) == [
                Script.login, Script.stage, "record hostKeyStaged \(Sample.worker)", Script.activate, Script.proof,
                "cloud.tagMachine \(Sample.worker) \(Tag.hostKey)=OWN", "record hostKeyPinned \(Sample.worker)", Script.check,
            ])
        let (seed, own) = (try seed(), Self.own.fingerprint)
        #expect(hosts.calls.map(\.endpoint.acceptedFingerprints) == [[seed], [seed], [seed, own], [own], [own]])
        let entry = try #require(bench.state.machines[Sample.worker])
        #expect(entry.hostKeyFingerprint == own && entry.hostKey == Self.key && entry.acceptedFingerprints == [own])
        #expect(hosts.calls.allSatisfy { $0.input.isEmpty }, "no private key goes over the line")
    }

    @Test func whereHostKeysAreSecretNothingChanges() async throws {
        let bench = try bench()
        try await connect(bench, hosts(bench.log), seeds: false)
        #expect(called(bench) == [Script.check])
    }

    @Test func aMachineWithAKeyOfItsOwnKeepsIt() async throws {
        let bench = StepBench(Fixtures.state([Fixtures.machine(.worker, hostKey: Self.own.fingerprint)]))
        try await connect(bench, hosts(bench.log))
        #expect(called(bench) == [Script.check])
    }

    @Test func whatWasCutShortGoesOnWithTheKeyThatWasNoted() async throws {
        let bench = try bench(hostKey: Self.key)
        let hosts = hosts(bench.log)
        try await connect(bench, hosts)
        #expect(!called(bench).contains(Script.stage))
        #expect(hosts.calls[0].endpoint.acceptedFingerprints == [try seed(), Self.own.fingerprint], "either may be served")
        #expect(bench.state.machines[Sample.worker]?.hostKeyFingerprint == Self.own.fingerprint)
    }

    @Test func aKeyThatIsNoLongerThereIsMadeAnew() async throws {
        let bench = try bench(hostKey: SSHKeyPair().authorizedKey(comment: ""))
        let hosts = FakeHosts(log: bench.log)
        hosts.on(Script.activate, times: 1, status: HostKeyRenewal.isMissing)
        hosts.on(Script.proof, says: Self.key + "\n")
        hosts.on(Script.activate)
        hosts.on(Script.stage, says: Self.key + "\n")
        hosts.on(Script.check)
        hosts.on(Script.login)
        try await connect(bench, hosts)
        #expect(bench.state.machines[Sample.worker]?.hostKey == Self.key)
        #expect(bench.state.machines[Sample.worker]?.hostKeyFingerprint == Self.own.fingerprint)
    }

    @Test func sshdHasItsTimeToServeTheNewKey() async throws {
        let bench = try bench()
        let hosts = FakeHosts(log: bench.log)
        hosts.on(Script.proof, times: 1) { _ in throw Sample.transient("connection refused") }
        hosts.on(Script.proof, times: 2) { _ in throw SlipwayError(.refused, doing: "connecting", cause: "it has another host key") }
        hosts.on(Script.proof, says: Self.key + "\n")
        hosts.on(Script.activate)
        hosts.on(Script.stage, says: Self.key + "\n")
        hosts.on(Script.check)
        hosts.on(Script.login)
        try await connect(bench, hosts)
        #expect(bench.state.machines[Sample.worker]?.hostKeyFingerprint == Self.own.fingerprint)
    }

    /// What is said by whoever proves it: another key, no key at all, or that the old one is still served.
    @Test(arguments: ["other", "status", "refused"])
    func whatIsNotProvenIsNotPinned(_ how: String) async throws {
        let bench = try bench()
        let hosts = FakeHosts(log: bench.log)
        let other = SSHKeyPair().authorizedKey(comment: "")
        hosts.on(Script.proof) { _ in
            switch how {
            case "other": HostResult(exitStatus: 0, output: Array(other.utf8), errorOutput: [])
            case "status": HostResult(exitStatus: 1, output: [], errorOutput: Array("there is another host key".utf8))
            default: throw SlipwayError(.refused, doing: "connecting", cause: "it has another host key")
            }
        }
        hosts.on(Script.activate)
        hosts.on(Script.stage, says: Self.key + "\n")
        hosts.on(Script.login)
        let error = try await expectError(.failed) { try await connect(bench, hosts) }
        #expect(error.doing == "proving its host key")
        #expect(bench.state.machines[Sample.worker]?.hostKeyFingerprint == (try seed()))
        #expect(!bench.log.all.contains { $0.hasPrefix("cloud.tagMachine") })
    }

    @Test(arguments: ["", "ssh-rsa AAAA", "ssh-ed25519 AAAA", "ssh-ed25519 \(Data(repeating: 1, count: 51).base64EncodedString())"])
    func whatIsNoKeyIsNotNoted(_ said: String) async throws {
        let bench = try bench()
        let hosts = FakeHosts(log: bench.log)
        hosts.on(Script.stage, says: said)
        hosts.on(Script.login)
        try await expectError(.failed) { try await connect(bench, hosts) }
        #expect(bench.state.machines[Sample.worker]?.hostKey == nil)
    }

    @Test func fingerprintsAreAsOpenSSHPrintsThem() throws {
        #expect(HostKeyRenewal.fingerprint(of: Self.key) == Self.own.fingerprint)
        #expect(HostKeyRenewal.fingerprint(of: Self.own.authorizedKey(comment: "me")) == nil, "a comment is no part of it")
    }
}
