import ClusterModel
import Engine
import Foundation
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import Operations

@Suite struct DeleteTests {
    @Test func everythingGoesAndASecondDeleteFindsNothing() async throws {
        try await Bench.withCluster { bench in
            let preview = try await bench.delete(yes: false)
            #expect(preview.report == nil && !bench.world.isEmpty)
            #expect(try await !bench.state().deleting)
            _ = try await bench.delete()
            #expect(bench.world.isEmpty)
            #expect(try await bench.store.clusters().isEmpty)
            #expect(try await bench.store.readSecrets("demo") == nil)
            let error = try await expectError(.notFound) { _ = try await bench.delete() }
            #expect(error.hint == "it was deleted already, or --state names another store")
        }
    }

    @Test func aClusterThatWasOnlyPlannedIsForgotten() async throws {
        try await Bench.with { bench in
            _ = try await bench.create(yes: false)
            let result = try await bench.delete()
            #expect(result.plan.steps.map(\.action.name) == [.markDeleting, .forgetCluster])
            #expect(try await bench.store.clusters().isEmpty)
        }
    }

    @Test func machinesThatTheStateDoesNotKnowGoToo() async throws {
        try await Bench.withCluster { bench in
            let uid = try await bench.uid
            let stray = MachineRequest(
                cluster: ClusterIdentity(name: "demo", uid: uid), name: "demo-nodes-a-9", zone: "local-a", role: .worker,
                instanceType: "local.small", token: "t", tags: [Tag.clusterUID: uid], hostKey: Secret(""), authorizedKeys: [],
                programsCheck: "")
            _ = try await bench.world.createMachine(stray)
            _ = try await bench.delete()
            #expect(bench.world.isEmpty)
        }
    }

    @Test func whatAnotherClusterOwnsIsLeftAlone() async throws {
        try await Bench.withCluster { bench in
            bench.world.machine(Bench.worker) { $0.record.tags[Tag.clusterUID] = "someone" }
            do {
                _ = try await bench.delete()
                Issue.record("it was deleted")
            } catch let failure as RunFailure {
                #expect(failure.report.errors.map(\.code) == [.refused])
                #expect(failure.report.errors[0].address == Address(.machine, Bench.worker))
            }
            #expect(bench.world.with { Set($0.machines.keys) } == [Bench.worker])
            #expect(try await bench.state().deleting, "nothing is forgotten while something is left")
        }
    }

    // MARK: Lost state

    private func loseState(_ bench: Bench) throws {
        try FileManager.default.removeItem(atPath: "\(bench.store.root)/demo")
    }

    @Test func aLostStatesClusterIsFoundByItsTags() async throws {
        try await Bench.with { bench in
            _ = try await bench.create()
            try loseState(bench)
            let result = try await bench.delete()
            #expect(result.plan.steps.allSatisfy { $0.action.kind == .cloud })
            #expect(bench.world.isEmpty)
            try await expectError(.notFound) { _ = try await bench.delete() }
        }
    }

    /// Two clusters of one name from two stores on one cloud: each delete removes its own.
    @Test func onlyThisStoresClusterIsTaken() async throws {
        try await Bench.with { bench in
            let other = bench.other(store: "theirs")
            _ = try await bench.create()
            let ours = try await bench.uid
            // The world tells machines apart by name, so the other cluster has only its network so far.
            _ = try await bench.world.ensureNetwork(
                NetworkRequest(
                    cluster: ClusterIdentity(name: "demo", uid: "ffff0000"), cidr: nil, podCIDR: Fixtures.podCIDR,
                    serviceCIDR: Fixtures.serviceCIDR, tags: [Tag.store: other.store.location, Tag.clusterUID: "ffff0000"]))
            try loseState(bench)
            let result = try await bench.delete()
            #expect(result.plan.cluster.uid == ours)
            #expect(bench.world.with { Array($0.networks.keys) } == ["ffff0000"])

            let error = try await expectError(.notFound) { _ = try await bench.delete() }
            #expect(error.hint?.contains(other.store.location) == true, "where to look is said")
            _ = try await other.delete()
            #expect(bench.world.isEmpty)
        }
    }

    @Test func twoOfThisStoreAreAmbiguousAndBothStay() async throws {
        try await Bench.with { bench in
            for uid in ["aaaa0000", "bbbb0000"] {
                _ = try await bench.world.ensureNetwork(
                    NetworkRequest(
                        cluster: ClusterIdentity(name: "demo", uid: uid), cidr: nil, podCIDR: Fixtures.podCIDR,
                        serviceCIDR: Fixtures.serviceCIDR, tags: [Tag.store: bench.store.location, Tag.clusterUID: uid]))
            }
            let error = try await expectError(.refused) { _ = try await bench.delete() }
            #expect(error.cause.contains("aaaa0000, bbbb0000"))
            #expect(bench.world.with { $0.networks.count } == 2)
        }
    }

    @Test func aDeleteWithoutStateGoesOnAfterAFailure() async throws {
        try await Bench.with { bench in
            _ = try await bench.create()
            try loseState(bench)
            bench.world.fail { what, _ in what.hasPrefix("deleteNetwork") ? SlipwayError(.failed, doing: "deleting", cause: "busy") : nil }
            await #expect(throws: RunFailure.self) { _ = try await bench.delete() }
            bench.world.fail(nil)
            _ = try await bench.delete()
            #expect(bench.world.isEmpty)
        }
    }
}
