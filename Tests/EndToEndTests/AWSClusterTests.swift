import ClusterModel
import Foundation
import TestSupport
import Testing

/// The main job on AWS, on real machines behind a network that lets through what the API was told, and nothing else.
@Suite(
    "AWSClusterTests", .serialized, .bench("aws-cluster"),
    .enabled(if: AWSWorld.mayRun, Comment(rawValue: AWSWorld.missing ?? "")))
struct AWSClusterTests {
    static let name = "demo"
    static let zones = ["us-east-1a", "us-east-1b", "us-east-1c"]

    @Test("from an empty account to three masters, a roll without a failed request, losses, and back to an empty account")
    func aWholeLife() async throws {
        try await onBench { bench in
            try await AWSWorld.with(bench) { world in
                let cluster = AWSCluster(store: Store(bench: bench, name: "state-aws", world: world), world: world)
                let before = try await cluster.listing()
                try await cluster.create()
                try await cluster.expectFirstKeysDead()
                try await cluster.expectNothingToDo()
                try await cluster.addPool()
                try await cluster.expectRollWithoutFailure()
                try await cluster.expectReplaced()
                try await cluster.expectLossesNamed(every: 9)
                try await cluster.delete()
                let after = try await cluster.listing()
                try check(after == before, "the account is not as it was:\n\(after)")
            }
        }
    }

    @Test("the host is afterwards as it was before")
    func theHostIsAsItWas() async throws {
        try await onBench { bench in
            let differences = try await bench.hostDifferences()
            try check(differences.isEmpty, "the host is not as it was:\n\(differences.joined(separator: "\n"))")
        }
    }
}
