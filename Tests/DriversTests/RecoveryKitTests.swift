import Bootstrap
import ClusterModel
import Foundation
import PKI
import TestSupport
import Testing

@testable import Drivers

@Suite struct RecoveryKitTests {
    private let bench = StepBench(Fixtures.state([Fixtures.machine(.controlPlane)]))
    private let hosts = FakeHosts()

    private func run() async throws -> StepOutcome {
        let vault = try Sample.vault()
        let driver = MachineDriver(login: MachineLogin(hosts: hosts, vault: vault), assets: { _ in FakeAssets() }, vault: vault)
        return try await driver.perform(Sample.step(.host, Sample.master, .keepRecoveryKit(digest: "planned")), in: bench.context)
    }

    private func digest() throws -> String {
        RecoveryKit.digest(
            cluster: bench.state.identity, desired: bench.state.desired,
            secretsVersion: try Sample.secrets.get().versionID)
    }

    @Test func specAndSecretsGoOverStandardInputAndInNoScript() async throws {
        hosts.on(RecoveryKit.digestScript, says: "another\n")
        hosts.on(RecoveryKit.checksumPath + ".new")
        #expect(try await run() == .changed)
        let call = try #require(hosts.calls.last)
        let kit = try RecoveryKit(Secret(call.input))
        let secrets = try Sample.secrets.get()
        #expect(kit.cluster == bench.state.identity && kit.desired == bench.state.desired && kit.serial == bench.state.serial)
        #expect(kit.secrets == secrets.encoded())
        #expect(call.script == kit.storeScript(digest: try digest()))
        for secret in kit.secrets.values where secret.reveal().count > 32 {
            #expect(!call.script.contains(secret.revealText()))
        }
    }

    @Test func oneThatIsThereIsLeftAlone() async throws {
        hosts.on(RecoveryKit.digestScript, says: try digest() + "\n")
        #expect(try await run() == .unchanged)
        #expect(hosts.calls.count == 1)
    }
}
