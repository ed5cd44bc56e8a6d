import Bootstrap
import ClusterModel
import Foundation
import PKI
import Planning
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import Operations

/// Clusters on a cloud that has an endpoint for the API, other addresses for people than for machines, and user data that others
/// can read.
@Suite struct CloudMachinesTests {
    private static func spec(masters: Int = 3, workers: Int = 1) -> Cluster {
        var cluster = Fixtures.cluster(workers: workers)
        cluster.spec.cloud = CloudSpec(provider: .aws, aws: AWSCloudSpec(region: "eu-central-1"))
        cluster.spec.controlPlane.count = masters
        return cluster
    }

    private static let made = MadeCluster(spec(), provider: .aws)

    private func withCluster<Result>(_ body: (Bench) async throws -> Result) async throws -> Result {
        try await Self.made.copy(movesTags: true, body)
    }

    private func endpoint(_ bench: Bench) async throws -> [String]? {
        let uid = try await bench.uid
        return bench.world.with { $0.networks[uid]?.endpointMachines }
    }

    private static let masters = ["demo-control-plane-a-1", "demo-control-plane-a-2", "demo-control-plane-a-3"]

    @Test func itIsMadeAndHealthyAndASecondUpdateChangesNothing() async throws {
        try await withCluster { bench in
            #expect(try await endpoint(bench) == Self.masters)
            #expect(try await bench.validate() == [:])
            bench.world.changes.clear()
            #expect(try await bench.update().plan.isEmpty)
            #expect(bench.world.changes.all == [])
            let secrets = try #require(try await bench.store.readSecrets("demo"))
            for (name, entry) in try await bench.state().machines {
                let key = try #require(entry.hostKey)
                #expect(entry.hostKeyFingerprint == HostKeyRenewal.fingerprint(of: key), "it is pinned")
                #expect(entry.hostKeyFingerprint != (try ClusterSecrets(decoding: secrets).hostKey(for: name).fingerprint))
                #expect(bench.world.with { $0.machines[name]?.record.tags[Tag.hostKey] } == entry.hostKeyFingerprint)
                #expect(entry.accessAddress != nil && entry.accessAddress == bench.world.with { $0.machines[name]?.record.accessAddress })
                let login = try await AdminAccess(bench.context).login("demo", machine: name)
                #expect(login.last?.line == "\(try #require(entry.accessAddress)) \(key)")
            }
        }
    }

    @Test func peopleGetTheAddressForThem() async throws {
        try await withCluster { bench in
            let network = try #require(try await bench.state().network)
            let access = try #require(network.accessAddress)
            #expect(access != network.apiAddress)
            #expect(try await AdminAccess(bench.context).kubeconfig("demo", ttl: .seconds(3600)).endpoint.url == "https://\(access):6443")
            #expect(try await Inspect(bench.context).cluster("demo").api == "https://\(access):6443")
        }
    }

    @Test func aNameThatTheSpecChoosesComesIntoCertificatesAndKubeconfig() async throws {
        try await withCluster { bench in
            var spec = Self.spec()
            spec.spec.kubernetesVersion = try await bench.state().desired.spec.kubernetesVersion
            spec.spec.cloud.aws?.dnsName = "api.demo.example.com"
            let plan = try await bench.update(spec).plan
            #expect(plan.steps.filter { $0.action.name == .installContent }.map(\.address.name).sorted() == Self.masters)
            #expect(!plan.steps.contains { $0.action.name == .createMachine })
            let url = "https://api.demo.example.com:6443"
            #expect(try await AdminAccess(bench.context).kubeconfig("demo", ttl: .seconds(3600)).endpoint.url == url)
            #expect(try await Inspect(bench.context).cluster("demo").api == url)
            #expect(try await bench.update().plan.isEmpty)
            #expect(try await bench.validate() == [:])
            spec.spec.cloud.aws?.hostedZone = "Z1"
            let moved = await #expect(throws: SlipwayError.self) { try await bench.update(spec) }
            #expect(moved?.code == .refused && moved?.cause.contains("spec.cloud.aws.hostedZone cannot be changed") == true)
        }
    }

    // MARK: Addresses that change

    @Test func aMachineThatOthersStoppedAndStartedIsReachedWhereItIsNow() async throws {
        try await withCluster { bench in
            let identity = try await bench.state().identity
            for name in [Bench.worker, Bench.master] {
                let before = try #require(try await bench.state().machines[name]?.accessAddress)
                try await bench.world.stopMachine(identity, name: name)
                let now = try #require(try await bench.world.startMachine(identity, name: name).accessAddress)
                #expect(now != before)
                #expect(try await bench.validate() == [:])
                #expect(try await bench.update().plan.isEmpty, "it is no reason to do anything")
                let shown = try await Inspect(bench.context).machines("demo").first { $0.name == name }
                #expect(shown?.accessAddress == "\(now)")
                #expect(try await AdminAccess(bench.context).login("demo", machine: name).last?.endpoint.address == now)
                #expect(try await bench.state().machines[name]?.accessAddress == before, "nothing was done, and nothing is written")
                // As soon as anything is done, it is noted, too, and used.
                bench.world.machine(name) { $0.services[.kubelet] = "inactive" }
                #expect(!(try await bench.update().plan.isEmpty))
                #expect(try await bench.state().machines[name]?.accessAddress == now)
                #expect(try await bench.validate() == [:])
            }
        }
    }

    @Test func afterAStopAndAStartEverythingIsAsBefore() async throws {
        try await withCluster { bench in
            let before = try await bench.state()
            bench.world.changes.clear()
            _ = try await StopCluster(bench.context)("demo", yes: true) { _ in }
            let stopped = bench.world.changes.all
            for name in Self.masters {
                let left = try #require(stopped.firstIndex(of: "leaveEndpoint \(name)"))
                #expect(left < (try #require(stopped.firstIndex(of: "stopMachine \(name)"))))
            }
            #expect(try await endpoint(bench) == [])
            _ = try await StartCluster(bench.context)("demo", yes: true) { _ in }
            #expect(try await endpoint(bench) == Self.masters)
            #expect(try await bench.validate() == [:])
            let after = try await bench.state()
            for (name, entry) in after.machines {
                #expect(entry.accessAddress != before.machines[name]?.accessAddress && entry.address == before.machines[name]?.address)
                #expect(entry.hostKey == before.machines[name]?.hostKey)
            }
        }
    }

    // MARK: The endpoint

    @Test func aMasterThatTheEndpointForgotIsBroughtBack() async throws {
        try await withCluster { bench in
            let uid = try await bench.uid
            bench.world.network(uid) { $0.endpointMachines = [Self.masters[0]] }
            let problems = try await bench.validate()
            #expect(
                problems["services"]
                    == Self.masters.dropFirst().map {
                        "service/\($0)/slipway-api-address: the API's endpoint does not lead to it"
                    })
            bench.world.changes.clear()
            let plan = try await bench.update().plan
            #expect(
                plan.steps.filter { $0.action.name == .startServices }.map(\.action) == [
                    .startServices(services: [.apiAddress]), .startServices(services: [.apiAddress]),
                ])
            #expect(Set(bench.world.changes.all("joinEndpoint")) == Set(Self.masters.dropFirst().map { "joinEndpoint \($0)" }))
            #expect(try await endpoint(bench) == Self.masters)
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func withoutAnyMasterBehindItTheAPIIsUnreachable() async throws {
        try await withCluster { bench in
            bench.world.network(try await bench.uid) { $0.endpointMachines = [] }
            #expect(try await bench.validate()["api"]?.first?.contains("the API is not reachable") == true)
            _ = try await bench.update()
            #expect(try await bench.validate() == [:])
        }
    }

    @Test func aMasterThatGoesLeavesTheEndpointFirst() async throws {
        try await withCluster { bench in
            bench.world.changes.clear()
            _ = try await bench.update(Self.spec(masters: 1))
            #expect(try await endpoint(bench)?.count == 1)
            for name in Self.masters where try await bench.state().machines[name] == nil {
                let changes = bench.world.changes.all
                let left = try #require(changes.firstIndex(of: "leaveEndpoint \(name)"))
                #expect(left < (try #require(changes.firstIndex(of: "deleteMachine \(name)"))))
            }
            #expect(try await bench.validate() == [:])
        }
    }

    // MARK: A lost state

    @Test func aLostStateIsRebuiltAndTheHostKeyIsAskedFor() async throws {
        try await withCluster { bench in
            let before = try await bench.state()
            for file in ["state.json", "journal.jsonl"] { try FileManager.default.removeItem(atPath: "\(bench.store.root)/demo/\(file)") }
            var context = bench.context
            context.recovery = RecoveryRequest(places: [CloudPlace(.aws)])
            #expect(try await UpdateCluster(context)("demo", yes: true) { _ in }.plan.isEmpty)
            let after = try await bench.state()
            #expect(after.network == before.network)
            for (name, entry) in before.machines {
                let rebuilt = try #require(after.machines[name])
                #expect(rebuilt.accessAddress == entry.accessAddress && rebuilt.hostKeyFingerprint == entry.hostKeyFingerprint)
                #expect(rebuilt.hostKey == nil, "a tag says the fingerprint only")
                let login = try await AdminAccess(bench.context).login("demo", machine: name)
                #expect(login.last?.line == "\(try #require(entry.accessAddress)) \(try #require(entry.hostKey))")
            }
            #expect(try await bench.validate() == [:])
        }
    }

    /// By the spec's own words: what a pattern stands for may be another image tomorrow, and replaces nothing by itself.
    @Test func machinesAreReplacedWhenTheirImageChangesAndTheirTagsSayWhatTheyAreMadeFrom() async throws {
        try await withCluster { bench in
            let before = try await bench.state().machines
            #expect(before.values.allSatisfy { $0.make == MachineMake(image: nil, volumeSize: SpecDefaults.volumeSize) })
            var cluster = try await bench.state().desired
            cluster.spec.cloud.aws?.image = AWSImage("136693071363/debian-12-amd64-*")
            cluster.spec.cloud.aws?.volumeSize = 40
            #expect(try await bench.update(cluster).plan.newMachines.isEmpty)
            _ = try await RollCluster(bench.context)("demo", yes: true) { _ in }
            let after = try await bench.state().machines
            #expect(after.count == before.count && Set(after.keys).isDisjoint(with: before.keys))
            let make = MachineMake(image: "136693071363/debian-12-amd64-*", volumeSize: 40)
            for (name, entry) in after {
                #expect(entry.make == make)
                #expect(bench.world.with { $0.machines[name]?.record.tags }?.filter { make.tags[$0.key] != nil } == make.tags)
            }
            #expect(try await bench.validate() == [:])
        }
    }

    /// A run that was killed between the machine and its record may have been of another spec.
    @Test func aMachineThatWasMadeFromSomethingElseBeforeItWasRecordedIsKnownByItsTags() throws {
        let make = MachineMake(image: "ssm:/aws/service/debian", volumeSize: 30)
        #expect(MachineMake(tags: make.tags) == make)
        #expect(MachineMake(tags: MachineMake(image: nil, volumeSize: 8).tags) == MachineMake(image: nil, volumeSize: 8))
        #expect(MachineMake(tags: [:]) == nil)
    }

    @Test func lostSecretsAreReadFromMastersWithKeysOfTheirOwn() async throws {
        let key = SSHKeyPair()
        try await Bench.with(world: SimulatedWorld(provider: .aws)) { bench in
            var cluster = Self.spec(masters: 1)
            cluster.spec.access.sshPublicKeys = [key.authorizedKey(comment: "ann")]
            _ = try await bench.create(cluster)
            let secrets = try await bench.store.readSecrets("demo")
            try FileManager.default.removeItem(atPath: bench.store.root)
            try FileManager.default.removeItem(atPath: bench.store.key.keyFile.path)
            var context = bench.context
            context.recovery = RecoveryRequest(sshKey: key.privateKeyFile, places: [CloudPlace(.aws)])
            #expect(try await UpdateCluster(context)("demo", yes: true) { _ in }.plan.isEmpty)
            #expect(try await bench.store.readSecrets("demo") == secrets)
        }
    }
}
