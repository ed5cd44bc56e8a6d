import ClusterModel
import Foundation
import Glibc
import TestSupport
import Testing

@testable import LocalCloud

/// Real machines on this host; they need root. One test at a time, as they compare the host before and after.
@Suite(.serialized, .hostToItself, .timeLimit(.minutes(30))) struct MachineTests {
    @Test func twoMachinesLiveAndLeaveNoTrace() async throws {
        _ = try await LocalImage.ensure(cacheRoot: LocalCloud().cacheRoot, progress: { print($0) })
        let before = try await HostSnapshot.take()
        try await World.with { world in
            let cluster = world.cluster()
            let network = try await world.network(cluster)
            #expect(network.gateway == network.cidr.address(at: 1))
            async let creatingA = world.create(cluster, "demo-nodes-a-1", zone: "local-a")
            async let creatingB = world.create(cluster, "demo-nodes-b-1", zone: "local-b")
            let (a, b) = (try await creatingA, try await creatingB)
            #expect(Set([a.address, b.address]) == Set([11, 12].compactMap { network.cidr.address(at: $0) }))
            #expect(a.providerID != b.providerID)

            let observed = try await world.cloud.observe(cluster)
            #expect(observed.network?.isUp == true)
            #expect(observed.network?.record == network)
            #expect(observed.machines == [a, b])
            #expect(observed.machines.map(\.zone) == ["local-a", "local-b"])
            #expect(observed.machines.map(\.status) == [.running, .running])
            #expect(
                try await world.cloud.clusters() == [
                    ClusterFootprint(identity: cluster, store: "file:///test", machines: [a.name, b.name])
                ])

            #expect(try await world.ssh(cluster, a, "hostname") == a.name)
            #expect(try await world.ssh(cluster, b, "hostname") == b.name)
            try await world.ssh(cluster, a, "ping -c 1 -W 5 \(b.address); ping -c 1 -W 5 \(network.gateway)")
            #expect(
                try await world.ssh(cluster, a, "cat /etc/machine-id") != world.ssh(cluster, b, "cat /etc/machine-id"))
            #expect(try await !world.cloud.consoleTail(cluster, name: a.name, lines: 5).isEmpty)

            // Asked again, nothing is made anew.
            let leader = try world.processes(cluster, a.name).leader?.pid
            #expect(try await world.create(cluster, a.name) == a)
            #expect(try world.processes(cluster, a.name).leader?.pid == leader)
            #expect(try await world.network(cluster) == network)
            let foreign = try await world.request(cluster, a.name, token: "another")
            let taken = await #expect(throws: SlipwayError.self) { try await world.cloud.createMachine(foreign) }
            #expect(taken?.code == .refused)
            #expect(taken?.address == Address(.machine, a.name))

            let busy = await #expect(throws: SlipwayError.self) { try await world.cloud.deleteNetwork(cluster) }
            #expect(busy?.code == .refused)
            for machine in [a, b] { try await world.cloud.deleteMachine(cluster, name: machine.name) }
            #expect(try await world.cloud.observe(cluster).machines == [])
            try await world.cloud.deleteNetwork(cluster)
            #expect(try await world.cloud.observe(cluster) == CloudObservation())
            #expect(!Files.exists(world.cloud.records.root))
            try await world.cloud.deleteMachine(cluster, name: a.name)
            try await world.cloud.deleteNetwork(cluster)
        }
        try await expectHostUnchanged(since: before)
    }

    @Test func machineCanRunPodsWithoutTouchingTheHost() async throws {
        let before = try await HostSnapshot.take()
        try await World.with { world in
            let cluster = world.cluster()
            _ = try await world.network(cluster)
            let machine = try await world.create(cluster, "demo-nodes-a-1")
            let facts = try await world.ssh(cluster, machine, "cat /run/slipway/machine.env")
            #expect(facts.contains("CGROUP_ROOT=/"))
            let (type, host) = (InstanceType.local[0], try HostCapacity.current())
            #expect(facts.contains("\nSYSTEM_RESERVED=\(host.beyond(type))"), "\(facts)")
            try await expectLimit(world, cluster, machine, type)
            #expect(try await world.ssh(cluster, machine, "systemctl is-system-running --wait || systemctl --failed") == "running")
            #expect(
                try await world.ssh(cluster, machine, "systemctl is-active containerd etcd keepalived || true")
                    == "inactive\ninactive\ninactive")
            #expect(
                try await world.ssh(
                    cluster, machine,
                    """
                    for name in kernel/panic kernel/panic_on_oops vm/overcommit_memory; do echo 10 >/proc/sys/$name; done
                    cat /proc/sys/kernel/panic /proc/sys/kernel/panic_on_oops /proc/sys/vm/overcommit_memory
                    echo 1 >/proc/sys/net/ipv4/ip_forward
                    cat /proc/sys/net/ipv4/ip_forward
                    """) == "10\n10\n10\n1")
            if facts.contains("CGROUP_DRIVER=cgroupfs") {
                try await world.ssh(
                    cluster, machine,
                    """
                    for folder in /sys/fs/cgroup/*; do
                        mkdir "$folder/kubepods-test"
                        rmdir "$folder/kubepods-test"
                    done
                    """)
            }
            // A pod as containerd and runc run it, from the machine's own programs, with a limit that holds.
            let pod = try await world.ssh(
                cluster, machine,
                """
                systemctl start containerd
                for file in /usr/bin/sleep /usr/bin/cat $(ldd /usr/bin/sleep | grep -o '/[^ ]*'); do
                    mkdir -p "/var/lib/kubelet/pod${file%/*}"
                    cp "$file" "/var/lib/kubelet/pod$file"
                done
                ctr run --detach --memory-limit 104857600 --cgroup /kubepods/pod1/test --rootfs /var/lib/kubelet/pod test \
                    /usr/bin/sleep 600
                ctr task exec --exec-id one test /usr/bin/cat /proc/self/cgroup
                """)
            #expect(pod.contains("/kubepods/pod1/test"))
            // Its pod dies with it, and what it wrote outside the overlay goes, too.
            try await world.cloud.deleteMachine(cluster, name: machine.name)
            #expect(try Files.list(world.cloud.records.machines(cluster.uid)) == [])
        }
        try await expectHostUnchanged(since: before)
    }

    /// The machine's memory ends where its type's does: what takes more is killed, and nothing else.
    private func expectLimit(_ world: World, _ cluster: ClusterIdentity, _ machine: MachineRecord, _ type: InstanceType) async throws {
        let limit = try await world.ssh(
            cluster, machine, "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max")
        #expect(limit == "\(type.resources.memory)")
        let services = "systemctl show --property=MainPID,NRestarts ssh systemd-journald dbus"
        let before = try await world.ssh(cluster, machine, services)
        // It would never end by itself.
        let greedy = try await world.ssh(cluster, machine, "tail /dev/zero >/dev/null 2>&1 && echo ended || echo $?")
        #expect(greedy == "137", "killed")
        #expect(try await world.ssh(cluster, machine, services) == before)
    }

    @Test func routesLeadToMachines() async throws {
        try await World.with { world in
            let cluster = world.cluster()
            _ = try await world.network(cluster)
            async let creatingA = world.create(cluster, "a")
            async let creatingB = world.create(cluster, "b")
            let (a, b) = (try await creatingA, try await creatingB)
            let range = try cidr("10.244.7.0/24")
            try await world.ssh(
                cluster, b,
                "ip link add pods type bridge; ip addr add 10.244.7.1/24 dev pods; ip link set pods up; sysctl -qw net.ipv4.ip_forward=1")
            await #expect(throws: SlipwayError.self) { try await world.ssh(cluster, a, "ping -c 1 -W 1 10.244.7.1") }
            try await world.cloud.setRoute(cluster, podCIDR: range, machine: "b")
            try await world.cloud.setRoute(cluster, podCIDR: range, machine: "b")
            #expect(try await world.cloud.observe(cluster).routes == ["10.244.7.0/24": "b"])
            try await world.ssh(cluster, a, "ping -c 1 -W 5 10.244.7.1")
            try await world.cloud.setRoute(cluster, podCIDR: range, machine: "a")
            #expect(try await world.cloud.observe(cluster).routes == ["10.244.7.0/24": "a"])
            try await world.cloud.deleteRoute(cluster, podCIDR: range)
            try await world.cloud.deleteRoute(cluster, podCIDR: range)
            #expect(try await world.cloud.observe(cluster).routes == [:])
            let missing = await #expect(throws: SlipwayError.self) {
                try await world.cloud.setRoute(cluster, podCIDR: range, machine: "c")
            }
            #expect(missing?.code == .notFound)
            // Its address may be another's next: no route may be left to it.
            try await world.cloud.setRoute(cluster, podCIDR: range, machine: "b")
            try await world.cloud.deleteMachine(cluster, name: "b")
            #expect(try await world.cloud.observe(cluster).routes == [:])
        }
    }

    @Test func stoppedMachineComesBackAsItWas() async throws {
        try await World.with { world in
            let cluster = world.cluster()
            _ = try await world.network(cluster)
            let machine = try await world.create(cluster, "a")
            let first = try await world.ssh(
                cluster, machine,
                """
                for folder in /root /var/lib/containerd /var/lib/kubelet /var/lib/etcd; do echo kept >$folder/mark; done
                ip link add leftover type bridge
                sync
                cat /proc/sys/kernel/random/boot_id
                """)
            try await world.cloud.stopMachine(cluster, name: "a")
            #expect(try await world.status(cluster, "a") == .stopped)
            #expect(try world.processes(cluster, "a").cgroups.members(try LocalNames(uid: cluster.uid).machine("a")) == [])
            try await world.cloud.stopMachine(cluster, name: "a")
            #expect(try await world.cloud.startMachine(cluster, name: "a") == machine)
            let second = try await world.ssh(
                cluster, machine,
                """
                cat /root/mark /var/lib/containerd/mark /var/lib/kubelet/mark /var/lib/etcd/mark
                ! ip link show leftover 2>/dev/null
                cat /proc/sys/kernel/random/boot_id
                """)
            #expect(second.hasPrefix("kept\nkept\nkept\nkept\n"))
            #expect(!second.contains(first))
        }
    }

    @Test func killedMachineIsStoppedAndStartsAgain() async throws {
        try await World.with { world in
            let cluster = world.cluster()
            _ = try await world.network(cluster)
            let machine = try await world.create(cluster, "a")
            let leader = try #require(try world.processes(cluster, "a").leader)
            Glibc.kill(leader.pid, SIGKILL)
            let status = try await RunContext.live.poll(every: .milliseconds(50), for: .seconds(30)) {
                try await world.status(cluster, "a") == .stopped ? true : nil
            }
            #expect(status == true)
            _ = try await world.cloud.startMachine(cluster, name: "a")
            #expect(try await world.ssh(cluster, machine, "hostname") == "a")
        }
    }

    /// Killing systemd-nspawn alone leaves the machine running: it is still seen, and still ended.
    @Test func machineWithoutItsSupervisorIsStillSeenAndEnded() async throws {
        let before = try await HostSnapshot.take()
        try await World.with { world in
            let cluster = world.cluster()
            _ = try await world.network(cluster)
            let machine = try await world.create(cluster, "a")
            let processes = try world.processes(cluster, "a")
            let supervisor = try #require(
                try processes.cgroups.members(processes.cgroup).first { ProcessFacts.read("\($0)")?.command == "systemd-nspawn" })
            Glibc.kill(supervisor, SIGKILL)
            #expect(try await world.ssh(cluster, machine, "hostname") == "a")
            #expect(try await world.status(cluster, "a") == .running)
            try await world.cloud.deleteMachine(cluster, name: "a")
        }
        try await expectHostUnchanged(since: before)
    }

    @Test func machineHoldsNothingOfItsStarter() async throws {
        try await World.with { world in
            let cluster = world.cluster()
            _ = try await world.network(cluster)
            _ = try await world.create(cluster, "a")
            let processes = try world.processes(cluster, "a")
            for pid in try processes.cgroups.members(processes.cgroup) {
                guard let facts = ProcessFacts.read("\(pid)"), facts.command == "systemd-nspawn" else { continue }
                #expect(getsid(pid) != getsid(0))
                #expect(getpgid(pid) != getpgid(0))
                #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/cwd") == "/")
                #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/0") == "/dev/null")
                #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/2").hasSuffix("/console.log"))
                let shared = Self.pipes(of: pid).intersection(Self.pipes(of: getpid()))
                #expect(shared == [], "it holds pipes of this process")
                let environment = try #require(try Files.text("/proc/\(pid)/environ"))
                #expect(!environment.contains("HOME="))
                // Reparented: no child of this process.
                #expect(try Files.text("/proc/\(pid)/status")?.contains("PPid:\t\(getpid())\n") == false)
            }
            // No lock is held by anyone.
            _ = try await world.cloud.withMachineLock(cluster, "a") { true }
            _ = try await world.cloud.withClusterLock(cluster) { true }
        }
    }

    private static func pipes(of pid: Int32) -> Set<String> {
        let files = (try? Files.list("/proc/\(pid)/fd")) ?? []
        let targets = files.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(pid)/fd/\($0)") }
        return Set(targets.filter { $0.hasPrefix("pipe:") || $0.hasPrefix("socket:") })
    }

    @Test func machinesComeBackAfterAReboot() async throws {
        let before = try await HostSnapshot.take()
        try await World.with { world in
            let cluster = world.cluster()
            let network = try await world.network(cluster)
            let a = try await world.create(cluster, "a")
            let range = try cidr("10.244.3.0/24")
            try await world.cloud.setRoute(cluster, podCIDR: range, machine: "a")
            try await world.ssh(cluster, a, "echo kept >/root/mark; sync")
            let names = try LocalNames(uid: cluster.uid)

            // All that a reboot takes: processes, cgroups, namespaces, links.
            try await world.processes(cluster, "a").kill()
            try await NetworkWorks.removeNamespace(names.machine("a"))
            try await NetworkWorks.takeDown(names)

            let observed = try await world.cloud.observe(cluster)
            #expect(observed.network?.isUp == false)
            #expect(observed.machines.map(\.status) == [.stopped])
            #expect(observed.routes == ["10.244.3.0/24": "a"])
            let early = await #expect(throws: SlipwayError.self) { try await world.cloud.startMachine(cluster, name: "a") }
            #expect(early?.cause.contains("network is down") == true)

            #expect(try await world.network(cluster) == network)
            #expect(try await world.cloud.observe(cluster).network?.isUp == true)
            #expect(try await world.cloud.observe(cluster).routes == ["10.244.3.0/24": "a"])
            #expect(try await world.cloud.startMachine(cluster, name: "a") == a)
            #expect(try await world.ssh(cluster, a, "cat /root/mark") == "kept")
        }
        try await expectHostUnchanged(since: before)
    }

    @Test func networkIsMendedUnderRunningMachines() async throws {
        try await World.with { world in
            let cluster = world.cluster()
            let network = try await world.network(cluster)
            let a = try await world.create(cluster, "a")
            let names = try LocalNames(uid: cluster.uid)
            let leader = try world.processes(cluster, "a").leader
            try await NetworkWorks.removeNamespace(names.machine("a"))
            try await NetworkWorks.takeDown(names)
            #expect(try await world.cloud.observe(cluster).network?.isUp == false)
            #expect(try await world.network(cluster) == network)
            #expect(try await world.ssh(cluster, a, "ping -c 1 -W 5 \(network.gateway) >/dev/null; hostname") == "a")
            #expect(try world.processes(cluster, "a").leader == leader)
        }
    }
}
