import Bootstrap
import ClusterModel
import Foundation
import SimulatedCloud
import Synchronization
import TestSupport
import Testing

@testable import Drivers

@Suite struct EtcdDriverTests {
    private static let members = ["demo-control-plane-a-1", "demo-control-plane-a-2", "demo-control-plane-a-3"]
    private static let forming = EtcdMark.initialising(token: "t", members: members)
    private let step = Sample.step(.etcd, "demo", .formEtcd(token: "t", members: members), guards: [.neverInitialised])

    private func bench(_ mark: EtcdMark = forming) -> StepBench {
        StepBench(Fixtures.state((1...3).map { Fixtures.machine(.controlPlane, $0) }, etcd: mark))
    }

    private func cloud(_ bench: StepBench, tag: String?) -> FakeCloud {
        FakeCloud(log: bench.log) { answers in
            answers.observe = { _ in
                CloudObservation(
                    network: .init(record: Fixtures.network, isUp: true, tags: tag.map { [Tag.etcdMark: $0] } ?? [:]))
            }
        }
    }

    private func driver(_ bench: StepBench, _ hosts: FakeHosts, tag: String? = forming.tag) throws -> EtcdDriver {
        EtcdDriver(login: MachineLogin(hosts: hosts, vault: try Sample.vault()), cloud: cloud(bench, tag: tag))
    }

    private static let start = "systemctl start --no-block etcd.service"

    @Test(
        arguments: [
            (EtcdMark.none, forming.tag), (.initialised(token: "t"), forming.tag), (forming, nil), (forming, "initialised t"),
            (forming, "initialising other demo-control-plane-a-1"), (forming, "nonsense"),
            (.initialising(token: "t", members: ["demo-control-plane-a-1"]), forming.tag),
        ] as [(EtcdMark, String?)])
    func withoutBothMarksNothingIsTouched(_ mark: EtcdMark, _ tag: String?) async throws {
        let bench = bench(mark)
        let hosts = FakeHosts(log: bench.log)
        let error = try await expectError(.refused) { _ = try await driver(bench, hosts, tag: tag).perform(step, in: bench.context) }
        #expect(error.cause.contains(tag == "nonsense" ? "network none" : tag ?? "network none"))
        #expect(hosts.calls.isEmpty)
    }

    /// A cloud that says for some seconds what was true before.
    @Test(arguments: [0.5, 20]) func aTagThatLagsBehindIsWaitedFor(_ lag: Double) async throws {
        let (bench, world) = try await lagging(by: lag)
        try await world.tagNetwork(bench.state.identity, tags: [Tag.etcdMark: try #require(Self.forming.tag)])
        let hosts = FakeHosts(log: bench.log)
        hosts.on("endpoint health")
        hosts.on(EtcdFormation.finishScript)
        let driver = EtcdDriver(login: MachineLogin(hosts: hosts, vault: try Sample.vault()), cloud: world)
        let start = bench.clock.now
        #expect(try await driver.perform(step, in: bench.context) == .changed)
        #expect((lag...lag + 1).contains(bench.clock.now.timeIntervalSince(start)))
        #expect(bench.progress.count == 2, "it says once what it waits for: \(bench.progress)")
    }

    @Test func aTagThatNeverComesOrSaysTheSecondMarkIsRefused() async throws {
        let (bench, world) = try await lagging(by: 0.5)
        let hosts = FakeHosts(log: bench.log)
        let driver = EtcdDriver(login: MachineLogin(hosts: hosts, vault: try Sample.vault()), cloud: world)
        let start = bench.clock.now
        try await expectError(.refused) { _ = try await driver.perform(step, in: bench.context) }
        #expect(bench.clock.now.timeIntervalSince(start) >= 60)

        try await world.tagNetwork(bench.state.identity, tags: [Tag.etcdMark: "initialised t"])
        try await bench.clock.context.sleep(.seconds(1))
        let second = bench.clock.now
        let error = try await expectError(.refused) { _ = try await driver.perform(step, in: bench.context) }
        #expect(error.cause.contains("network initialised t"))
        #expect(bench.clock.now == second, "the second mark is final: nothing is waited for")
        #expect(hosts.calls.isEmpty)
    }

    private func lagging(by lag: Double) async throws -> (StepBench, SimulatedWorld) {
        let bench = bench()
        let world = SimulatedWorld(run: bench.clock.context, conditions: Conditions(lag: lag))
        _ = try await world.ensureNetwork(
            NetworkRequest(
                cluster: bench.state.identity, cidr: nil, podCIDR: Fixtures.podCIDR, serviceCIDR: Fixtures.serviceCIDR, tags: [:]))
        try await bench.clock.context.sleep(.seconds(lag + 1))
        return (bench, world)
    }

    @Test func allMembersAreWipedThenStartedThenSealed() async throws {
        let bench = bench()
        let hosts = FakeHosts(log: bench.log)
        let started = Mutex<Set<String>>([])
        hosts.on("endpoint health") { call in
            HostResult(exitStatus: started.withLock { $0.count == 3 } ? 0 : 1, output: [], errorOutput: [])
        }
        hosts.on("rm -rf /var/lib/etcd/member")
        hosts.on(EtcdDriverTests.start) { call in
            started.withLock { _ = $0.insert(call.machine) }
            return HostResult(exitStatus: 0, output: [], errorOutput: [])
        }
        hosts.on(EtcdFormation.finishScript)
        #expect(try await driver(bench, hosts).perform(step, in: bench.context) == .changed)
        #expect(hosts.unused.isEmpty)

        func places(_ fragment: String) -> [Int] {
            bench.log.all.indices.filter { bench.log.all[$0].contains(fragment) }
        }
        let wipes = places("rm -rf /var/lib/etcd/member")
        let starts = places(EtcdDriverTests.start)
        let seals = places("rm -f \(EtcdFormation.path)")
        #expect(wipes.count == 3 && starts.count == 3 && seals.count == 3)
        #expect((wipes.max() ?? 0) < (starts.min() ?? 0), "half-formed members do not mix")
        #expect((starts.max() ?? 0) < (seals.min() ?? 0), "the formation is over before the step is")

        let deliveries = hosts.calls.filter { $0.script.contains(EtcdDriverTests.start) }
        let text = deliveries.map { String(decoding: $0.input, as: UTF8.self) }
        #expect(Set(text).count == 1, "the same on every member")
        #expect(text[0].contains("etc/slipway/etcd-formation.env"))
        #expect(text[0].contains("demo-control-plane-a-2=https://100.96.8.12:2380") && text[0].contains("ETCD_INITIAL_CLUSTER_TOKEN="))
    }

    @Test func aHealthyEtcdIsNeverWipedAgain() async throws {
        let bench = bench()
        let hosts = FakeHosts(log: bench.log)
        hosts.on("endpoint health")
        hosts.on(EtcdFormation.finishScript)
        #expect(try await driver(bench, hosts).perform(step, in: bench.context) == .changed)
        #expect(bench.progress == ["all members are healthy already"])
        #expect(hosts.calls.count == 6)
    }

    @Test func whatNeverBecomesHealthySaysWhyWithItsLog() async throws {
        let bench = bench()
        let hosts = FakeHosts(log: bench.log)
        hosts.on("endpoint health", status: 1)
        hosts.on("rm -rf /var/lib/etcd/member")
        hosts.on(EtcdDriverTests.start)
        hosts.on("journalctl", says: "member has already been bootstrapped\n")
        let start = bench.clock.now
        let error = try await expectError(.failed) { _ = try await driver(bench, hosts).perform(step, in: bench.context) }
        #expect(error.log == ["member has already been bootstrapped"])
        #expect(error.hint?.contains("run the same command again") == true)
        #expect(bench.clock.now.timeIntervalSince(start) >= 180)
        #expect(!hosts.calls.contains { $0.script == EtcdFormation.finishScript }, "between the marks the next run may form it anew")
    }

    @Test func aMachineThatFailsIsNamed() async throws {
        let bench = bench()
        let hosts = FakeHosts(log: bench.log)
        hosts.on("endpoint health", status: 1)
        hosts.on("rm -rf /var/lib/etcd/member") { call in
            HostResult(exitStatus: call.machine.hasSuffix("2") ? 1 : 0, output: [], errorOutput: Array("rm: busy\n".utf8))
        }
        let error = try await expectError(.failed) { _ = try await driver(bench, hosts).perform(step, in: bench.context) }
        #expect(error.address == Address(.host, "demo-control-plane-a-2") && error.log == ["rm: busy"])
    }

    @Test func aMemberWithoutAnAddressIsNamed() async throws {
        var state = bench().state
        state.machines["demo-control-plane-a-2"]?.address = nil
        let bench = StepBench(state)
        let error = try await expectError(.failed) { _ = try await driver(bench, FakeHosts()).perform(step, in: bench.context) }
        #expect(error.address == Address(.machine, "demo-control-plane-a-2"))
    }
}
