import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import SimulatedCloud

@Suite struct ConditionsTests {
    private let cluster = ClusterIdentity(name: "demo", uid: "0011aabb")

    private func network(_ world: SimulatedWorld, tags: [String: String] = [:]) async throws {
        _ = try await world.ensureNetwork(
            NetworkRequest(cluster: cluster, cidr: nil, podCIDR: Fixtures.podCIDR, serviceCIDR: Fixtures.serviceCIDR, tags: tags))
    }

    private func machine(_ world: SimulatedWorld, _ name: String = "demo-nodes-a-1") async throws -> MachineRecord {
        try await world.createMachine(
            MachineRequest(
                cluster: cluster, name: name, zone: "a", role: .worker, instanceType: "local.small", token: "token",
                tags: [Tag.hostKey: "SHA256:pinned"], hostKey: Secret([]), authorizedKeys: [], programsCheck: ""))
    }

    private func login(_ world: SimulatedWorld, _ record: MachineRecord) async throws {
        let host = HostEndpoint(
            machine: record.name, address: record.address, hostKeyFingerprint: "SHA256:pinned", identity: Secret([]))
        _ = try await world.run("journalctl -n 1", on: host)
    }

    @Test func latenciesAreWhatTheySay() {
        func draws(_ latency: Latency) -> [Double] {
            let dice = Dice(seed: 7)
            return (0..<4000).map { _ in
                var generator = dice.generator(for: "draw")
                return latency.draw(using: &generator)
            }.sorted()
        }
        #expect(Set(draws(.constant(seconds: 2))) == [2])
        let natural = draws(.logNormal(median: 10, sigma: 0.5))
        #expect((9.5...10.5).contains(natural[2000]))
        // One and two standard deviations up: e^0.5 and e^1 times the median.
        #expect((15.5...17.5).contains(natural[Int(4000 * 0.8413)]) && (24...31).contains(natural[Int(4000 * 0.9772)]))
        let slow = draws(.stragglers(of: .constant(seconds: 1), share: 0.1, factor: 20))
        #expect((300...500).contains(slow.count { $0 == 20 }) && slow.count { $0 == 1 } + slow.count { $0 == 20 } == 4000)
    }

    @Test func drawsDependOnTheSeedAndNotOnTheOrder() {
        let (one, other, third) = (Dice(seed: 1), Dice(seed: 1), Dice(seed: 2))
        let first = ["a", "b", "a"].map { one.number(for: $0) }
        let second = ["b", "a", "a"].map { other.number(for: $0) }
        #expect(first == [second[1], second[0], second[2]] && Set(first).count == 3)
        #expect(third.number(for: "a") != first[0])
    }

    @Test func aMachineLetsNobodyInBeforeItHasBooted() async throws {
        let time = VirtualTime()
        let world = SimulatedWorld(
            run: time.context, conditions: Conditions(latencies: [.boot: .constant(seconds: 20), .createMachine: .constant(seconds: 3)]))
        try await time.run {
            try await network(world)
            let start = time.now
            let record = try await machine(world)
            #expect(time.now.timeIntervalSince(start) == 3)
            let error = await #expect(throws: SlipwayError.self) { try await login(world, record) }
            #expect(error?.retry == .transient)
            try await time.context.sleep(.seconds(20))
            try await login(world, record)
        }
        #expect(world.calls == [.ensureNetwork: 1, .createMachine: 1, .script: 2])
    }

    @Test func whatTheCloudSaysIsBehind() async throws {
        let clock = TestClock()
        let world = SimulatedWorld(run: clock.context, conditions: Conditions(lag: 5))
        try await network(world, tags: ["a": "1"])
        try await clock.context.sleep(.seconds(4))
        #expect(try await world.observe(cluster).network == nil)
        try await clock.context.sleep(.seconds(2))
        #expect(try await world.observe(cluster).network?.tags == ["a": "1"])
        try await world.tagNetwork(cluster, tags: ["a": "2"])
        _ = try await machine(world)
        #expect(try await world.observe(cluster).network?.tags == ["a": "1"])
        #expect(try await world.observe(cluster).machines.isEmpty)
        try await clock.context.sleep(.seconds(6))
        #expect(try await world.observe(cluster).network?.tags == ["a": "2"])
        try await world.deleteMachine(cluster, name: "demo-nodes-a-1")
        #expect(try await world.observe(cluster).machines.map(\.name) == ["demo-nodes-a-1"])
    }

    @Test func everyKindOfFaultDoesWhatItSays() async throws {
        let kinds: [(FaultRates, String, Bool)] = [
            (FaultRates(throttled: 1), "429", false), (FaultRates(serverError: 1), "503", false),
            (FaultRates(lostRequest: 1), "no answer", false), (FaultRates(lostAnswer: 1), "no answer", true),
        ]
        for (faults, text, takesEffect) in kinds {
            let world = SimulatedWorld(conditions: Conditions(faults: faults))
            let error = await #expect(throws: SlipwayError.self) { try await network(world) }
            #expect(error?.cause.contains(text) == true && error?.retry == .transient)
            #expect(world.isEmpty == !takesEffect)
        }
        let some = SimulatedWorld(conditions: Conditions(seed: 3, faults: .evenly(0.2)))
        var failures = 0
        for _ in 0..<1000 where (try? await network(some)) == nil { failures += 1 }
        #expect((150...250).contains(failures))
    }

    @Test func afterAKillNothingReachesTheWorld() async throws {
        for (last, isMade) in [(1, false), (2, true)] {
            let failpoints = Failpoints(last: last)
            let world = SimulatedWorld(failpoints: failpoints)
            await #expect(throws: Killed.self) { try await network(world) }
            #expect(failpoints.isDead && world.isEmpty == !isMade)
            await #expect(throws: Killed.self) { _ = try await world.observe(cluster) }
            await #expect(throws: Killed.self) { try await world.tagNetwork(cluster, tags: [:]) }
            #expect(failpoints.names.count == last)
        }
    }
}
