import ClusterModel
import Foundation
import PKI
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import Operations

@Suite struct AccessTests {
    @Test func theKubeconfigIsOfThisClusterAndShortLived() async throws {
        try await Bench.withCluster { bench in
            let entry = try await AdminAccess(bench.context).kubeconfig("demo", ttl: .seconds(3600))
            #expect(entry.identity == (try await bench.state().identity))
            #expect(entry.endpoint.url == "https://100.96.8.2:6443")
            let end = try CertificateDates.notAfter(pem: entry.endpoint.certificate)
            #expect(abs(end.timeIntervalSince(bench.clock.now) - 3600) < 2)
        }
    }

    @Test func beforeTheClusterIsMadeThereIsNone() async throws {
        try await Bench.with { bench in
            try await expectError(.notFound) { _ = try await AdminAccess(bench.context).kubeconfig("demo", ttl: .seconds(3600)) }
            _ = try await bench.create(yes: false)
            let error = try await expectError(.failed) { _ = try await AdminAccess(bench.context).kubeconfig("demo", ttl: .seconds(3600)) }
            #expect(error.hint?.contains("slipway update cluster demo --yes") == true)
        }
    }

    @Test func theLoginHasThePinnedHostKey() async throws {
        try await Bench.withCluster { bench in
            let way = try await AdminAccess(bench.context).login("demo", machine: Bench.worker)
            let login = try #require(way.last)
            #expect(way.count == 1)
            let record = bench.world.with { $0.machines[Bench.worker]?.record }
            #expect(login.endpoint.address == record?.address && login.endpoint.hostKeyFingerprint == record?.tags[Tag.hostKey])
            #expect(login.line.hasPrefix("\(login.endpoint.address) ssh-ed25519 "))
            try await expectError(.notFound) { _ = try await AdminAccess(bench.context).login("demo", machine: "stranger") }
        }
    }

    @Test func secretsOfAnotherClusterAreRefused() async throws {
        try await Bench.withCluster { bench in
            let session = try await bench.store.lock(
                "demo", as: .current(operation: "test", version: "0"), timeout: .zero, waiting: { _ in })
            try await session.saveSecrets(try ClusterSecrets.generate(clusterName: "demo", now: bench.clock.now).encoded())
            await session.release()
            let error = try await expectError(.refused) { _ = try await AdminAccess(bench.context).login("demo", machine: Bench.worker) }
            #expect(error.cause.contains("host key"))
        }
    }

    @Test func inspectShowsStateAndCloud() async throws {
        try await Bench.withCluster { bench in
            let inspect = Inspect(bench.context)
            let cluster = try await inspect.cluster("demo")
            #expect(cluster.phase == "created" && cluster.controlPlane == 1 && cluster.workers == 1)
            #expect(try await inspect.clusters() == [cluster])
            #expect(try await inspect.spec("demo") == Fixtures.cluster())
            #expect(try await inspect.pools("demo").map(\.name) == ["control-plane", "nodes"])
            #expect(try await inspect.machines("demo").map(\.status) == ["running", "running"])
            #expect(try await inspect.runs("demo").count == 1)
        }
    }

    @Test func phasesFollowTheMarks() async throws {
        try await Bench.with { bench in
            _ = try await bench.create(yes: false)
            #expect(try await Inspect(bench.context).cluster("demo").phase == "planned")
            bench.world.fail { what, _ in what.contains("deliver and") ? SlipwayError(.failed, doing: "forming", cause: "no") : nil }
            _ = try? await bench.create()
            #expect(try await Inspect(bench.context).cluster("demo").phase == "forming")
            let machines = try await Inspect(bench.context).machines("demo")
            #expect(machines.map(\.status) == ["running", "running"])
            bench.world.fail { what, _ in what.hasPrefix("deleteNetwork") ? SlipwayError(.failed, doing: "deleting", cause: "no") : nil }
            _ = try? await bench.delete()
            #expect(try await Inspect(bench.context).cluster("demo").phase == "deleting")
        }
    }
}
