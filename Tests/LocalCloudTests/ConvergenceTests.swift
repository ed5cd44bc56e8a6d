import ClusterModel
import Glibc
import TestSupport
import Testing

@testable import LocalCloud

extension MachineTests {
    /// What is left when Slipway is killed between two steps, and that the same request then ends as if it had not been.
    @Suite struct Convergence {
        @Test func creationThatWasKilledIsCompleted() async throws {
            let before = try await HostSnapshot.take()
            try await World.with { world in
                let cluster = world.cluster()
                let names = try LocalNames(uid: cluster.uid)
                let cloud = world.cloud

                // Killed after the network's record, before the network; then with half of it.
                let request = try world.networkRequest(cluster)
                try Files.makeFolder(cloud.records.cluster(cluster.uid))
                let file = NetworkFile(
                    identity: cluster, cidr: try cidr("100.97.77.0/24"), podCIDR: request.podCIDR,
                    serviceCIDR: request.serviceCIDR, tags: request.tags)
                try cloud.records.write(file)
                #expect(try await cloud.observe(cluster).network?.isUp == false)
                _ = try await cloud.ensureNetwork(request)
                try await Tool.output("ip", ["-n", names.namespace, "link", "del", names.bridge], doing: "breaking the network")
                #expect(try await cloud.observe(cluster).network?.isUp == false)
                let network = try await cloud.ensureNetwork(request)
                #expect(try await cloud.observe(cluster).network?.isUp == true)

                // Killed while the disk was laid out.
                let machineRequest = try await world.request(cluster, "a")
                try Files.makeFolder("\(cloud.records.machines(cluster.uid))/.new-a/root/upper/etc")
                #expect(try await cloud.observe(cluster).machines == [])

                // Killed when the machine was recorded, before anything of it ran.
                let image = try await LocalImage.ensure(cacheRoot: cloud.cacheRoot, progress: { _ in })
                let wanted = try await WantedFiles([:], cacheRoot: cloud.cacheRoot)
                let published = try await cloud.withClusterLock(cluster) {
                    try await cloud.publishMachine(machineRequest, image: image, wanted: wanted)
                }
                #expect(try Files.list(cloud.records.machines(cluster.uid)) == ["a"])
                #expect(try await world.status(cluster, "a") == .stopped)
                #expect(published.address == network.cidr.address(at: 11))

                // Killed with the namespace's name made, but not the namespace; and the cgroup, with a process that is none.
                try Files.write([], to: "\(NetworkWorks.namespaces)/\(names.machine("a"))", mode: 0o600)
                let cgroups = try Cgroups.current()
                try cgroups.make(names.machine("a"))
                try await Tool.output(
                    "sh",
                    [
                        "-c", "for file; do echo 0 >$file; done; exec setsid --fork sleep 600 </dev/null >/dev/null 2>&1", "sh",
                    ] + cgroups.entrances(names.machine("a")), doing: "leaving a process")
                #expect(try await world.status(cluster, "a") == .stopped)

                let machine = try await cloud.createMachine(machineRequest)
                #expect(machine.address == published.address)
                #expect(try await world.ssh(cluster, machine, "hostname") == "a")
                let sleepers = try cgroups.members(names.machine("a")).filter { ProcessFacts.read("\($0)")?.command == "sleep" }
                #expect(sleepers == [])
            }
            try await expectHostUnchanged(since: before)
        }

        @Test func deleteThatWasKilledIsCompleted() async throws {
            let before = try await HostSnapshot.take()
            try await World.with { world in
                let cluster = world.cluster()
                let cloud = world.cloud
                _ = try await world.network(cluster)
                _ = try await world.create(cluster, "a")
                _ = try await world.create(cluster, "b")

                // Killed after the mark.
                var file = try #require(try cloud.records.machine(cluster.uid, named: "a"))
                file.isTerminated = true
                try cloud.records.write(file, of: cluster.uid)
                #expect(try await world.status(cluster, "a") == .terminated)
                let request = try await world.request(cluster, "a")
                let refused = await #expect(throws: SlipwayError.self) { try await cloud.createMachine(request) }
                #expect(refused?.code == .refused)
                try await cloud.deleteMachine(cluster, name: "a")
                #expect(try await world.status(cluster, "a") == nil)

                // Killed after the folder was put aside: the network's end sweeps it.
                try Files.makeFolder("\(cloud.records.machines(cluster.uid))/.gone-c/root/upper")
                // Records removed by hand while a machine runs.
                try await Tool.remove(cloud.records.root)
                #expect(try await cloud.observe(cluster) == CloudObservation())
                #expect(try world.processes(cluster, "b").leader != nil)
                try await cloud.deleteNetwork(cluster)
                #expect(try world.processes(cluster, "b").leader == nil)
            }
            try await expectHostUnchanged(since: before)
        }

        @Test func failedStartTellsTheConsole() async throws {
            try await World.with { world in
                let cluster = world.cluster()
                let cloud = world.cloud
                _ = try await world.network(cluster)
                let request = try await world.request(cluster, "a")
                let image = try await LocalImage.ensure(cacheRoot: cloud.cacheRoot, progress: { _ in })
                let wanted = try await WantedFiles([:], cacheRoot: cloud.cacheRoot)
                _ = try await cloud.withClusterLock(cluster) {
                    try await cloud.publishMachine(request, image: image, wanted: wanted)
                }
                // A disk without a system to boot.
                let work = "\(cloud.records.machine(cluster.uid, "a"))/root/work"
                try await Tool.remove(work)
                let error = await #expect(throws: SlipwayError.self) { try await cloud.createMachine(request) }
                #expect(error?.address == Address(.machine, "a"))
                #expect(error?.log.contains { $0.contains("mount") } == true, "\(String(describing: error?.log))")
                #expect(try await world.status(cluster, "a") == .stopped)
                try Files.makeFolder(work)
                #expect(try await cloud.createMachine(request).status == .running)
            }
        }

        @Test func clustersOfOneNameDoNotTouch() async throws {
            let before = try await HostSnapshot.take()
            try await World.with { world in
                try await World.with { other in
                    let (one, two) = (world.cluster("demo"), other.cluster("demo"))
                    async let makingOne = world.network(one)
                    async let makingTwo = other.network(two)
                    let (first, second) = (try await makingOne, try await makingTwo)
                    #expect(!first.cidr.overlaps(second.cidr))
                    async let creatingOne = world.create(one, "demo-nodes-a-1")
                    async let creatingTwo = other.create(two, "demo-nodes-a-1")
                    let (mine, theirs) = (try await creatingOne, try await creatingTwo)
                    #expect(mine.providerID != theirs.providerID)
                    try await world.cloud.deleteMachine(one, name: mine.name)
                    try await world.cloud.deleteNetwork(one)
                    #expect(try await other.cloud.observe(two).network?.isUp == true)
                    #expect(try await other.ssh(two, theirs, "hostname") == theirs.name)
                }
            }
            try await expectHostUnchanged(since: before)
        }

        @Test func rangeInUseIsRefused() async throws {
            try await World.with { world in
                let one = world.cluster("one")
                _ = try await world.network(one, cidr: "100.97.1.0/24")
                let two = world.cluster("two")
                let taken = await #expect(throws: SlipwayError.self) { try await world.network(two, cidr: "100.97.0.0/16") }
                #expect(taken?.code == .refused)
                #expect(taken?.cause.contains("cluster one") == true)
                // Found before anything is stored; the cluster's own range is no obstacle to its next run.
                for (name, range, isFree) in [("two", "100.97.0.0/16", false), ("one", "100.97.1.0/24", true)] {
                    let wanted = try spec(name, cidr: range)
                    if isFree {
                        try await world.cloud.preflight(wanted)
                    } else {
                        let early = await #expect(throws: SlipwayError.self) { try await world.cloud.preflight(wanted) }
                        #expect(early?.code == .refused && early?.cause.contains("cluster one") == true)
                    }
                }
                // By a link of the host, here the one of a cluster of another root.
                try await World.with { other in
                    let three = other.cluster("three")
                    let taken = await #expect(throws: SlipwayError.self) { try await other.network(three, cidr: "100.97.1.0/25") }
                    #expect(taken?.cause.contains("slw\(one.uid)") == true)
                }
                // Taken while the cluster was down.
                let names = try LocalNames(uid: one.uid)
                try await NetworkWorks.takeDown(names)
                try await World.with { other in
                    _ = try await other.network(other.cluster("four"), cidr: "100.97.1.128/25")
                    let lost = await #expect(throws: SlipwayError.self) { try await world.network(one) }
                    #expect(lost?.cause.contains("100.97.1.128/25") == true)
                }
                _ = try await world.network(one)
                let changed = await #expect(throws: SlipwayError.self) { try await world.network(one, cidr: "100.97.2.0/24") }
                #expect(changed?.code == .refused)
                let small = await #expect(throws: SlipwayError.self) { try await world.network(two, cidr: "100.97.3.0/28") }
                #expect(small?.code == .refused)
                #expect(try await world.cloud.observe(two) == CloudObservation())
            }
        }

        private func spec(_ name: String, cidr range: String? = nil, type: String = "local.small") throws -> Cluster {
            Cluster(
                name: name,
                spec: ClusterSpec(
                    kubernetesVersion: nil, cloud: CloudSpec(provider: .local, local: LocalCloudSpec(cidr: try range.map { try cidr($0) })),
                    access: AccessSpec(), controlPlane: ControlPlaneSpec(count: 1, zones: ["local-a"], instanceType: type), pools: [],
                    network: NetworkSpec(podCIDR: try cidr("10.244.0.0/16"), serviceCIDR: try cidr("10.96.0.0/16")),
                    assets: AssetsSpec(source: "official"), deletionProtection: false))
        }

        @Test func preflightNamesWhatIsMissing() async throws {
            let spec = try spec("demo", type: "local.huge")
            let missing = await #expect(throws: SlipwayError.self) {
                try await LocalCloud(root: "/run/slipway data", cacheRoot: "relative").preflight(spec)
            }
            #expect(missing?.code == .refused)
            for part in ["/run/slipway data", "relative", "outlives a reboot"] { #expect(missing?.cause.contains(part) == true) }
            let type = await #expect(throws: SlipwayError.self) { try await LocalCloud(root: "/var/tmp/x").preflight(spec) }
            #expect(type?.cause.contains("local.huge") == true)
            #expect(type?.hint?.contains("local.small") == true)
            // Larger than this host: before anything is made, the image among it.
            var small = LocalCloud(root: "/var/tmp/x", cacheRoot: "/var/tmp/slipway-no-cache")
            small.host = { HostCapacity(cpus: 2, memory: 3 << 30) }
            var medium = spec
            medium.spec.controlPlane.instanceType = "local.medium"
            let (host, large) = (small, medium)
            let refused = await #expect(throws: SlipwayError.self) { try await host.preflight(large) }
            #expect(refused?.code == .refused && refused?.cause.contains("too little for local.medium") == true)
            #expect(!Files.exists("/var/tmp/slipway-no-cache") && !Files.exists("/var/tmp/x"))
        }
    }
}
