import ClusterModel
import PKI
import Synchronization
import TestSupport
import Testing

@testable import Drivers

@Suite struct CloudDriverTests {
    private let design = MachineDesign(
        name: "demo-nodes-a-3", pool: "nodes", zone: "local-a", role: .worker, ordinal: 3, instanceType: "local.small",
        podCIDR: Fixtures.cidr("10.244.7.0/24"))

    private func record(_ name: String, tags: [String: String] = [:]) -> MachineRecord {
        MachineRecord(
            name: name, providerID: "local:///\(name)", zone: "local-a", role: .worker, instanceType: "local.small",
            address: Fixtures.address("100.96.8.77"), status: .running, tags: tags)
    }

    private func driver(_ cloud: FakeCloud, vault: Vault? = nil) throws -> CloudDriver {
        CloudDriver(
            cloud: cloud, vault: try vault ?? Sample.vault(), assets: { _ in FakeAssets(versions: [Fixtures.version]) },
            store: "file:///store")
    }

    @Test func theIntentIsDurableBeforeTheCloudIsAsked() async throws {
        let bench = StepBench(Fixtures.state([]))
        let asked = Mutex<MachineRequest?>(nil)
        let cloud = FakeCloud(log: bench.log) { answers in
            answers.tagNetwork = { _, _ in }
            answers.createMachine = { request in
                asked.withLock { $0 = request }
                return record(request.name)
            }
        }
        let outcome = try await driver(cloud).perform(
            Sample.step(.machine, design.name, .createMachine(design: design)), in: bench.context)
        #expect(outcome == .changed)
        #expect(
            bench.log.all == [
                "record machineIntended demo-nodes-a-3", "cloud.tagNetwork slipway.dev/highwater.nodes=3",
                "cloud.createMachine demo-nodes-a-3",
                "record machineMade demo-nodes-a-3",
            ])
        let secrets = try Sample.secrets.get()
        let request = try #require(asked.withLock { $0 })
        #expect(request.token == "0011aabb-demo-nodes-a-3")
        #expect(
            request.tags == [
                Tag.cluster: "demo", Tag.clusterUID: "0011aabb", Tag.store: "file:///store", Tag.pool: "nodes", Tag.role: "worker",
                Tag.token: "0011aabb-demo-nodes-a-3", Tag.podCIDR: "10.244.7.0/24",
                Tag.hostKey: secrets.hostKey(for: design.name).fingerprint,
            ])
        #expect(request.wantedFiles.keys.sorted() == ["/opt/slipway/bin/kube-proxy", "/opt/slipway/bin/kubelet"])
        #expect(request.wantedFiles["/opt/slipway/bin/kubelet"]?.sha256 == FakeAssets.digest("1.20.2/kubelet"))
        #expect(request.authorizedKeys == [secrets.sshKey.authorizedKey(comment: "slipway-demo")])
        let entry = try #require(bench.state.machines[design.name])
        #expect(entry.providerID == "local:///demo-nodes-a-3" && entry.address == Fixtures.address("100.96.8.77"))
        #expect(entry.hostKeyFingerprint == request.tags[Tag.hostKey])
    }

    @Test func theUsersKeysAreLetInToo() async throws {
        var state = Fixtures.state([])
        state.desired.spec.access.sshPublicKeys = ["ssh-ed25519 AAAA me"]
        let bench = StepBench(state)
        let keys = Mutex<[String]>([])
        let cloud = FakeCloud { answers in
            answers.tagNetwork = { _, _ in }
            answers.createMachine = { request in
                keys.withLock { $0 = request.authorizedKeys }
                return record(request.name)
            }
        }
        _ = try await driver(cloud).perform(Sample.step(.machine, design.name, .createMachine(design: design)), in: bench.context)
        #expect(keys.withLock { $0.last } == "ssh-ed25519 AAAA me")
        #expect(keys.withLock { $0.count } == 2)
    }

    /// One list of programs: a machine that got what it lacked by the one check passes the other.
    @Test(arguments: MachineRole.ofNodes, [true, false])
    func whatACloudInstallsByIsWhatAMachineIsCheckedWith(_ role: MachineRole, _ sharesAPIAddress: Bool) async throws {
        let machine = Fixtures.machine(role)
        let bench = StepBench(Fixtures.state([machine]))
        let handed = Mutex<String?>(nil)
        let cloud = FakeCloud { answers in
            answers.sharesAPIAddress = sharesAPIAddress
            answers.tagNetwork = { _, _ in }
            answers.createMachine = { request in
                handed.withLock { $0 = request.programsCheck }
                return record(request.name)
            }
        }
        let new = MachineDesign(
            name: "demo-\(machine.pool)-a-2", pool: machine.pool, zone: "local-a", role: role, ordinal: 2, instanceType: "local.small",
            podCIDR: Fixtures.cidr("10.244.7.0/24"))
        _ = try await driver(cloud).perform(Sample.step(.machine, new.name, .createMachine(design: new)), in: bench.context)

        let hosts = FakeHosts()
        hosts.on("conntrack")
        let vault = try Sample.vault()
        let machines = MachineDriver(
            login: MachineLogin(hosts: hosts, vault: vault), assets: { _ in FakeAssets() }, vault: vault, cloud: cloud, watchesBoots: false)
        _ = try await machines.perform(Sample.step(.host, machine.name, .connect), in: bench.context)
        #expect(hosts.calls.map(\.script) == [handed.withLock { $0 }])
    }

    @Test func aCloudThatFailsLeavesTheIntent() async throws {
        let bench = StepBench(Fixtures.state([]))
        let cloud = FakeCloud(log: bench.log) { answers in
            answers.tagNetwork = { _, _ in }
            answers.createMachine = { _ in throw Sample.transient("no answer") }
        }
        try await expectError(.unreachable) {
            _ = try await driver(cloud).perform(Sample.step(.machine, design.name, .createMachine(design: design)), in: bench.context)
        }
        let entry = try #require(bench.state.machines[design.name])
        #expect(entry.providerID == nil && entry.token == "0011aabb-demo-nodes-a-3")
        #expect(bench.state.highWater["nodes"] == 3)
    }

    @Test func withoutSecretsNoMachineIsMade() async throws {
        let bench = StepBench(Fixtures.state([]))
        try await expectError(.failed) {
            _ = try await driver(FakeCloud(log: bench.log), vault: Sample.emptyVault).perform(
                Sample.step(.machine, design.name, .createMachine(design: design)), in: bench.context)
        }
        #expect(bench.log.all.isEmpty)
    }

    /// A kill between two intents must not leave a higher ordinal without the lower ones: the next run counts on from there.
    @Test func lowerOrdinalsAreIntendedFirst() async throws {
        let designs = [3, 4, 5].map { ordinal in
            MachineDesign(
                name: "demo-nodes-a-\(ordinal)", pool: "nodes", zone: "local-a", role: .worker, ordinal: ordinal,
                instanceType: "local.small", podCIDR: Fixtures.cidr("10.244.\(ordinal).0/24"))
        }
        let bench = StepBench(Fixtures.state([]))
        let cloud = FakeCloud { answers in
            answers.tagNetwork = { _, _ in }
            answers.createMachine = { record($0.name) }
        }
        let driver = CloudDriver(
            cloud: cloud, vault: try Sample.vault(), assets: { _ in FakeAssets(versions: [Fixtures.version]) },
            store: "file:///srv/slipway", machines: designs)
        for index in [1, 2, 0] {
            let design = designs[index]
            _ = try await driver.perform(Sample.step(.machine, design.name, .createMachine(design: design)), in: bench.context)
        }
        #expect(
            bench.log.all("record machineIntended") == designs.map { "record machineIntended \($0.name)" }, "each once, in their order")
        #expect(bench.state.machines.values.allSatisfy { $0.providerID != nil })
    }

    /// Machines are made at once; the tag must never say less than it said before.
    @Test func theHighWaterTagNeverSinks() async throws {
        let bench = StepBench(Fixtures.state([]))
        let tagged = Mutex<[Int]>([])
        let cloud = FakeCloud { answers in
            answers.tagNetwork = { _, tags in
                // A slow cloud: whoever comes later would overtake, were they not in turns.
                for _ in 0..<20 { await Task.yield() }
                tagged.withLock { $0.append(Int(tags[Tag.highWaterPrefix + "nodes"] ?? "") ?? -1) }
            }
            answers.createMachine = { record($0.name) }
        }
        let driver = try driver(cloud)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for ordinal in 1...12 {
                group.addTask {
                    let design = MachineDesign(
                        name: "demo-nodes-a-\(ordinal)", pool: "nodes", zone: "local-a", role: .worker, ordinal: ordinal,
                        instanceType: "local.small", podCIDR: Fixtures.cidr("10.244.\(ordinal).0/24"))
                    _ = try await driver.perform(Sample.step(.machine, design.name, .createMachine(design: design)), in: bench.context)
                }
            }
            try await group.waitForAll()
        }
        let tags = tagged.withLock { $0 }
        #expect(tags.count == 12 && tags == tags.sorted() && tags.last == 12, "\(tags)")
    }

    @Test func aNetworkIsRecordedOnceAndNotAgainWhenItIsTheSame() async throws {
        let bench = StepBench()
        let cloud = FakeCloud(log: bench.log) { answers in
            answers.ensureNetwork = { request in
                #expect(request.tags == [Tag.cluster: "demo", Tag.clusterUID: "0011aabb", Tag.store: "file:///store"])
                return Fixtures.network
            }
        }
        let step = Sample.step(
            .network, "demo", .ensureNetwork(cidr: nil, podCIDR: Fixtures.podCIDR, serviceCIDR: Fixtures.serviceCIDR))
        let driver = try driver(cloud)
        _ = try await driver.perform(step, in: bench.context)
        _ = try await driver.perform(step, in: bench.context)
        #expect(bench.log.all == ["cloud.ensureNetwork demo", "record network net-1", "cloud.ensureNetwork demo"])
        #expect(bench.state.network == Fixtures.network)
    }

    @Test func aStartedMachinesNewAddressIsRecorded() async throws {
        let bench = StepBench(Fixtures.state([Fixtures.machine(.worker)]))
        let cloud = FakeCloud(log: bench.log) { $0.startMachine = { _, name in record(name) } }
        _ = try await driver(cloud).perform(Sample.step(.machine, Sample.worker, .startMachine), in: bench.context)
        #expect(bench.state.machines[Sample.worker]?.address == Fixtures.address("100.96.8.77"))
    }

    @Test func anotherSizeIsRecordedOnceTheCloudHasIt() async throws {
        let machine = Fixtures.machine(.worker)
        let bench = StepBench(Fixtures.state([machine]))
        let cloud = FakeCloud(log: bench.log) { $0.resizeMachine = { _, _, _ in } }
        let step = Sample.step(.machine, machine.name, .resizeMachine(instanceType: "local.large"))
        #expect(try await driver(cloud).perform(step, in: bench.context) == .changed)
        #expect(
            bench.log.all == [
                "cloud.resizeMachine \(machine.name) local.large", "record machineResized \(machine.name) local.large",
            ], "\(bench.log.all)")
    }

    /// As after a run that was killed between the cloud's answer and its record.
    @Test func aSizeThatWasNotRecordedIsAtTheNextStart() async throws {
        let machine = Fixtures.machine(.worker)
        var started = record(machine.name)
        started.instanceType = "local.large"
        let bench = StepBench(Fixtures.state([machine]))
        let cloud = FakeCloud(log: bench.log) { [started] in $0.startMachine = { _, _ in started } }
        _ = try await driver(cloud).perform(Sample.step(.machine, machine.name, .startMachine), in: bench.context)
        #expect(bench.log.all.contains("record machineResized \(machine.name) local.large"), "\(bench.log.all)")
    }

    @Test func routesGoToTheCloudAsTheyAre() async throws {
        let bench = StepBench(Fixtures.state([Fixtures.machine(.worker)]))
        let cloud = FakeCloud(log: bench.log) { answers in
            answers.setRoute = { _, _, _ in }
            answers.deleteRoute = { _, _ in }
        }
        let driver = try driver(cloud)
        let range = Fixtures.cidr("10.244.21.0/24")
        _ = try await driver.perform(
            Sample.step(.route, Sample.worker, .setRoute(podCIDR: range, machine: Sample.worker)), in: bench.context)
        _ = try await driver.perform(Sample.step(.route, Sample.worker, .deleteRoute(podCIDR: range)), in: bench.context)
        #expect(bench.log.all == ["cloud.setRoute 10.244.21.0/24 demo-nodes-a-1", "cloud.deleteRoute 10.244.21.0/24"])
    }

    // MARK: Ownership

    private func observing(_ bench: StepBench, machineTags: [String: String]?, networkTags: [String: String]?) -> FakeCloud {
        let record = record(Sample.worker, tags: machineTags ?? [:])
        return FakeCloud(log: bench.log) { answers in
            answers.observe = { _ in
                CloudObservation(
                    network: networkTags.map { .init(record: Fixtures.network, isUp: true, tags: $0) },
                    machines: machineTags == nil ? [] : [record])
            }
            answers.deleteMachine = { _, _ in }
            answers.deleteNetwork = { _ in }
        }
    }

    @Test(arguments: [[Tag.clusterUID: "someone"], [:]]) func whatIsNotOursIsLeftAlone(_ tags: [String: String]) async throws {
        let bench = StepBench(Fixtures.state([Fixtures.machine(.worker)]))
        let driver = try driver(observing(bench, machineTags: tags, networkTags: tags))
        let machine = try await expectError(.refused) {
            _ = try await driver.perform(Sample.step(.machine, Sample.worker, .deleteMachine, guards: [.ownership]), in: bench.context)
        }
        #expect(machine.address == Address(.machine, Sample.worker) && machine.cause.contains(tags.isEmpty ? "absent" : "someone"))
        try await expectError(.refused) {
            _ = try await driver.perform(Sample.step(.network, "demo", .deleteNetwork, guards: [.ownership]), in: bench.context)
        }
        #expect(bench.log.all == ["cloud.observe demo", "cloud.observe demo"], "nothing is deleted and nothing forgotten")
    }

    @Test func whatIsOursGoes() async throws {
        let bench = StepBench(Fixtures.state([Fixtures.machine(.worker)]))
        let ours = [Tag.clusterUID: "0011aabb"]
        let driver = try driver(observing(bench, machineTags: ours, networkTags: ours))
        _ = try await driver.perform(Sample.step(.machine, Sample.worker, .deleteMachine, guards: [.ownership]), in: bench.context)
        _ = try await driver.perform(Sample.step(.network, "demo", .deleteNetwork, guards: [.ownership]), in: bench.context)
        #expect(
            bench.log.all == [
                "cloud.observe demo", "cloud.deleteMachine demo-nodes-a-1", "record machineGone demo-nodes-a-1", "cloud.observe demo",
                "cloud.deleteNetwork demo", "record network none",
            ])
        #expect(bench.state.machines.isEmpty && bench.state.network == nil)
    }

    @Test func whatIsGoneAlreadyIsForgotten() async throws {
        let bench = StepBench(Fixtures.state([Fixtures.machine(.worker)]))
        let driver = try driver(observing(bench, machineTags: nil, networkTags: nil))
        _ = try await driver.perform(Sample.step(.machine, Sample.worker, .deleteMachine, guards: [.ownership]), in: bench.context)
        _ = try await driver.perform(Sample.step(.network, "demo", .deleteNetwork, guards: [.ownership]), in: bench.context)
        #expect(bench.state.machines.isEmpty && bench.state.network == nil)
    }

    @Test func anActionOfAnotherDriverIsABug() async throws {
        try await expectError(.bug) {
            _ = try await driver(FakeCloud()).perform(Sample.step(.host, Sample.worker, .connect), in: StepBench().context)
        }
    }
}
