import Bootstrap
import ClusterModel
import Foundation
import PKI
import Synchronization
import TestSupport
import Testing

@testable import Drivers

@Suite struct MachineLoginTests {
    @Test func theEndpointHasThePinnedKeyAndTheClustersIdentity() async throws {
        let state = Fixtures.state([Fixtures.machine(.worker)])
        let endpoint = try await MachineLogin(hosts: FakeHosts(), vault: try Sample.vault()).endpoint(Sample.worker, state: state)
        #expect(endpoint.address == Fixtures.address("100.96.8.21") && endpoint.hostKeyFingerprint == "SHA256:pinned")
        #expect(endpoint.identity == (try Sample.secrets.get().sshKey.privateKeyFile))
        #expect(endpoint.user == "root" && endpoint.port == 22)
    }

    @Test func aMachineThatTheStateDoesNotKnowIsNamed() async throws {
        var half = Fixtures.machine(.worker, 2)
        half.address = nil
        let state = Fixtures.state([Fixtures.machine(.worker), half])
        for name in ["demo-nodes-a-2", "stranger"] {
            let error = try await expectError(.notFound) {
                _ = try await MachineLogin(hosts: FakeHosts(), vault: try Sample.vault()).endpoint(name, state: state)
            }
            #expect(error.address == Address(.machine, name))
        }
    }

    @Test func aScriptThatFailsIsAnErrorWithWhatItSaid() async throws {
        let hosts = FakeHosts()
        let lines = (1...20).map { "line \($0)\n" }.joined()
        hosts.on("false", status: 3, says: "out\n", error: lines)
        let login = MachineLogin(hosts: hosts, vault: try Sample.vault())
        let error = try await expectError(.failed) {
            try await login.run("false", on: Sample.worker, state: Fixtures.state([Fixtures.machine(.worker)]), doing: "testing")
        }
        #expect(error.cause == "it ended with status 3" && error.address == Address(.host, Sample.worker))
        #expect(error.log.count == 15 && error.log.last == "out" && error.log.first == "line 7")
    }

    @Test func aLogThatCannotBeHadIsEmpty() async throws {
        let login = MachineLogin(hosts: FakeHosts(), vault: try Sample.vault())
        let state = Fixtures.state([Fixtures.machine(.worker)])
        #expect(await login.unitLog(.kubelet, on: Sample.worker, state: state) == [])
        #expect(await login.unitLog(.kubelet, on: nil, state: state) == [])
        #expect(await login.unitLog(.kubelet, on: "stranger", state: state) == [])
    }

    @Test func reachabilityIsCheckedFromAnotherMasterWhereThereIsOne() async throws {
        let machines = [Fixtures.machine(.controlPlane, 1), Fixtures.machine(.controlPlane, 2), Fixtures.machine(.worker)]
        let hosts = FakeHosts()
        hosts.on("ping -c 1 -W 2 10.244.11.1 ")
        hosts.on("ping -c 1 -W 2 10.244.21.1 ")
        let login = MachineLogin(hosts: hosts, vault: try Sample.vault())
        let state = Fixtures.state(machines)
        try await login.verifyReachable("demo-control-plane-a-1", podCIDR: machines[0].podCIDR, state: state)
        try await login.verifyReachable(Sample.worker, podCIDR: machines[2].podCIDR, state: state)
        #expect(hosts.calls.map(\.machine) == ["demo-control-plane-a-2", "demo-control-plane-a-1"])
    }
}

@Suite struct MachineDriverTests {
    private func bench(_ role: MachineRole = .worker) -> StepBench { StepBench(Fixtures.state([Fixtures.machine(role)])) }

    private func driver(_ hosts: FakeHosts, assets: FakeAssets = FakeAssets()) throws -> MachineDriver {
        let vault = try Sample.vault()
        return MachineDriver(login: MachineLogin(hosts: hosts, vault: vault), assets: { _ in assets }, vault: vault)
    }

    // MARK: Connect

    @Test func aMachineThatBootsIsWaitedFor() async throws {
        let bench = bench()
        let hosts = FakeHosts()
        hosts.on("conntrack", times: 3) { _ in throw Sample.transient("connection refused") }
        hosts.on("conntrack", times: 2) { _ in throw Sample.transient("no route to host") }
        hosts.on("conntrack")
        #expect(try await driver(hosts).perform(Sample.step(.host, Sample.worker, .connect), in: bench.context) == .changed)
        #expect(hosts.calls.count == 6)
        #expect(bench.progress == ["connection refused", "no route to host"], "each cause once")
    }

    @Test func aMachineThatNeverAnswersIsUnreachable() async throws {
        let bench = bench()
        let hosts = FakeHosts()
        hosts.on("conntrack") { _ in throw Sample.transient("connection refused") }
        let start = bench.clock.now
        let error = try await expectError(.unreachable) {
            _ = try await driver(hosts).perform(Sample.step(.host, Sample.worker, .connect), in: bench.context)
        }
        #expect(error.cause.contains("100.96.8.21"))
        #expect(bench.clock.now.timeIntervalSince(start) >= 180)
    }

    @Test func anotherHostKeyIsFatalAtOnce() async throws {
        let bench = bench()
        let hosts = FakeHosts()
        hosts.on("conntrack") { _ in throw SlipwayError(.refused, doing: "connecting", cause: "it has another host key") }
        try await expectError(.refused) {
            _ = try await driver(hosts).perform(Sample.step(.host, Sample.worker, .connect), in: bench.context)
        }
        #expect(hosts.calls.count == 1)
    }

    @Test func missingProgramsAreNamedWithTheirPackages() async throws {
        let hosts = FakeHosts()
        hosts.on("conntrack", status: 1, says: "socat socat\n/usr/bin/containerd containerd\n")
        let error = try await expectError(.failed) {
            _ = try await driver(hosts).perform(Sample.step(.host, Sample.worker, .connect), in: bench().context)
        }
        #expect(error.cause == "missing: socat (package socat), /usr/bin/containerd (package containerd)")
    }

    @Test func onlyMastersNeedEtcd() async throws {
        for role in MachineRole.ofNodes {
            let hosts = FakeHosts()
            hosts.on("conntrack")
            let name = role == .worker ? Sample.worker : Sample.master
            _ = try await driver(hosts).perform(Sample.step(.host, name, .connect), in: bench(role).context)
            #expect(hosts.calls[0].script.contains("etcdctl") == (role == .controlPlane))
        }
    }

    // MARK: Binaries

    private let install = Sample.step(.host, Sample.worker, .installBinaries(version: Fixtures.version))

    @Test func binariesOfThisVersionAreLeftAlone() async throws {
        let hosts = FakeHosts()
        hosts.on("cat /opt/slipway/bin/.version", says: "1.20.2\n")
        #expect(try await driver(hosts).perform(install, in: bench().context) == .unchanged)
        #expect(hosts.calls.count == 1)
    }

    @Test(arguments: ["", "1.20.1\n", "rubbish"]) func theVersionFileComesLast(_ present: String) async throws {
        let bench = bench()
        let hosts = FakeHosts(log: bench.log)
        hosts.on("cat /opt/slipway/bin/.version", says: present)
        hosts.on("sha256 /opt/slipway/bin/kube-proxy /opt/slipway/bin/kubelet; else", says: "0000 */opt/slipway/bin/kubelet\n")
        hosts.allowUploads()
        #expect(try await driver(hosts, assets: FakeAssets(versions: [Fixtures.version])).perform(install, in: bench.context) == .changed)
        #expect(
            hosts.uploads.map(\.path) == ["/opt/slipway/bin/kube-proxy", "/opt/slipway/bin/kubelet", "/opt/slipway/bin/.version"])
        #expect(hosts.uploads.map(\.mode) == [0o755, 0o755, 0o644])
        guard case .bytes(let bytes) = hosts.uploads[2].content else { return #expect(Bool(false), "the version is text") }
        #expect(String(decoding: bytes, as: UTF8.self) == "1.20.2\n")
        #expect(bench.progress == ["kube-proxy, 100 MB (1 of 2)", "kubelet, 100 MB (2 of 2)"])
    }

    /// As sha256sum and as openssl print it.
    @Test(arguments: ["  ", " *"]) func whatIsThereAlreadyIsNotSentAgain(_ mark: String) async throws {
        let hosts = FakeHosts()
        hosts.on("cat /opt/slipway/bin/.version")
        hosts.on("sha256sum", says: "\(FakeAssets.digest("1.20.2/kubelet"))\(mark)/opt/slipway/bin/kubelet\n")
        hosts.allowUploads()
        _ = try await driver(hosts, assets: FakeAssets(versions: [Fixtures.version])).perform(install, in: bench().context)
        #expect(hosts.uploads.map(\.path) == ["/opt/slipway/bin/kube-proxy", "/opt/slipway/bin/.version"])
    }

    @Test func mastersGetTheControlPlaneToo() async throws {
        let hosts = FakeHosts()
        hosts.on("cat /opt/slipway/bin/.version")
        hosts.on("sha256sum")
        hosts.allowUploads()
        let step = Sample.step(.host, Sample.master, .installBinaries(version: Fixtures.version))
        _ = try await driver(hosts, assets: FakeAssets(versions: [Fixtures.version])).perform(step, in: bench(.controlPlane).context)
        #expect(Set(hosts.uploads.map(\.path)).count == 6)
    }

    @Test func withoutTheAssetNoVersionIsWritten() async throws {
        let hosts = FakeHosts()
        hosts.on("cat /opt/slipway/bin/.version")
        hosts.on("sha256sum")
        hosts.allowUploads()
        await #expect(throws: UnexpectedCall.self) { _ = try await driver(hosts).perform(install, in: bench().context) }
        #expect(hosts.uploads.isEmpty)
    }

    @Test func servicesAreStoppedTogether() async throws {
        let hosts = FakeHosts()
        hosts.on("systemctl stop kube-proxy.service kubelet.service")
        let step = Sample.step(.service, "\(Sample.worker)/node", .stopServices(services: [.proxy, .kubelet]))
        #expect(try await driver(hosts).perform(step, in: bench().context) == .changed)
    }

    @Test func anActionOfAnotherDriverIsABug() async throws {
        try await expectError(.bug) {
            _ = try await driver(FakeHosts()).perform(Sample.step(.cluster, "demo", .waitForAPI), in: bench().context)
        }
    }
}
