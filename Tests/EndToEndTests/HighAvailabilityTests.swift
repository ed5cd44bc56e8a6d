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

    @Test("create makes three masters in three zones, clustered over etcd, and two pools with their labels and taints")
    func createMakesThreeMasters() async throws {
        try await onHA { cluster in
            let machines = cluster.machines
            let masters = machines.filter { $0.role == "control-plane" }
            try check(Set(masters.map(\.zone)) == Set(Self.zones), "the masters are in \(masters.map(\.zone))")
            try check(machines.count == 6, "the machines are \(machines.map(\.name))")
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

    @Test("with all links of a zone cut, two masters of three go on; with the links back, the cluster is healthy again")
    func theLossOfAZoneIsSurvived() async throws {
        try await onHA { cluster in
            let holder = try await cluster.holder()
            let zone = try unwrap(cluster.machines.first { $0.name == holder }?.zone, "\(holder) has no zone")
            let lost = cluster.machines.filter { $0.zone == zone }
            let probe = try await APIProbe.during(Self.name, on: cluster.bench) {
                try await cluster.links(of: lost, "down")
                _ = try await until(.seconds(30), "a master of another zone holds the address") { () -> Bool? in
                    try await cluster.holders(except: holder).count == 1 ? true : nil
                }
                _ = try await cluster.kubectl("create", "configmap", "written-without-\(zone)")
                let report = try await cluster.store.validate(Self.name)
                try check(
                    report.problems.contains { $0.address == "host/\(holder)" }, "validate says nothing of \(holder):\(report.text)")
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
            try await cluster.store.slipway("update", "cluster", Self.name, "-f", try cluster.specFile(workers: 3), "--yes").expect(0)
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

    @Test("killed at four moments of create, the same command again makes the same three masters")
    func aCreateThatIsKilledConverges() async throws {
        try await onBench { bench in
            let store = bench.store("state-killed")
            let name = "phoenix"
            let arguments = HA.createArguments(name, mirror: bench.mirror, workers: 1)
            for moment in [
                Moment("after the first mark, before etcd", .stepDone, "state/etcd-initialising", "mark-etcd"),
                Moment("while etcd forms", .stepProgress, "etcd/\(name)", "form-etcd", message: "starting"),
                Moment("etcd is up, before the API servers", .stepDone, "etcd/\(name)", "form-etcd"),
                Moment("one API server is up", .stepDone, "service/\(name)-control-plane-a-1/api", "start-services"),
            ] {
                let result = try await bench.run(
                    bench.binary, arguments, environment: store.environment, limit: .seconds(300)
                ) { program in
                    try await program.reach(moment)
                    program.send(SIGKILL)
                }
                try check(result.wasKilled, "\(moment.title): it ended with \(result.status):\(result.lastWords)")
                bench.say("killed \(moment.title), after \(text(result.seconds))")
            }
            try await bench.run(bench.binary, arguments, environment: store.environment, limit: .seconds(300)).expect(0)
            try await store.expectHealthy(name, wait: "1m")
            let names = try await store.machines(name).map(\.name).sorted()
            try check(
                names == ["phoenix-control-plane-a-1", "phoenix-control-plane-b-2", "phoenix-control-plane-c-3", "phoenix-nodes-a-1"],
                "the machines are \(names)")
            try await store.slipway("delete", "cluster", name, "--yes").expect(0)
        }
    }

    @Test("delete takes all of it away")
    func deleteTakesItAway() async throws {
        try await onHA { cluster in
            let host = try await cluster.host()
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
