import ClusterModel
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Drivers

/// Where the cloud has an endpoint for the API, the address is no unit of a machine.
@Suite struct EndpointTests {
    private let services = Sample.step(.service, "\(Sample.master)/api", .startServices(services: [.apiAddress, .apiserver]))

    private func perform(
        _ step: Step, _ bench: StepBench, _ hosts: FakeHosts, _ prepare: (inout FakeCloud.Answers) -> Void
    ) async throws {
        let vault = try Sample.vault()
        let cloud = FakeCloud(log: bench.log) { answers in
            answers.sharesAPIAddress = false
            prepare(&answers)
        }
        let driver = MachineDriver(
            login: MachineLogin(hosts: hosts, vault: vault), assets: { _ in FakeAssets() }, vault: vault, cloud: cloud, watchesBoots: false)
        _ = try await driver.perform(step, in: bench.context)
    }

    private func bench() -> StepBench { StepBench(Fixtures.state([Fixtures.machine(.controlPlane)])) }

    @Test func aMasterJoinsWhileItsAPIServerStartsAndIsWaitedFor() async throws {
        let bench = bench()
        let hosts = FakeHosts(log: bench.log)
        hosts.on("systemctl start --no-block kube-apiserver.service")
        hosts.on("for turn in")
        let asked = Mutex(0)
        try await perform(services, bench, hosts) { answers in
            answers.joinEndpoint = { _, _ in }
            answers.observe = { _ in
                let turn = asked.withLock { turn in
                    turn += 1
                    return turn
                }
                if turn == 1 { throw Sample.transient("too many requests") }
                return CloudObservation(endpointMachines: turn == 4 ? [Sample.master] : [])
            }
        }
        #expect(bench.log.all.first == "cloud.joinEndpoint \(Sample.master)")
        #expect(bench.log.all.last == "cloud.observe demo" && asked.withLock { $0 } == 4)
        #expect(!hosts.calls.contains { $0.script.contains("slipway-api-address") }, "there is no such unit")
        #expect(bench.progress.contains("waiting for the API's endpoint to lead to it"))
    }

    @Test func anEndpointThatNeverLeadsToItIsAnError() async throws {
        let bench = bench()
        let hosts = FakeHosts(log: bench.log)
        hosts.on("systemctl start --no-block kube-apiserver.service")
        hosts.on("for turn in")
        hosts.on("journalctl ", says: "no etcd\n")
        let error = try await expectError(.failed) {
            try await perform(services, bench, hosts) { answers in
                answers.joinEndpoint = { _, _ in }
                answers.observe = { _ in CloudObservation(endpointMachines: ["another"]) }
            }
        }
        #expect(error.doing == "joining the API's endpoint" && error.log == ["no etcd"])
    }

    @Test func itLeavesBeforeAnythingStops() async throws {
        let bench = bench()
        let hosts = FakeHosts(log: bench.log)
        hosts.on("systemctl stop kube-apiserver.service kube-scheduler.service")
        let stop = Sample.step(
            .service, "\(Sample.master)/control-plane", .stopServices(services: [.apiAddress, .apiserver, .scheduler]))
        try await perform(stop, bench, hosts) { $0.leaveEndpoint = { _, _ in } }
        #expect(bench.log.all.first == "cloud.leaveEndpoint \(Sample.master)")
        #expect(hosts.calls.map(\.script) == ["systemctl stop kube-apiserver.service kube-scheduler.service"])
        let only = Sample.step(.service, "\(Sample.master)/control-plane", .stopServices(services: [.apiAddress]))
        try await perform(only, bench, hosts) { $0.leaveEndpoint = { _, _ in } }
        #expect(hosts.calls.count == 1, "nothing else was asked for")
    }

    @Test func whatIsNotAboutTheAddressAsksNoCloud() async throws {
        let bench = bench()
        let hosts = FakeHosts(log: bench.log)
        hosts.on("systemctl start --no-block kube-scheduler.service")
        hosts.on("for turn in")
        try await perform(Sample.step(.service, "\(Sample.master)/x", .startServices(services: [.scheduler])), bench, hosts) { _ in }
        #expect(!bench.log.all.contains { $0.hasPrefix("cloud.") })
    }

    @Test func keepalivedIsNotAskedFor() async throws {
        let bench = bench()
        let hosts = FakeHosts(log: bench.log)
        hosts.on("conntrack")
        try await perform(Sample.step(.host, Sample.master, .connect), bench, hosts) { _ in }
        #expect(hosts.calls[0].script.contains("etcdctl") && !hosts.calls[0].script.contains("keepalived"))
    }

    // MARK: Addresses

    private func asked(_ ask: (APIConnection) async throws -> Void) async throws -> [APIEndpoint] {
        let endpoints = Mutex<[APIEndpoint]>([])
        let connection = APIConnection(vault: try Sample.vault(), run: TestClock(start: Sample.start).context) { endpoint in
            endpoints.withLock { $0.append(endpoint) }
            return FakeClusterAccess { $0.health = { APIHealth(status: .ready) } }
        }
        try await ask(connection)
        return endpoints.withLock { $0 }
    }

    @Test func peopleReachTheAPIAtTheAddressForThem() async throws {
        var state = Fixtures.state([])
        state.network?.apiAddress = "api.internal.example"
        #expect(try await asked { _ = try await $0.access(state) }.map(\.url) == ["https://api.internal.example:6443"])
        state.network?.accessAddress = "api.example"
        #expect(try await asked { _ = try await $0.access(state) }.map(\.url) == ["https://api.example:6443"])
    }

    /// Its certificate does not change with the address that it has outside.
    @Test func aMasterIsReachedOutsideAndKnownByItsName() async throws {
        var master = Fixtures.machine(.controlPlane)
        let inside = try await asked { connection in #expect(await connection.health(of: master).status == .ready) }
        #expect(inside.map(\.url) == ["https://100.96.8.11:6443"] && inside.allSatisfy { $0.connectsTo == nil })
        master.accessAddress = Fixtures.address("198.51.100.7")
        let outside = try await asked { connection in #expect(await connection.health(of: master).status == .ready) }
        #expect(outside.map(\.url) == ["https://\(Sample.master):6443"])
        #expect(outside.map(\.connectsTo) == [Fixtures.address("198.51.100.7")])
        let state = Fixtures.state([master])
        let login = MachineLogin(hosts: FakeHosts(), vault: try Sample.vault())
        #expect(try await login.endpoint(Sample.master, state: state).address == Fixtures.address("198.51.100.7"))
    }
}
