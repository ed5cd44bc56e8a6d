import ClusterModel
import Foundation
import Glibc
import TestSupport
import Testing

/// Three masters in three zones and two pools, on real machines. The tests share one cluster, in the order that they have
/// here; each begins by asking for it, and gets it healthy.
@Suite(
    "HighAvailabilityTests", .serialized, .bench("high-availability"),
    .enabled(if: Setup.mayRun, Comment(rawValue: Setup.missing ?? "")))
struct HighAvailabilityTests {
    static let name = "ha"
    static let zones = ["local-a", "local-b", "local-c"]
    /// The goal is two seconds; this is what a busy machine of two cores is given.
    static let longestGap = 15.0

    /// In the order of a create.
    private static let moments = [
        Moment("after the first mark, before etcd", .stepDone, "state/etcd-initialising", "mark-etcd"),
        Moment("while etcd forms", .stepProgress, "etcd/\(name)", "form-etcd", message: "starting"),
        Moment("when etcd is up, before the API servers", .stepDone, "etcd/\(name)", "form-etcd"),
        Moment("when one API server is up", .stepDone, "service/\(name)-control-plane-a-1/api", "start-services"),
    ]

    /// What the others work with was killed four times on its way.
    @Test(
        "killed at four moments, create makes three masters in three zones, clustered over etcd, and two pools with their labels and taints"
    )
    func createMakesThreeMasters() async throws {
        try await onBench { bench in
            let create = try HA.createArguments(on: bench)
            let store = bench.store("state")
            for moment in Self.moments { try await store.kill(at: moment, create) }
            try await bench.run(bench.binary, create, environment: store.environment, limit: .seconds(300)).expect(0)
            let again = try await store.slipway("update", "cluster", Self.name, "--yes").expect(0)
            try check((again.output + again.errors).contains("no changes"), "create left something to do:\(again.lastWords)")
            try await store.expectHealthy(Self.name, wait: "1m")

            let cluster = try await HA.standing(on: bench)
            let machines = cluster.machines
            let names = ["control-plane-a-1", "control-plane-b-2", "control-plane-c-3", "heavy-a-1", "nodes-a-1", "nodes-b-2"]
            try check(machines.map(\.name).sorted() == names.map { "\(Self.name)-\($0)" }, "the machines are \(machines.map(\.name))")
            let masters = machines.filter { $0.role == "control-plane" }
            try check(Set(masters.map(\.zone)) == Set(Self.zones), "the masters are in \(masters.map(\.zone))")
            let running = try await cluster.host().leaders().keys.sorted()
            try check(running == machines.map(\.name).sorted(), "these run on the host: \(running)")
            for master in masters {
                let listed = try await cluster.on(master.name, Self.etcdctl("member list | wc -l"))
                try check(listed.trimmingCharacters(in: .whitespacesAndNewlines) == "3", "\(master.name) lists \(listed) members")
            }
            let heavy = try await cluster.kubectl(
                "get", "nodes", "-l", "example.com/heavy=memory", "-o", "jsonpath={.items[*].metadata.name}")
            try check(heavy == "ha-heavy-a-1", "the node of the memory-heavy pool is: \(heavy)")
            let holders = try await cluster.holders()
            try check(holders.count == 1, "the API's address is on \(holders)")
        }
    }

    @Test("a second update --yes changes nothing")
    func aSecondRunChangesNothing() async throws {
        try await onHA { cluster in
            let result = try await cluster.store.slipway("update", "cluster", Self.name, "--yes").expect(0)
            try check((result.output + result.errors).contains("no changes"), "it does not say 'no changes':\(result.lastWords)")
        }
    }

    @Test("every node offers to pods what its instance type has, less what it keeps for itself")
    func nodesOfferWhatTheirTypesSay() async throws {
        try await onHA { cluster in
            let nodes = try await cluster.store.expectAllocatable(Self.name)
            try check(Set(nodes.map(\.type)) == ["local.small", "local.medium"], "the types are \(nodes.map(\.type))")
        }
    }

    @Test("beside a pod that uses all of a node nobody is killed, and a pod over its own limit is killed alone")
    func fullPodsHarmNobody() async throws {
        try await onHA { cluster in
            let node = try unwrap(try await cluster.store.nodes(Self.name).first { $0.name == "ha-nodes-a-1" }, "ha-nodes-a-1 is no node")
            let pods = MemoryPods(store: cluster.store, cluster: Self.name)
            try await pods.bring(to: node.name)
            let services = "systemctl show --property=Id,MainPID,NRestarts containerd kubelet kube-proxy ssh systemd-journald dbus"
            let before = try await cluster.on(node.name, services)
            // The first that the kernel would take, as it asks for nothing.
            try await pods.start("bystander", on: node.name, requests: "", limits: "", holds: 1)
            try await pods.expectHeld("bystander")
            let all = "cpu: \(node.milliCPUs)m, memory: \(node.memory)"
            // The rest of its own limit is for its pause container and the tables of its pages.
            try await pods.start("full", on: node.name, requests: all, limits: all, holds: node.memory >> 20 - 16)
            try await pods.expectHeld("full")
            let full = ContinuousClock.now
            try await pods.start("greedy", on: node.name, requests: "memory: 0", limits: "memory: 64Mi", holds: 256)
            let greedy = try await until(.seconds(60), "the pod over its limit ends") {
                let state = try await pods.state("greedy")
                return state.contains("terminated") ? state : nil
            }
            try check(greedy.hasPrefix("Failed ") && greedy.contains("OOMKilled"), "the pod over its limit ended so: \(greedy)")
            // Longer than kubelet takes from one look for pods to evict to the next.
            try await Task.sleep(until: full + .seconds(15), clock: .continuous)
            for name in ["bystander", "full"] {
                let state = try await pods.state(name)
                try check(state.hasPrefix("Running ") && state.contains("running"), "the pod \(name) is \(state)")
            }
            let after = try await cluster.on(node.name, services)
            try check(after == before, "services of \(node.name) were restarted:\n\(before)\nnow:\n\(after)")
            try await cluster.store.expectHealthy(Self.name)
            _ = try await cluster.kubectl("delete", "pod", "bystander", "full", "greedy", "--wait=true")
        }
    }

    @Test("with the API server of the address' holder stopped, killed, or without its etcd, the API goes on at the same address")
    func theAddressMovesOn() async throws {
        try await onHA { cluster in
            for (what, damage) in [
                ("stopped API server", "systemctl stop kube-apiserver"),
                ("killed API server", "systemctl kill --signal=KILL kube-apiserver"),
                ("stopped etcd", "systemctl stop etcd"),
            ] {
                let holder = try await cluster.holder()
                let probe = try await APIProbe.during(Self.name, on: cluster.bench) {
                    try await cluster.on(holder, damage)
                    _ = try await until(.seconds(30), "another master than \(holder) holds the address") { () -> Bool? in
                        let now = try await cluster.holders()
                        return now.count == 1 && now != [holder] ? true : nil
                    }
                }
                cluster.bench.say("\(what) on \(holder)")
                try check(probe.longestGap < Self.longestGap, "\(what): the API was away for \(probe.longestGap) s")
                try await cluster.mend()
            }
        }
    }

    @Test("with a master's machine killed the API goes on; update --yes starts the machine again, without a gap")
    func aDeadMasterIsSurvived() async throws {
        try await onHA { cluster in
            let holder = try await cluster.holder()
            let leader = try unwrap(try await cluster.host().leaders()[holder], "\(holder) has no process 1")
            let probe = try await APIProbe.during(Self.name, on: cluster.bench) {
                kill(leader, SIGKILL)
                _ = try await until(.seconds(30), "another master than \(holder) holds the address") { () -> Bool? in
                    try await cluster.holders(except: holder).count == 1 ? true : nil
                }
                try await cluster.store.expectProblem(Self.name, at: "machine/\(holder)")
            }
            try check(probe.longestGap < Self.longestGap, "the API was away for \(probe.longestGap) s")
            let coming = try await APIProbe.during(Self.name, on: cluster.bench) { try await cluster.mend() }
            try check(coming.longestGap < Self.longestGap, "while the master came back the API was away for \(coming.longestGap) s")
        }
    }

    /// With a zone cut off the others write, and say what they miss. A request that is on its way while the address moves may be
    /// reset: it is the address's, and not the cluster's, to lose it.
    private func expectWrites(_ cluster: HA, without zone: String, holder: String) async throws {
        _ = try await until(.seconds(30), "a master of another zone holds the address") { () -> Bool? in
            try await cluster.holders(except: holder).count == 1 ? true : nil
        }
        let name = "written-without-\(zone)"
        _ = try await until(.seconds(30), "something can be written without \(zone)") { () -> Bool? in
            if (try? await cluster.kubectl("create", "configmap", name)) != nil { return true }
            return (try? await cluster.kubectl("get", "configmap", name)).map { _ in true }
        }
        let report = try await cluster.store.validate(Self.name)
        try check(report.problems.contains { $0.address == "host/\(holder)" }, "validate says nothing of \(holder):\(report.text)")
    }

    @Test("with all links of a zone cut, two masters of three go on; with the links back, the cluster is healthy again")
    func theLossOfAZoneIsSurvived() async throws {
        try await onHA { cluster in
            let holder = try await cluster.holder()
            let zone = try unwrap(cluster.machines.first { $0.name == holder }?.zone, "\(holder) has no zone")
            let lost = cluster.machines.filter { $0.zone == zone }
            let probe = try await APIProbe.during(Self.name, on: cluster.bench) {
                try await cluster.links(of: lost, "down")
                do {
                    try await expectWrites(cluster, without: zone, holder: holder)
                } catch {
                    // The tests that follow have the same cluster.
                    try await cluster.links(of: lost, "up")
                    throw error
                }
                try await cluster.links(of: lost, "up")
            }
            try check(probe.longestGap < Self.longestGap, "the API was away for \(probe.longestGap) s")
            try await cluster.store.expectHealthy(Self.name, wait: "3m")
            let holders = try await cluster.holders()
            try check(holders.count == 1, "after the zone came back the address is on \(holders)")
            _ = try await cluster.kubectl("get", "configmap", "written-without-\(zone)")
        }
    }

    @Test("pods find a pool by its label; pods for which there is no room start at once on a worker that update adds")
    func podsFindTheirNodes() async throws {
        try await onHA { cluster in
            let workload = SpreadPods(cluster: cluster)
            try await workload.deploy(replicas: 3, running: 2, heavy: true)
            let places = try await workload.nodes()
            try check(places.heavy == ["ha-heavy-a-1"], "the memory-heavy pod is on \(places.heavy)")
            try check(places.spread.count == 2, "one pod a node of the pool, and the third waits: \(places.spread)")
            let others = try await cluster.uptimes()
            let update = ["update", "cluster", Self.name, "-f", try cluster.specFile(workers: 3), "--yes"]
            // The update is killed on its way, and asked for again.
            for moment in [
                Moment("when the machine is there") { $0.kind == .stepDone && $0.action == .createMachine },
                Moment("while its node is admitted") { $0.kind == .stepStarted && $0.action == .admitNode },
            ] { try await cluster.store.kill(at: moment, update) }
            try await cluster.bench.run(cluster.bench.binary, update, environment: cluster.store.environment, limit: .seconds(240)).expect(
                0)
            try check(try await cluster.store.machines(Self.name).count == 7, "a worker was made twice")
            _ = try await until(.seconds(60), "the pod that waited runs on the new worker") { () -> Bool? in
                try await workload.nodes().spread.contains("ha-nodes-c-3") ? true : nil
            }
            try check(try await cluster.uptimes(of: Array(others.keys)) == others, "adding a worker restarted something elsewhere")
            try await cluster.store.expectHealthy(Self.name, wait: "1m")
        }
    }

    @Test("a dead worker's pods run elsewhere")
    func aDeadWorkersPodsRunElsewhere() async throws {
        try await onHA { cluster in
            let workload = SpreadPods(cluster: cluster)
            try await workload.deploy(replicas: 1, running: 1, heavy: false)
            let place = try unwrap(try await workload.nodes().spread.first, "the pod runs nowhere")
            kill(try unwrap(try await cluster.host().leaders()[place], "\(place) has no process 1"), SIGKILL)
            let began = ContinuousClock.now
            let next = try await until(.seconds(150), "the pod of \(place) runs elsewhere") {
                try await workload.nodes().spread.first { $0 != place }
            }
            cluster.bench.say("the pod of \(place) ran on \(next) after \(text(seconds(since: began)))")
            try await cluster.mend()
        }
    }

    @Test("stop ends every machine, and start brings the cluster back with its data")
    func stopAndStart() async throws {
        try await onHA { cluster in
            _ = try await cluster.kubectl("create", "configmap", "slept")
            try await cluster.store.slipway("stop", "cluster", Self.name, "--yes").expect(0)
            let stopped = try await cluster.store.machines(Self.name)
            try check(stopped.allSatisfy { $0.status == "stopped" }, "after stop the machines are \(stopped.map(\.status))")
            let report = try await cluster.store.validate(Self.name)
            try check(
                report.problems.contains { $0.remedy.contains("slipway start cluster \(Self.name)") },
                "validate does not say how to start it:\(report.text)")
            try await cluster.store.slipway("start", "cluster", Self.name, "--yes").expect(0)
            try await cluster.store.expectHealthy(Self.name, wait: "3m")
            _ = try await cluster.kubectl("get", "configmap", "slept")
        }
    }

    @Test("killed while machines go and before the network does, delete takes all of it away")
    func deleteTakesItAway() async throws {
        try await onHA { cluster in
            let host = try await cluster.host()
            for moment in [
                Moment("while machines go") { $0.kind == .stepStarted && $0.action == .deleteMachine },
                Moment("when a machine is gone") { $0.kind == .stepDone && $0.action == .deleteMachine },
                Moment("while the network goes") { $0.kind == .stepStarted && $0.action == .deleteNetwork },
            ] { try await cluster.store.kill(at: moment, ["delete", "cluster", Self.name, "--yes"]) }
            try await cluster.store.slipway("delete", "cluster", Self.name, "--yes").expect(0)
            try await EndToEndTests.expectNothing(host, cluster.bench)
        }
    }

    static func etcdctl(_ command: String) -> String {
        """
        ETCDCTL_API=3 etcdctl --endpoints=https://127.0.0.1:2379 --cacert=/etc/kubernetes/pki/etcd/ca.crt \
        --cert=/etc/kubernetes/pki/etcd/client.crt --key=/etc/kubernetes/pki/etcd/client.key \(command)
        """
    }

    private func onHA(_ name: String = #function, _ body: (HA) async throws -> Void) async throws {
        try await onBench(name) { bench in try await body(try await HA.standing(on: bench)) }
    }
}
