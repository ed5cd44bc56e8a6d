import Bootstrap
import ClusterModel
import Engine
import Foundation
import PKI
import Planning
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import Operations

/// The store is lost, or a part of it, and the cluster lives.
@Suite struct RecoveryTests {
    /// A key that an operator has beside Slipway's own.
    private static let operatorKey = SSHKeyPair()

    private static func spec(workers: Int = 2, masters: Int = 3) -> Cluster {
        var cluster = Fixtures.cluster(workers: workers)
        cluster.spec.controlPlane.count = masters
        cluster.spec.access.sshPublicKeys = [operatorKey.authorizedKey(comment: "ann@example.com")]
        cluster.spec.pools[0].labels = ["tier": "web"]
        cluster.spec.pools[0].update.maxSurge = .count(2)
        return cluster
    }

    private static let made = MadeCluster(spec())

    private func withCluster<Result>(_ body: (Bench) async throws -> Result) async throws -> Result {
        try await Self.made.copy(movesTags: true, body)
    }

    private func recovering(_ bench: Bench, key: SSHKeyPair? = nil, mayStart: Bool = false) -> OperationContext {
        var context = bench.context
        context.recovery = RecoveryRequest(sshKey: key?.privateKeyFile, mayStart: mayStart)
        return context
    }

    /// As `slipway update cluster demo --recover [--ssh-key FILE] [--yes]`.
    @discardableResult
    private func recover(
        _ bench: Bench, key: SSHKeyPair? = nil, spec: Cluster? = nil, yes: Bool = false
    ) async throws -> OperationResult {
        try await UpdateCluster(recovering(bench, key: key, mayStart: yes))("demo", spec: spec, yes: yes) { _ in }
    }

    private func lose(_ bench: Bench, _ names: String...) throws {
        for name in names { try FileManager.default.removeItem(atPath: "\(bench.store.root)/demo/\(name)") }
    }

    private func loseStore(_ bench: Bench) throws {
        try FileManager.default.removeItem(atPath: bench.store.root)
        try FileManager.default.removeItem(atPath: bench.store.key.keyFile.path)
    }

    /// It is the same state but for serials, it works as before, and ends as any cluster.
    private func expectWhole(_ bench: Bench, like before: ClusterState, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        var after = try await bench.state()
        #expect(after.serial > before.serial, sourceLocation: sourceLocation)
        after.serial = before.serial
        #expect(after == before, sourceLocation: sourceLocation)
        #expect(try await bench.update(yes: false).plan.isEmpty, "there is nothing to do", sourceLocation: sourceLocation)
        #expect(try await bench.validate() == [:], sourceLocation: sourceLocation)
        bench.world.changes.clear()
        _ = try await bench.update(Self.spec(workers: 3))
        #expect(bench.world.changes.all.filter { $0.hasPrefix("createMachine") } == ["createMachine demo-nodes-a-3"])
        #expect(try await bench.validate() == [:], sourceLocation: sourceLocation)
        _ = try await bench.delete()
        #expect(bench.world.isEmpty, sourceLocation: sourceLocation)
        #expect(try await bench.store.clusters().isEmpty, sourceLocation: sourceLocation)
    }

    // MARK: The state document is lost

    @Test func aLostStateIsRebuiltFromTagsAndWhatMastersKeep() async throws {
        try await withCluster { bench in
            let before = try await bench.state()
            let secrets = try await bench.store.readSecrets("demo")
            try lose(bench, "state.json", "journal.jsonl")
            let without = try await expectError(.notFound) { _ = try await bench.update() }
            #expect(without.hint?.contains("--recover") == true)
            bench.world.changes.clear()
            let result = try await recover(bench)
            #expect(result.plan.isEmpty)
            #expect(bench.world.changes.all.isEmpty, "nothing but the store was touched")
            #expect(try await bench.store.readSecrets("demo") == secrets)
            #expect(
                bench.events.all.contains {
                    $0.message == "rebuilt the state of cluster demo: 5 machines by their tags, the spec from its control plane"
                })
            #expect(try await bench.store.runs("demo").contains { $0.hasSuffix("-recover") })
            try await expectWhole(bench, like: before)
        }
    }

    @Test func thereIsNothingToDoForAClusterThatIsWhole() async throws {
        try await withCluster { bench in
            let before = try await bench.state()
            _ = try await recover(bench)
            #expect(try await bench.state() == before)
            #expect(try await !bench.store.runs("demo").contains { $0.hasSuffix("-recover") })
        }
    }

    @Test func everyCommandTakesIt() async throws {
        let commands: [(String, @Sendable (OperationContext) async throws -> Bool)] = [
            ("validate", { try await ValidateCluster($0)("demo").isHealthy }),
            ("get", { try await Inspect($0).machines("demo").count == 5 }),
            ("stop", { try await StopCluster($0)("demo", yes: false) { _ in }.report == nil }),
            ("create", { try await CreateCluster($0)(Self.spec(), yes: true) { _ in }.plan.isEmpty }),
            ("roll", { try await RollCluster($0)("demo", yes: true) { _ in }.plan.isEmpty }),
        ]
        for (name, command) in commands {
            try await withCluster { bench in
                try lose(bench, "state.json")
                #expect(try await command(recovering(bench)), "\(name)")
                #expect(try await bench.state().machines.count == 5, "\(name)")
            }
        }
    }

    @Test func lostMachinesAreKnownByTheirNodesAndMembers() async throws {
        try await withCluster { bench in
            bench.world.with { $0.machines["demo-nodes-a-2"] = nil }
            bench.world.with { $0.machines["demo-control-plane-a-2"] = nil }
            let before = try await bench.state()
            try lose(bench, "state.json")
            let plan = try await recover(bench).plan
            #expect(Set(try await bench.state().machines.keys) == Set(before.machines.keys))
            #expect(plan.steps.contains { $0.id == "etcd/demo-control-plane-a-2#leave-etcd" })
            #expect(bench.events.all.contains { $0.message.contains("demo-control-plane-a-2, demo-nodes-a-2") == true })
            _ = try await bench.update()
            #expect(try await bench.validate() == [:])
            #expect(Set(try await bench.state().machines.keys).isSuperset(of: ["demo-control-plane-a-4", "demo-nodes-a-3"]))
        }
    }

    /// Made before masters kept anything, or the kits are damaged: then the spec is needed.
    @Test func withoutKitsTheSpecIsGiven() async throws {
        try await withCluster { bench in
            let before = try await bench.state()
            bench.world.with { contents in for name in contents.machines.keys { contents.machines[name]?.recoveryKit.value = nil } }
            for name in before.machines.keys { bench.world.machine(name) { $0.recoveryDigest = nil } }
            try lose(bench, "state.json")
            let error = try await expectError(.refused) { try await recover(bench) }
            #expect(error.hint == "give the spec with -f FILE: the secrets are here, and the rest is in tags")
            #expect(error.cause.contains("it keeps no recovery kit"))
            let plan = try await recover(bench, spec: Self.spec()).plan
            #expect(plan.steps.allSatisfy { $0.action.name == .keepRecoveryKit }, "\(plan.steps.map(\.id))")
            _ = try await bench.update()
            var expected = before
            expected.lineage = try await bench.state().lineage
            try await expectWhole(bench, like: expected)
        }
    }

    @Test func aCreateThatWasCutGoesOnWithoutItsState() async throws {
        try await Bench.with { bench in
            bench.world.fail { what, _ in
                what.hasPrefix("run on demo-control-plane-a-1") ? SlipwayError(.failed, doing: "acting", cause: "killed") : nil
            }
            await #expect(throws: RunFailure.self) { _ = try await bench.create(Self.spec(masters: 1)) }
            bench.world.fail(nil)
            let uid = try await bench.uid
            try lose(bench, "state.json")
            _ = try await CreateCluster(recovering(bench))(Self.spec(masters: 1), yes: true) { _ in }
            #expect(try await bench.uid == uid)
            #expect(try await bench.validate() == [:])
        }
    }

    // MARK: The whole store is lost

    @Test func aLostStoreIsRebuiltWithAKeyThatTheOperatorBrought() async throws {
        try await withCluster { bench in
            let before = try await bench.state()
            let secrets = try #require(try await bench.store.readSecrets("demo"))
            try loseStore(bench)
            _ = try await recover(bench, key: Self.operatorKey)
            #expect(bench.events.all.contains { $0.message.hasPrefix("made the key \(bench.store.key.keyFile.path)") == true })
            #expect(try await bench.store.readSecrets("demo") == secrets, "none of them was made anew")
            try await expectWhole(bench, like: before)
        }
    }

    @Test func aKeyThatIsNotLetInIsRefused() async throws {
        try await withCluster { bench in
            try loseStore(bench)
            let error = try await expectError(.refused) { try await recover(bench, key: SSHKeyPair()) }
            #expect(error.cause.contains("demo-control-plane-a-1: the host does not let root in with this key"))
            #expect(try await bench.store.readState("demo") == nil)
        }
    }

    /// The newest of several kits counts, and one that somebody put there does not.
    @Test func kitsThatAreOldOrForeignDoNotCount() async throws {
        try await withCluster { bench in
            let old = bench.world.with { $0.machines["demo-control-plane-a-1"]?.recoveryKit }
            bench.world.machine("demo-control-plane-a-2") { $0.hangs = true }
            var other = Self.spec()
            other.spec.pools[0].labels["tier"] = "new"
            _ = try? await bench.update(other)
            let before = try await bench.state()
            bench.world.machine("demo-control-plane-a-2") { machine in
                machine.hangs = false
                machine.recoveryKit = old ?? machine.recoveryKit
            }
            // Another cluster's kit, with its own secrets and the highest serial.
            let foreign = try ClusterSecrets.generate(clusterName: "demo", now: bench.clock.now)
            let kit = RecoveryKit(
                cluster: before.identity, lineage: before.lineage, serial: 9999, desired: Fixtures.cluster(), secrets: foreign.encoded())
            bench.world.machine("demo-control-plane-a-3") { $0.recoveryKit.value = kit.bytes }
            try loseStore(bench)
            _ = try await recover(bench, key: Self.operatorKey)
            #expect(try await bench.state().desired == other)
        }
    }

    @Test func aMachineWithAnotherHostKeyIsToldNothing() async throws {
        try await withCluster { bench in
            // As if somebody answered at their addresses: the tag says what to expect.
            let names = ["demo-control-plane-a-1", "demo-control-plane-a-2", "demo-control-plane-a-3"]
            for name in names { bench.world.machine(name) { $0.record.tags[Tag.hostKey] = nil } }
            try loseStore(bench)
            let error = try await expectError(.refused) { try await recover(bench, key: Self.operatorKey) }
            #expect(error.cause.contains("no tag names its host key"))
        }
    }

    @Test func lostSecretsAloneComeBack() async throws {
        try await withCluster { bench in
            let before = try await bench.state()
            try lose(bench, "secrets.enc")
            let refused = try await expectError(.refused) { _ = try await bench.update() }
            #expect(refused.hint?.contains("--recover --ssh-key") == true)
            try await expectError(.refused) { try await recover(bench) }
            _ = try await recover(bench, key: Self.operatorKey)
            #expect(try await bench.state() == before)
            #expect(try await bench.validate() == [:])
        }
    }

    // MARK: Neither

    @Test func withNeitherSecretsNorKeyOnlyDeleteIsLeft() async throws {
        try await withCluster { bench in
            try loseStore(bench)
            let error = try await expectError(.refused) { try await recover(bench) }
            #expect(error.hint?.contains("--ssh-key FILE") == true && error.hint?.contains("slipway delete cluster demo --yes") == true)
            #expect(try await bench.store.clusters().isEmpty, "nothing was written")
            _ = try await bench.delete()
            #expect(bench.world.isEmpty)
            try await expectError(.notFound) { try await recover(bench, key: Self.operatorKey) }
        }
    }

    /// What is left of a lost state goes with the cluster, so that another of its name can be made.
    @Test func aDeleteWithoutStateForgetsTheSecretsToo() async throws {
        try await withCluster { bench in
            try lose(bench, "state.json")
            _ = try await bench.delete()
            #expect(bench.world.isEmpty)
            #expect(try await bench.store.clusters().isEmpty)
            _ = try await bench.create()
            #expect(try await bench.validate() == [:])
        }
    }

    // MARK: Never begun anew

    @Test func anInitialisedClusterWithoutReachableMemberIsNeverBegunAnew() async throws {
        for key in [nil, Self.operatorKey] {
            try await withCluster { bench in
                for number in 1...3 { bench.world.machine("demo-control-plane-a-\(number)") { $0.hangs = true } }
                if key == nil { try lose(bench, "state.json") } else { try loseStore(bench) }
                bench.world.changes.clear()
                for spec in [nil, Self.spec()] {
                    let error = try await expectError(.refused) { try await recover(bench, key: key, spec: spec, yes: true) }
                    #expect(error.cause.contains("no machine of its control plane can be asked"))
                    #expect(error.cause.contains("it was initialised once, and is never begun anew"))
                }
                #expect(bench.world.changes.all.isEmpty)
                // And not by a create beside it either.
                let create = try await expectError(.refused) { _ = try await bench.create(Self.spec()) }
                #expect(create.cause.contains("was made from this store, which has lost its state"))
                #expect(bench.world.changes.all.isEmpty)
            }
        }
    }

    /// The only master is gone with its data: tags alone bring nothing back.
    @Test func aClusterWithoutMastersIsRefused() async throws {
        try await withCluster { bench in
            bench.world.with { contents in for number in 1...3 { contents.machines["demo-control-plane-a-\(number)"] = nil } }
            try loseStore(bench)
            let error = try await expectError(.refused) { try await recover(bench, key: Self.operatorKey) }
            #expect(error.cause.contains("can be asked: it has none"))
        }
    }

    /// After a reboot of their host all machines are stopped: with --yes those that keep the kit are started to be asked.
    @Test func stoppedMastersAreStartedOnlyWithYes() async throws {
        try await withCluster { bench in
            let before = try await bench.state()
            try loseStore(bench)
            bench.world.reboot()
            bench.world.changes.clear()
            let error = try await expectError(.refused) { try await recover(bench, key: Self.operatorKey) }
            #expect(error.hint == "with --yes the network is brought up and the control plane started, to be asked")
            #expect(bench.world.changes.all.isEmpty)
            _ = try await recover(bench, key: Self.operatorKey, yes: true)
            try await expectWhole(bench, like: before)
        }
    }

    @Test func aSecondClusterOfTheNameIsNotMadeBesideALostOne() async throws {
        try await withCluster { bench in
            try loseStore(bench)
            bench.world.changes.clear()
            for yes in [false, true] {
                let error = try await expectError(.refused) { _ = try await bench.create(Self.spec(), yes: yes) }
                #expect(error.hint?.contains("slipway update cluster demo --recover") == true)
            }
            #expect(bench.world.changes.all.isEmpty)
            #expect(try await bench.store.clusters().isEmpty)
            // Another store may have one of its name.
            let other = bench.other(store: "other")
            for _ in 0..<5 { _ = other.context.run.randomHex(8) }
            _ = try await other.create(yes: false)
        }
    }

    // MARK: Keys of the spec

    @Test func anotherKeyOfTheSpecReachesMachinesThatAreThere() async throws {
        try await withCluster { bench in
            let new = SSHKeyPair()
            var spec = Self.spec()
            spec.spec.access.sshPublicKeys = [new.authorizedKey(comment: "bob@example.com")]
            bench.world.changes.clear()
            let result = try await bench.update(spec)
            let changes = bench.world.changes.all
            let others = changes.filter { change in !["deliver", "content", "recovery kit", "api "].contains { change.contains($0) } }
            #expect(others == [], "machines and services are left alone")
            #expect(result.plan.steps.count { $0.action.name == .installContent } == 5)
            for name in try await bench.state().machines.keys {
                let lines = bench.world.with { $0.machines[name]?.files["/root/.ssh/authorized_keys"]?.text } ?? ""
                #expect(lines.hasSuffix("\n\(new.authorizedKey(comment: "bob@example.com"))\n") && lines.split(separator: "\n").count == 2)
            }
            #expect(try await bench.validate() == [:])
            #expect(try await bench.update().plan.isEmpty)
            // The key that is no longer in the spec opens nothing any more.
            try loseStore(bench)
            try await expectError(.refused) { try await recover(bench, key: Self.operatorKey) }
            _ = try await recover(bench, key: new)
            #expect(try await bench.state().desired == spec)
        }
    }
}
