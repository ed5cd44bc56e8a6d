import ClusterModel
import TestSupport
import Testing

@testable import LocalCloud

/// What a type means on hosts of different sizes.
@Suite struct InstanceTypeTests {
    private static let gib = 1 << 30
    private static let small = InstanceType.local[0]

    private func cloud(cpus: Int = 2, gib: Int) -> LocalCloud {
        var cloud = LocalCloud(root: "/var/tmp/slipway-none", cacheRoot: "/var/tmp/slipway-none")
        cloud.host = { HostCapacity(cpus: cpus, memory: gib << 30) }
        return cloud
    }

    private func spec(masters: Int = 1, workers: Int = 1, type: String = "local.small") -> Cluster {
        var cluster = Fixtures.cluster()
        cluster.spec.controlPlane.count = masters
        cluster.spec.pools[0].count = workers
        cluster.spec.pools[0].instanceType = type
        return cluster
    }

    @Test func moreMachinesThanTheKernelGivesWatchersForAreRefused() async throws {
        #expect(InotifyInstances.obstacle(machines: 10, limit: 128) == nil)
        let few = try #require(InotifyInstances.obstacle(machines: 20, limit: 128))
        #expect(few.cause == "20 machines on this host need 248 inotify instances, and fs.inotify.max_user_instances is 128: enough for 10")
        #expect(few.hint == "sysctl -w fs.inotify.max_user_instances=256")
        #expect(InotifyInstances.limit() ?? 0 > 0)

        var cloud = cloud(cpus: 64, gib: 512)
        cloud.inotifyInstances = { 128 }
        #expect(try await cloud.remarks(on: spec(workers: 9)) == [])
        #expect(try await cloud.remarks(on: spec(workers: 10)).first?.contains("fs.inotify.max_user_instances") == true)
        cloud.inotifyInstances = { nil }
        #expect(try await cloud.remarks(on: spec(workers: 10)) == [])
    }

    @Test func aHostIsCountedAsItsKubeletDoes() {
        let host = HostCapacity(cpus: 4, meminfo: "MemTotal:       24684084 kB\nMemFree:  1 kB\nHugetlb:            2048 kB\n")
        #expect(host == HostCapacity(cpus: 4, memory: (24_684_084 - 2048) << 10))
        #expect(HostCapacity(cpus: 4, meminfo: "MemFree: 1 kB\n") == nil)
        #expect((try? HostCapacity.current())?.cpus ?? 0 > 0)
    }

    @Test func whatTheHostHasBeyondTheMachineIsReserved() {
        #expect(HostCapacity(cpus: 8, memory: 16 * Self.gib).beyond(Self.small) == "cpu=6,memory=14Gi")
        #expect(HostCapacity(cpus: 2, memory: 24_684_084 << 10).beyond(Self.small) == "memory=22586932Ki")
        #expect(HostCapacity(cpus: 2, memory: 2 * Self.gib).beyond(Self.small) == "")
        #expect(HostCapacity(cpus: 1, memory: Self.gib).beyond(Self.small) == "", "a host that shrank")
    }

    @Test func limitsAreWrittenToEachHierarchysFiles() {
        let host = HostCapacity(cpus: 8, memory: 16 * Self.gib)
        let limits = MachineLimits(Self.small, host: host)
        func lines(_ limits: MachineLimits, unified: Bool, _ controllers: String...) -> [String] {
            limits.settings(of: Cgroups.Hierarchy(path: "/c", isUnified: unified, controllers: controllers), cgroup: "m")
                .map { "\($0.file) \($0.value)\($0.isOptional ? " ?" : "")" }
        }
        #expect(
            lines(limits, unified: false, "memory") == [
                "m/memory.use_hierarchy 1 ?", "m/memory.limit_in_bytes 2147483648", "m/memory.memsw.limit_in_bytes 2147483648 ?",
            ])
        #expect(lines(limits, unified: false, "cpu", "cpuacct") == ["m/cpu.cfs_period_us 100000", "m/cpu.cfs_quota_us 200000"])
        #expect(lines(limits, unified: false, "name=systemd") == [])
        #expect(
            lines(limits, unified: true, "cpuset", "cpu", "memory") == [
                "cgroup.subtree_control +memory", "m/memory.max 2147483648", "cgroup.subtree_control +cpu", "m/cpu.max 200000 100000",
            ])
        #expect(lines(limits, unified: true) == [], "a hybrid host, where version 1 has the controllers")
        #expect(limits.unitProperties == ["MemoryMax=2147483648", "CPUQuota=200%"])
        // A quota that the host could not exceed anyway would only slow it down.
        let equal = MachineLimits(Self.small, host: HostCapacity(cpus: 2, memory: 16 * Self.gib))
        #expect(lines(equal, unified: false, "cpu") == [])
        #expect(lines(equal, unified: true, "cpu", "memory") == ["cgroup.subtree_control +memory", "m/memory.max 2147483648"])
        #expect(equal.unitProperties == ["MemoryMax=2147483648"])
    }

    @Test func aTypeAboveTheHostsMeansIsRefused() async throws {
        let offers = try await cloud(gib: 4).instanceTypes()
        #expect(offers.map { $0.obstacle == nil } == [true, true, false])
        let large = #expect(throws: SlipwayError.self) { try cloud(gib: 3).checkFits(["local.small", "local.large", "local.medium"]) }
        #expect(large?.code == .refused)
        #expect(
            large?.cause == "this host has 2 CPUs and 3 GiB of memory: too little for local.large (2 CPUs and 8 GiB of memory), "
                + "local.medium (2 CPUs and 4 GiB of memory)")
        #expect(large?.hint == "use a type that fits this host: local.small")
        let single = #expect(throws: SlipwayError.self) { try cloud(cpus: 1, gib: 8).checkFits(["local.small"]) }
        #expect(single?.hint == "local machines need a host of at least 2 CPUs and 2 GiB of memory")
        #expect(throws: Never.self) { try cloud(gib: 2).checkFits(["local.small"]) }
        let unknown = #expect(throws: SlipwayError.self) { try cloud(gib: 2).checkFits(["local.huge"]) }
        #expect(unknown?.code == .refused && unknown?.cause.contains("local.huge") == true)
    }

    @Test func aSumAboveTheHostsMemoryIsRemarked() async throws {
        #expect(try await cloud(gib: 8).remarks(on: spec(masters: 1, workers: 3)) == [])
        let many = try await cloud(gib: 8).remarks(on: spec(masters: 3, workers: 2))
        #expect(many.count == 1 && many[0].hasPrefix("the machines may use 10 GiB of memory in all, this host has 8 GiB:"), "\(many)")
        let large = try await cloud(gib: 6).remarks(on: spec(type: "local.large"))
        #expect(large.count == 2 && large[0].hasPrefix("it would be refused: this host has"), "\(large)")
    }

    /// The kernel takes what is written, and keeps it until the cgroup goes.
    @Test(.hostToItself) func theKernelTakesTheLimits() throws {
        let cgroups = try Cgroups.current()
        let name = "slw-limits-test"
        // Fewer processors than any host has that can be tested on.
        let one = InstanceType(name: "one", cpus: 1, memoryMiB: 64)
        let host = HostCapacity(cpus: 2, memory: Self.gib)
        try cgroups.make(name)
        defer { _ = try? cgroups.remove(name) }
        try cgroups.limit(name, to: MachineLimits(one, host: host))
        for hierarchy in cgroups.hierarchies where cgroups.unitParent.isEmpty {
            for setting in MachineLimits(one, host: host).settings(of: hierarchy, cgroup: name) where !setting.file.contains("subtree") {
                let path = "\(hierarchy.path)/\(setting.file)"
                if setting.isOptional, !Files.exists(path) { continue }
                #expect(try Files.text(path)?.trimmingSpaces == setting.value, "\(path)")
            }
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String { trimming(while: \.isWhitespace) }
}
