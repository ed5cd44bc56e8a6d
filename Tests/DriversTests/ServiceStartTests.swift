import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import Drivers

@Suite struct ServiceStartTests {
    private func start(
        _ services: [NodeService], on machine: String, bench: StepBench, hosts: FakeHosts, assets: FakeAssets = FakeAssets()
    ) async throws -> StepOutcome {
        let vault = try Sample.vault()
        let driver = MachineDriver(login: MachineLogin(hosts: hosts, vault: vault), assets: { _ in assets }, vault: vault)
        return try await driver.perform(
            Sample.step(.service, "\(machine)/part", .startServices(services: services)), in: bench.context)
    }

    private func bench(_ role: MachineRole) -> StepBench { StepBench(Fixtures.state([Fixtures.machine(role)])) }

    @Test func anEtcdThatLostItsDataIsNeverStarted() async throws {
        let bench = bench(.controlPlane)
        let hosts = FakeHosts(log: bench.log)
        hosts.on("test -d /var/lib/etcd/member", status: 1)
        let error = try await expectError(.refused) {
            _ = try await start([.etcd], on: Sample.master, bench: bench, hosts: hosts)
        }
        #expect(error.cause.contains("/var/lib/etcd/member") && error.hint != nil)
        #expect(hosts.calls.count == 1, "nothing was started")
    }

    @Test func anEtcdWithItsDataIsStarted() async throws {
        let bench = bench(.controlPlane)
        let hosts = FakeHosts(log: bench.log)
        hosts.on("test -d /var/lib/etcd/member")
        hosts.on("systemctl start --no-block etcd.service")
        hosts.on("for turn in", times: 2, says: "etcd\n")
        hosts.on("for turn in")
        #expect(try await start([.etcd], on: Sample.master, bench: bench, hosts: hosts) == .changed)
        #expect(bench.progress == ["starting etcd", "waiting for etcd"])
    }

    @Test func servicesStartTogetherAndAreEnabled() async throws {
        let bench = bench(.controlPlane)
        let hosts = FakeHosts(log: bench.log)
        hosts.on("systemctl start --no-block slipway-api-address.service kube-apiserver.service")
        hosts.on("for turn in", times: 1, says: "slipway-api-address kube-apiserver\n")
        hosts.on("for turn in", times: 1, says: "kube-apiserver\n")
        hosts.on("for turn in")
        _ = try await start([.apiAddress, .apiserver], on: Sample.master, bench: bench, hosts: hosts)
        #expect(hosts.calls[0].script.contains("systemctl enable --no-reload --quiet slipway-api-address.service kube-apiserver.service"))
        #expect(
            bench.progress == [
                "starting slipway-api-address, kube-apiserver", "waiting for slipway-api-address, kube-apiserver",
                "waiting for kube-apiserver",
            ])
    }

    @Test func kubeletWaitsForTheSandboxImage() async throws {
        let bench = bench(.worker)
        let hosts = FakeHosts(log: bench.log)
        hosts.on("systemctl start --no-block slipway-pod-bridge.service containerd.service\u{0}")
        hosts.on("systemctl start --no-block slipway-pod-bridge.service containerd.service")
        hosts.on("images ls -q", status: 1)
        hosts.on("images import /opt/slipway/pause.tar")
        hosts.on("systemctl start --no-block kube-proxy.service kubelet.service")
        hosts.on("for turn in")
        hosts.allowUploads()
        _ = try await start(
            NodeService.node, on: Sample.worker, bench: bench, hosts: hosts, assets: FakeAssets(versions: [Fixtures.version]))
        let order = bench.log.all.map { $0.replacing("demo-nodes-a-1: ", with: "") }
        #expect(
            order == [
                "systemctl start --no-block slipway-pod-bridge.service containerd.service", "for turn in", "images ls -q",
                "upload /opt/slipway/pause.tar", "images import /opt/slipway/pause.tar",
                "systemctl start --no-block kube-proxy.service kubelet.service", "for turn in",
            ])
    }

    /// As after a run that was killed before it sent the image.
    @Test func whereContainerdRunsAlreadyTheImageIsSentBeforeKubeletStarts() async throws {
        let bench = bench(.worker)
        let hosts = FakeHosts(log: bench.log)
        hosts.on("images ls -q", status: 1)
        hosts.on("images import /opt/slipway/pause.tar")
        hosts.on("systemctl start --no-block kubelet.service")
        hosts.on("for turn in")
        hosts.allowUploads()
        _ = try await start([.kubelet], on: Sample.worker, bench: bench, hosts: hosts, assets: FakeAssets(versions: [Fixtures.version]))
        let order = bench.log.all.map { $0.replacing("demo-nodes-a-1: ", with: "") }
        #expect(
            order == [
                "images ls -q", "upload /opt/slipway/pause.tar", "images import /opt/slipway/pause.tar",
                "systemctl start --no-block kubelet.service", "for turn in",
            ])
    }

    @Test func anImageThatIsThereIsNotSentAgain() async throws {
        let bench = bench(.worker)
        let hosts = FakeHosts(log: bench.log)
        hosts.on("systemctl start --no-block")
        hosts.on("images ls -q")
        hosts.on("for turn in")
        _ = try await start([.containerd, .kubelet], on: Sample.worker, bench: bench, hosts: hosts)
        #expect(hosts.uploads.isEmpty)
    }

    @Test func aServiceThatFailsCarriesItsLog() async throws {
        let bench = bench(.controlPlane)
        let hosts = FakeHosts(log: bench.log)
        hosts.on("systemctl start --no-block")
        hosts.on("for turn in", says: "kube-apiserver\n")
        hosts.on("--unit='kube-apiserver.service'", says: "Error: unknown flag: --frob\n")
        hosts.on("journalctl", says: "Error: unknown flag: --frob\n")
        let start = bench.clock.now
        let error = try await expectError(.failed) {
            _ = try await self.start([.apiAddress, .apiserver], on: Sample.master, bench: bench, hosts: hosts)
        }
        #expect(error.doing == "starting kube-apiserver")
        #expect(error.log == ["Error: unknown flag: --frob"])
        #expect(error.hint == "slipway ssh demo demo-control-plane-a-1 -- journalctl -u kube-apiserver -n 50")
        #expect(bench.clock.now.timeIntervalSince(start) >= 180)
    }

    @Test func aUnitThatSystemdRefusesFailsAtOnce() async throws {
        let bench = bench(.worker)
        let hosts = FakeHosts(log: bench.log)
        hosts.on("systemctl start --no-block", status: 5, error: "Failed to start kube-proxy.service: Unit not found.\n")
        let error = try await expectError(.failed) {
            _ = try await start([.proxy], on: Sample.worker, bench: bench, hosts: hosts)
        }
        #expect(error.log == ["Failed to start kube-proxy.service: Unit not found."])
        #expect(hosts.calls.count == 1)
    }

    @Test(arguments: NodeService.allCases) func everyServiceIsAskedForMoreThanItsName(_ service: NodeService) {
        let script = ServiceHealth.script(service)
        #expect(script.hasPrefix("systemctl is-active --quiet \(service.unit)"))
        // Those two only set something up; there is nobody to ask.
        #expect(script.contains("&&") == ![.apiAddress, .podBridge].contains(service))
    }
}
