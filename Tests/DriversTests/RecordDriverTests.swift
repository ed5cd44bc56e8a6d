import ClusterModel
import PKI
import Synchronization
import TestSupport
import Testing

@testable import Drivers

@Suite struct RecordDriverTests {
    private let forming = EtcdMark.initialising(token: "t", members: [Sample.master])
    private let formed = EtcdMark.initialised(token: "t")

    private func driver(_ cloud: FakeCloud, vault: Vault = Sample.emptyVault, log: CallLog? = nil) -> RecordDriver {
        RecordDriver(
            cloud: cloud, vault: vault,
            forget: {
                guard let log else { throw UnexpectedCall("forget") }
                log.add("forget")
            })
    }

    @Test func aMarkIsInTheStateFirstAndThenOnTheNetwork() async throws {
        let bench = StepBench(Fixtures.state([], etcd: .none))
        let cloud = FakeCloud(log: bench.log) { $0.tagNetwork = { _, _ in } }
        let driver = driver(cloud)
        for mark in [forming, formed] {
            _ = try await driver.perform(Sample.step(.state, "etcd", .markEtcd(mark: mark)), in: bench.context)
        }
        #expect(
            bench.log.all == [
                "record etcd initialising t demo-control-plane-a-1",
                "cloud.tagNetwork slipway.dev/etcd=initialising t demo-control-plane-a-1",
                "record etcd initialised t", "cloud.tagNetwork slipway.dev/etcd=initialised t",
            ])
        #expect(bench.state.etcd == formed)
    }

    @Test func aTagThatWasNotWrittenIsWrittenTheNextTime() async throws {
        let bench = StepBench(Fixtures.state([], etcd: .none))
        let fails = Mutex(true)
        let cloud = FakeCloud(log: bench.log) { answers in
            answers.tagNetwork = { _, _ in if fails.withLock({ $0 }) { throw Sample.transient("no answer") } }
        }
        let step = Sample.step(.state, "etcd", .markEtcd(mark: forming))
        try await expectError(.unreachable) { _ = try await driver(cloud).perform(step, in: bench.context) }
        #expect(bench.state.etcd == forming)
        fails.withLock { $0 = false }
        bench.log.clear()
        _ = try await driver(cloud).perform(step, in: bench.context)
        #expect(bench.log.all == ["cloud.tagNetwork slipway.dev/etcd=initialising t demo-control-plane-a-1"])
    }

    /// A plan that was made before, or by mistake, must not take the second mark back: an etcd could be formed again.
    @Test func aMarkNeverGoesBack() async throws {
        let bench = StepBench(Fixtures.state([], etcd: formed))
        let cloud = FakeCloud(log: bench.log) { $0.tagNetwork = { _, _ in } }
        try await expectError(.refused) {
            _ = try await driver(cloud).perform(Sample.step(.state, "etcd", .markEtcd(mark: forming)), in: bench.context)
        }
        #expect(bench.state.etcd == formed)
        #expect(bench.log.all.isEmpty, "the network's tag stays, too")
    }

    @Test func secretsAreMadeOnceAndSavedBeforeTheyAreUsed() async throws {
        let saved = Mutex<[[String: Secret]]>([])
        let vault = Vault(load: { saved.withLock { $0.last } }, save: { secrets in saved.withLock { $0.append(secrets) } })
        let driver = driver(FakeCloud(), vault: vault)
        let bench = StepBench()
        let step = Sample.step(.secrets, "demo", .ensureSecrets)
        #expect(try await driver.perform(step, in: bench.context) == .changed)
        #expect(try await driver.perform(step, in: bench.context) == .unchanged)
        let all = saved.withLock { $0 }
        #expect(all.count == 1)
        let inUse = try await vault.secrets().encoded()
        #expect(try ClusterSecrets(decoding: #require(all.first)) == ClusterSecrets(decoding: inUse))
    }

    @Test func secretsThatCannotBeSavedAreNotUsed() async throws {
        let driver = driver(FakeCloud(), vault: Sample.emptyVault)
        await #expect(throws: UnexpectedCall.self) {
            _ = try await driver.perform(Sample.step(.secrets, "demo", .ensureSecrets), in: StepBench().context)
        }
    }

    @Test func deletingIsRecordedAndForgettingForgets() async throws {
        let bench = StepBench()
        let driver = driver(FakeCloud(), log: bench.log)
        _ = try await driver.perform(Sample.step(.state, "deleting", .markDeleting), in: bench.context)
        _ = try await driver.perform(Sample.step(.state, "demo", .forgetCluster), in: bench.context)
        #expect(bench.log.all == ["record deleting", "forget"])
        #expect(bench.state.deleting)
    }

    @Test func anActionOfAnotherDriverIsABug() async throws {
        try await expectError(.bug) {
            _ = try await driver(FakeCloud()).perform(Sample.step(.host, "m", .connect), in: StepBench().context)
        }
    }
}

@Suite struct VaultTests {
    @Test func secretsAreReadOnce() async throws {
        let reads = Mutex(0)
        let encoded = try Sample.secrets.get().encoded()
        let vault = Vault(
            load: {
                reads.withLock { $0 += 1 }
                return encoded
            }, save: { _ in throw UnexpectedCall("vault.save") })
        _ = try await vault.secrets()
        #expect(try await vault.secrets() == Sample.secrets.get())
        #expect(reads.withLock { $0 } == 1)
    }

    @Test func aStoreWithoutSecretsIsAskedAgain() async throws {
        let encoded = try Sample.secrets.get().encoded()
        let reads = Mutex(0)
        let vault = Vault(
            load: {
                reads.withLock {
                    $0 += 1
                    return $0 > 1 ? encoded : nil
                }
            }, save: { _ in throw UnexpectedCall("vault.save") })
        let error = try await expectError(.failed) { _ = try await vault.secrets() }
        #expect(error.cause == "the store has none")
        #expect(try await vault.existing() != nil)
    }
}
