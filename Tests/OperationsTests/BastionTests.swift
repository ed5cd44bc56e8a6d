import Bootstrap
import ClusterModel
import Foundation
import Planning
import SimulatedCloud
import StateStore
import Synchronization
import TestSupport
import Testing

@testable import Operations

/// Clusters whose machines nobody outside reaches but through a bastion.
@Suite struct BastionTests {
    private static func spec(workers: Int = 1, bastion: String? = "t3.micro") -> Cluster {
        var cluster = Fixtures.cluster(workers: workers)
        cluster.spec.cloud = CloudSpec(
            provider: .aws, aws: AWSCloudSpec(region: "eu-central-1", topology: .private, bastionType: bastion))
        return cluster
    }

    private static let made = MadeCluster(spec(), provider: .aws)
    private static let bastion = "demo-bastion-a-1"

    private final class Shown: Sendable {
        private let list = Mutex<[Plan]>([])
        func add(_ plan: Plan) { list.withLock { $0.append(plan) } }
        var plans: [Plan] { list.withLock { $0 } }
    }

    private func withCluster<Result>(_ body: (Bench) async throws -> Result) async throws -> Result {
        try await Self.made.copy(movesTags: true, body)
    }

    @Test func everyLoginLeadsThroughItAndASecondUpdateChangesNothing() async throws {
        try await withCluster { bench in
            #expect(try await bench.validate() == [:])
            bench.world.changes.clear()
            #expect(try await bench.update().plan.isEmpty)
            #expect(bench.world.changes.all == [])
            let state = try await bench.state()
            #expect(state.machines.values.filter { $0.accessAddress != nil }.map(\.name) == [Self.bastion])
            let way = try await AdminAccess(bench.context).login("demo", machine: Bench.worker)
            #expect(way.map(\.endpoint.machine) == [Self.bastion, Bench.worker])
            #expect(way.last?.endpoint.via.map(\.machine) == [Self.bastion])
            for hop in way { #expect(hop.line.hasPrefix("\(hop.endpoint.address) ssh-ed25519 ")) }
            #expect(try await AdminAccess(bench.context).login("demo", machine: Self.bastion).count == 1)
            let entry = try #require(state.machines[Self.bastion])
            #expect(entry.hostKey.flatMap { HostKeyRenewal.fingerprint(of: $0) } == entry.hostKeyFingerprint, "its key is its own")
            #expect(try await Inspect(bench.context).pools("demo").map(\.name) == ["control-plane", "bastion", "nodes"])
        }
    }

    @Test func oneThatIsGoneIsReplacedBeforeAnythingElseIsPlanned() async throws {
        try await withCluster { bench in
            try await bench.world.deleteMachine(try await bench.state().identity, name: Self.bastion)
            bench.world.machine(Bench.worker) { $0.services[.kubelet] = "inactive" }
            let shown = Shown()
            _ = try await UpdateCluster(bench.context)("demo", yes: false) { shown.add($0) }
            #expect(shown.plans.count == 1, "what is planned then nobody can know yet")
            _ = try await UpdateCluster(bench.context)("demo", yes: true) { shown.add($0) }
            let plans = shown.plans.dropFirst()
            #expect(plans.count == 2 && plans.first?.opensTheWay == true && plans.last?.opensTheWay == nil)
            #expect(Set(plans.first?.steps.map(\.address.name) ?? []) == [Self.bastion, "demo-bastion-a-2"])
            #expect(plans.first?.warnings.contains { $0.contains("planned once it is there") } == true)
            #expect(plans.last.map { Set($0.steps.map(\.address.name)) }?.isSubset(of: ["\(Bench.worker)/node", Bench.worker]) == true)
            #expect(try await bench.state().machines[Self.bastion] == nil)
            #expect(try await bench.validate() == [:])
            #expect(try await bench.update().plan.isEmpty)
        }
    }

    @Test func reconcileDoesBothInOne() async throws {
        try await withCluster { bench in
            try await bench.world.deleteMachine(try await bench.state().identity, name: Self.bastion)
            bench.world.machine(Bench.worker) { $0.services[.kubelet] = "inactive" }
            _ = try await ReconcileCluster(bench.context)("demo", yes: true) { _ in }
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func anotherTypeRollsItWithTheOldOneLast() async throws {
        try await withCluster { bench in
            var cluster = Self.spec()
            cluster.spec.cloud.aws?.bastionType = "t3.small"
            cluster.spec.pools[0].instanceType = "t3.large"
            bench.world.changes.clear()
            let result = try await RollCluster(bench.context)("demo", spec: cluster, yes: true) { _ in }
            let removal = try #require(result.plan.steps.first { $0.id == Step.id(Address(.machine, Self.bastion), .deleteMachine) })
            #expect(result.plan.steps.last?.id == removal.id)
            let made = bench.world.changes.all.filter { $0.hasPrefix("createMachine") || $0.hasPrefix("deleteMachine") }
            #expect(made.last == "deleteMachine \(Self.bastion)", "\(made)")
            #expect(try await bench.validate() == [:])
            #expect(try await RollCluster(bench.context)("demo", yes: true) { _ in }.plan.isEmpty)
            #expect(try await bench.state().machines["demo-bastion-a-2"]?.instanceType == "t3.small")
        }
    }

    @Test func itIsRolledByName() async throws {
        try await withCluster { bench in
            let options = RollCluster.Options(selection: .pool("bastion"))
            #expect(try await RollCluster(bench.context)("demo", options: options, yes: true) { _ in }.plan.isEmpty, "it does not differ")
            let one = RollCluster.Options(selection: .machine(Self.bastion))
            _ = try await RollCluster(bench.context)("demo", options: one, yes: true) { _ in }
            #expect(try await bench.state().machines.keys.filter { $0.contains("bastion") } == ["demo-bastion-a-2"])
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func oneThatHangsIsReplacedByName() async throws {
        try await withCluster { bench in
            bench.world.machine(Self.bastion) { $0.hangs = true }
            let one = RollCluster.Options(selection: .machine(Self.bastion))
            _ = try await RollCluster(bench.context)("demo", options: one, yes: true) { _ in }
            #expect(try await bench.state().machines.keys.filter { $0.contains("bastion") } == ["demo-bastion-a-2"])
            #expect(try await bench.validate() == [:])
            #expect(try await bench.update().plan.isEmpty)
        }
    }

    /// A run that was cut short between the two.
    @Test func ofTwoTheOlderOneServesUntilAllElseIsDone() async throws {
        try await withCluster { bench in
            let options = RollCluster.Options(selection: .machine(Self.bastion))
            bench.world.fail { what, _ in
                what == "deleteMachine \(Self.bastion)" ? SlipwayError(.failed, doing: "deleting", cause: "not today") : nil
            }
            _ = try? await RollCluster(bench.context)("demo", options: options, yes: true) { _ in }
            bench.world.fail(nil)
            #expect(try await bench.state().machines.keys.filter { $0.contains("bastion") }.count == 2)
            bench.world.machine(Bench.worker) { $0.services[.kubelet] = "inactive" }
            let plan = try await bench.update().plan
            #expect(plan.steps.last?.id == Step.id(Address(.machine, Self.bastion), .deleteMachine))
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func itIsStoppedLastAndStartedFirst() async throws {
        try await withCluster { bench in
            bench.world.changes.clear()
            _ = try await StopCluster(bench.context)("demo", yes: true) { _ in }
            let stopped = bench.world.changes.all.filter { $0.hasPrefix("stopMachine") }
            #expect(stopped.last == "stopMachine \(Self.bastion)" && stopped.count == 3)
            _ = try await StartCluster(bench.context)("demo", yes: true) { _ in }
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func aLostStateIsRebuiltThroughIt() async throws {
        try await withCluster { bench in
            let before = try await bench.state()
            for file in ["state.json", "journal.jsonl"] { try FileManager.default.removeItem(atPath: "\(bench.store.root)/demo/\(file)") }
            var context = bench.context
            context.recovery = RecoveryRequest(places: [CloudPlace(.aws)])
            // A tag says the fingerprint of its key only: the key itself is read once more.
            #expect(try await UpdateCluster(context)("demo", yes: true) { _ in }.plan.steps.map(\.address.name) == [Self.bastion])
            #expect(
                try await bench.state().machines
                    == before.machines.mapValues { entry in
                        var entry = entry
                        if entry.isNode { entry.hostKey = nil }
                        return entry
                    })
            #expect(try await bench.update().plan.isEmpty)
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func withoutOneTheMachinesAreReachedFromWithinTheirNetworkOnly() async throws {
        try await withCluster { bench in
            // The simulated network has no such place: what is tried is that nothing leads through the bastion any more.
            let cluster = Self.spec(bastion: nil)
            let error = await #expect(throws: (any Error).self) { _ = try await bench.update(cluster) }
            #expect(error != nil)
            #expect(try await bench.state().machines[Self.bastion] == nil)
            let entry = try #require(try await bench.state().machines[Bench.worker])
            #expect(try await bench.state().gate(to: entry) == nil)
        }
    }

    @Test func whereMachinesAreCannotBeChanged() async throws {
        try await withCluster { bench in
            let changes: [(String, (inout AWSCloudSpec) -> Void)] = [
                ("topology", { ($0.topology, $0.bastionType) = (nil, nil) }), ("natGateways", { $0.natGateways = .one }),
                ("subnets", { $0.subnets = ["local-a": "subnet-0a1b2c3d"] }),
            ]
            for (field, change) in changes {
                var cluster = Self.spec()
                if var aws = cluster.spec.cloud.aws {
                    change(&aws)
                    cluster.spec.cloud.aws = aws
                }
                let error = await #expect(throws: SlipwayError.self) { _ = try await bench.update(cluster) }
                #expect(error?.code == .refused && error?.cause.contains("spec.cloud.aws.\(field) cannot be changed") == true)
            }
        }
    }

    @Test func aDeleteTakesItAway() async throws {
        try await withCluster { bench in
            _ = try await bench.delete()
            #expect(bench.world.with { $0.machines.isEmpty && $0.networks.isEmpty })
        }
    }
}
