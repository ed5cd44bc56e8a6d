import ClusterModel
import Engine
import Foundation
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import Operations

/// What cannot be done yet, or ever, is refused before anything is touched or stored.
@Suite struct RefusalTests {
    private struct Change: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// What the error says.
        var cause: String
        var make: @Sendable (inout ClusterSpec) -> Void
    }

    private static let changes: [Change] = [
        Change(testDescription: "pod range", cause: "spec.network.podCIDR") {
            $0.network.podCIDR = Fixtures.cidr("10.8.0.0/16")
        },
        Change(testDescription: "service range", cause: "spec.network.serviceCIDR") {
            $0.network.serviceCIDR = Fixtures.cidr("10.9.0.0/16")
        },
        Change(testDescription: "machines' range", cause: "spec.cloud.local.cidr") {
            $0.cloud.local = LocalCloudSpec(cidr: Fixtures.cidr("100.96.99.0/24"))
        },
        Change(testDescription: "version", cause: "spec.kubernetesVersion") {
            $0.kubernetesVersion = KubernetesVersion(major: 1, minor: 20, patch: 3)
        },
    ]

    @Test(arguments: changes) private func aChangeThatCannotBeMadeIsRefused(_ change: Change) async throws {
        try await Bench.withCluster { bench in
            var spec = Fixtures.cluster()
            change.make(&spec.spec)
            bench.world.changes.clear()
            for yes in [false, true] {
                let error = try await expectError(.refused) { _ = try await bench.update(spec, yes: yes) }
                #expect(error.cause.contains(change.cause) && error.hint != nil, "\(error)")
            }
            let error = try await expectError(.refused) { _ = try await ReplaceSpec(bench.context)(spec) }
            #expect(error.cause.contains(change.cause))
            #expect(try await bench.state().desired == Fixtures.cluster())
            #expect(bench.world.changes.all.isEmpty)
            try await bench.expectUnlocked()
        }
    }

    @Test func whileNothingWasMadeEverythingMayChange() async throws {
        for change in RefusalTests.changes {
            try await Bench.with { bench in
                _ = try await bench.create(yes: false)
                var spec = Fixtures.cluster()
                change.make(&spec.spec)
                #expect(try await !ReplaceSpec(bench.context)(spec).isEmpty, "\(change.testDescription)")
                #expect(try await bench.state().desired == spec)
            }
        }
    }

    /// New secrets would lock out every machine, and make the old etcd unreadable.
    @Test func lostSecretsAreNotMadeAnew() async throws {
        try await Bench.withCluster { bench in
            try FileManager.default.removeItem(atPath: "\(bench.store.root)/demo/secrets.enc")
            bench.world.changes.clear()
            let error = try await expectError(.refused) { _ = try await bench.update() }
            #expect(error.cause.contains("secrets are gone"))
            #expect(bench.world.changes.all.isEmpty)
            _ = try await bench.delete()
            #expect(bench.world.isEmpty, "it can still be deleted")
        }
    }

    @Test func aLostKeyIsNotMadeAnew() async throws {
        try await Bench.withCluster { bench in
            try FileManager.default.removeItem(atPath: "\(bench.folder)/key")
            let error = try await expectError(.notFound) { _ = try await bench.update() }
            #expect(error.cause.contains("\(bench.folder)/key"))
            #expect(!FileManager.default.fileExists(atPath: "\(bench.folder)/key"))
            _ = try await bench.delete()
            #expect(bench.world.isEmpty, "it can still be deleted")
        }
    }
}
