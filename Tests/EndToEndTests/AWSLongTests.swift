import TestSupport
import Testing

/// What takes too long for every day.
@Suite(
    "AWSLongTests", .serialized, .bench("aws-long"),
    .enabled(if: AWSWorld.mayRun, Comment(rawValue: AWSWorld.missing ?? "")))
struct AWSLongTests {
    @Test("each rule and each route is missed when it is gone")
    func eachLossIsNamed() async throws {
        try await onBench { bench in
            try await AWSWorld.with(bench) { world in
                let cluster = AWSCluster(store: Store(bench: bench, name: "state-aws", world: world), world: world)
                try await cluster.create()
                try await cluster.expectLossesNamed(every: 1)
                try await cluster.delete()
            }
        }
    }
}
