import TestSupport
import Testing

/// Machines that nobody outside reaches, in a VPC that is somebody else's.
@Suite(
    "AWSPrivateTests", .serialized, .bench("aws-private"),
    .enabled(if: AWSWorld.mayRun, Comment(rawValue: AWSWorld.missing ?? "")))
struct AWSPrivateTests {
    @Test("behind a bastion and a NAT gateway, from a foreign VPC as it was to the same again")
    func aHiddenLife() async throws {
        try await onBench { bench in
            try await AWSWorld.with(bench) { world in
                let cluster = AWSCluster(store: Store(bench: bench, name: "state-private", world: world), world: world)
                let vpc = try await cluster.makeForeignParts()
                let before = (try await cluster.listing(), try await cluster.records())
                try await cluster.create(cluster.privateSpecification(in: vpc))
                try await cluster.expectHidden()
                // A foreign VPC, NAT gateways and a record are read besides.
                try await cluster.expectNothingToDo(most: 40)
                try await cluster.expectWaysOut()
                try await cluster.expectPodsReachAPI()
                try await cluster.expectBastionReplaced()
                try await cluster.expectAllRolled()
                try await cluster.delete()
                let after = (try await cluster.listing(), try await cluster.records())
                try check(after == before, "the account is not as it was:\n\(after)")
            }
        }
    }

    @Test("in subnets that are somebody else's, between which pods are led by tables of theirs")
    func aLifeInForeignSubnets() async throws {
        try await onBench { bench in
            try await AWSWorld.with(bench) { world in
                let cluster = AWSCluster(store: Store(bench: bench, name: "state-subnets", world: world), world: world)
                let settings = try await cluster.makeForeignSubnets()
                let before = try await cluster.listing()
                try await cluster.create(cluster.specification(settings))
                let shown = try await cluster.store.machines(AWSCluster.name).filter { $0.accessAddress != nil }.map(\.name)
                try check(shown == [AWSCluster.bastion], "\(shown) have an address outside")
                try await cluster.expectNothingToDo(most: 30)
                try await cluster.delete()
                let after = try await cluster.listing()
                try check(after == before, "the account is not as it was:\n\(after)")
            }
        }
    }
}
