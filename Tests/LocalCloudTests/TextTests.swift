import ClusterModel
import Testing

@testable import Bootstrap
@testable import LocalCloud

/// What is read from the kernel and said to programs, as text.
@Suite struct TextTests {
    @Test func namesFitTheKernel() throws {
        let names = try LocalNames(uid: "0123abcd")
        #expect(names.namespace == "slw-0123abcd")
        #expect(names.hostLink == "slw0123abcd")
        #expect(try LocalNames(uid: "123456789012").hostLink.utf8.count == 15)
        #expect(names.machine("demo-nodes-a-1") == "slw-0123abcd-demo-nodes-a-1")
        let range = try cidr("10.0.0.0/16")
        #expect(names.port(of: try #require(range.address(at: 65000)), in: range) == "m65000")
        #expect(LocalNames.hardwareAddress(try #require(IPv4Address("100.96.8.11"))) == "02:53:64:60:08:0b")
    }

    @Test(arguments: ["", "ABC", "a/b", "1234567890123", "a b"])
    func strangeUIDIsRefused(_ uid: String) {
        #expect(throws: SlipwayError.self) { try LocalNames(uid: uid) }
    }

    @Test(arguments: ["", "-a", "a-", "A", "a.b", "../x", String(repeating: "a", count: 64)])
    func strangeMachineNameIsRefused(_ name: String) {
        #expect(throws: SlipwayError.self) { try LocalNames.check(machine: name) }
    }

    @Test(arguments: MachineRole.allCases) func theImageBringsWhatMachinesAreCheckedFor(_ role: MachineRole) {
        // No Debian is without these.
        let wanted = Set(RequiredPrograms.all(for: role).map(\.package)).subtracting(["coreutils", "tar"])
        #expect(wanted.subtracting(LocalImage.packages) == [])
    }

    @Test func argumentsOfNspawn() {
        let launch = MachineLaunch(
            name: "demo-nodes-a-1", folder: "/data/demo", imageRoot: "/cache/root", namespace: "slw-0123abcd-demo-nodes-a-1",
            devices: ["/dev/kmsg"], limits: MachineLimits(InstanceType.local[0], host: HostCapacity(cpus: 8, memory: 16 << 30)),
            systemReserved: "cpu=6,memory=14Gi")
        #expect(
            launch.arguments.joined(separator: "\n") == """
                --directory=/run/slipway/root
                --machine=demo-nodes-a-1
                --boot
                --keep-unit
                --register=no
                --link-journal=no
                --resolv-conf=off
                --timezone=off
                --console=read-only
                --capability=all
                --network-namespace-path=/run/slipway/netns
                --system-call-filter=@keyring bpf perf_event_open
                --bind=/dev/kmsg
                --bind=/run/slipway/bind/containerd:/var/lib/containerd
                --bind=/run/slipway/bind/etcd:/var/lib/etcd
                --bind=/run/slipway/bind/kubelet:/var/lib/kubelet
                --setenv=SYSTEMD_COLORS=0
                --setenv=SYSTEM_RESERVED=cpu=6,memory=14Gi
                """)
    }

    static let mountinfo = """
        27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard
        30 27 0:26 / /sys/fs/cgroup rw shared:9 - tmpfs tmpfs rw,mode=755
        31 30 0:27 / /sys/fs/cgroup/cpu rw shared:10 master:3 - cgroup cgroup rw,cpu
        32 30 0:28 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset
        33 30 0:29 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd
        34 30 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
        35 27 0:27 / /elsewhere rw - cgroup cgroup rw,cpu
        36 27 0:31 / /data rw - overlay overlay rw,lowerdir=/a
        37 36 0:32 / /data/deep rw - xfs /dev/vdb rw
        broken
        """

    @Test func cgroupHierarchiesAreFoundOnce() {
        let cgroups = Cgroups(mountinfo: Self.mountinfo)
        #expect(
            cgroups.entrances("x") == [
                "/sys/fs/cgroup/cpu/x/cgroup.procs", "/sys/fs/cgroup/cpuset/x/cgroup.procs", "/sys/fs/cgroup/systemd/x/cgroup.procs",
                "/sys/fs/cgroup/unified/x/cgroup.procs",
            ])
        #expect(cgroups.hierarchies.map(\.isUnified) == [false, false, false, true])
        #expect(cgroups.hierarchies[1].controllers == ["cpuset"])
    }

    @Test(arguments: [("/data", "overlay"), ("/data/x", "overlay"), ("/data/deep/y", "xfs"), ("/database", "ext4"), ("/", "ext4")])
    func filesystemOfAPath(_ path: String, _ type: String) {
        #expect(MountTable(Self.mountinfo).filesystem(of: path) == type)
    }

    @Test func initOfAMachineIsToldFromOthers() throws {
        func facts(_ pids: String, state: String = "S (sleeping)") throws -> ProcessFacts {
            try #require(ProcessFacts(status: "Name:\tsystemd\nState:\t\(state)\nPid:\t4711\nNSpid:\t\(pids)\n"))
        }
        #expect(try facts("4711\t1").isInit(below: 1))
        #expect(try facts("4711\t1").command == "systemd")
        #expect(try !facts("4711").isInit(below: 1))
        #expect(try !facts("4711\t25").isInit(below: 1))
        #expect(try !facts("4711\t288\t1").isInit(below: 1))
        #expect(try facts("4711\t288\t1").isInit(below: 2))
        #expect(try !facts("4711\t1", state: "Z (zombie)").isInit(below: 1))
        #expect(ProcessFacts(status: "nonsense") == nil)
    }

    @Test func consoleLosesItsControlSequences() {
        let text = "\u{1B}[0;32m  OK  \u{1B}[0m Started x.\r\r\n\n\u{1B}]0;title\u{07}plain\r\nlast \u{1B}[1;31mline"
        #expect(Console.plainLines(text) == ["OK   Started x.", "plain", "last line"])
    }

    @Test func imageRecipeDecidesTheDigest() {
        #expect(LocalImage.recipeDigest.count == 16)
        #expect(LocalImage.recipeDigest.allSatisfy { $0.isHexDigit })
    }
}
