import Foundation
import Glibc
import TestSupport
import Testing

/// The number of masters changes, one is lost for good, the last one becomes another size: the API answers all along and nothing is forgotten.
@Suite(
    "RollingMastersTests", .serialized, .bench("rolling-masters"),
    .enabled(if: Setup.mayRun, Comment(rawValue: Setup.missing ?? "")))
struct RollingMastersTests {
    static let name = "grow"
    /// The goal is two seconds; this is what a busy machine of two cores is given.
    static let longestGap = 15.0

    @Test("one master becomes three, and the first is not restarted")
    func oneBecomesThree() async throws {
        try await onBench { bench in
            let cluster = Growing(store: bench.store("state"))
            let created = try await bench.run(
                bench.binary, ["create", "cluster", Self.name, "-f", try cluster.specFile(masters: 1), "--yes"],
                environment: cluster.store.environment, limit: .seconds(300)
            ).expect(0)
            _ = bench.uids
            bench.say("\(text(created.seconds))  0  slipway create cluster \(Self.name)")
            try await cluster.store.kubectl(Self.name, "create", "configmap", "treasure", "--from-literal=word=kept")
            let first = "\(Self.name)-control-plane-a-1"
            let before = try await cluster.uptime(of: first)
            try await cluster.update(masters: 3)
            try await cluster.expect(masters: ["a-1", "b-2", "c-3"])
            try check(try await cluster.uptime(of: first) == before, "something on \(first) was restarted")
        }
    }

    @Test("a master whose machine is lost for good is taken out of etcd and replaced by one of a new name")
    func aLostMasterIsReplaced() async throws {
        try await onBench { bench in
            let cluster = Growing(store: bench.store("state"))
            let host = try await HostMachines(Self.name, of: cluster.store)
            let lost = "\(Self.name)-control-plane-a-1"
            kill(try unwrap(host.leaders()[lost], "\(lost) has no process 1"), SIGKILL)
            _ = try await until(.seconds(30), "\(lost) has ended") { host.members().contains { $0.machine == lost } ? nil : true }
            try FileManager.default.removeItem(atPath: "\(host.folder(in: bench))/machines/\(lost)")
            try await cluster.update(masters: 3)
            try await cluster.expect(masters: ["a-4", "b-2", "c-3"])
        }
    }

    @Test("three masters become one again, the API and its data still there")
    func threeBecomeOne() async throws {
        try await onBench { bench in
            let cluster = Growing(store: bench.store("state"))
            try await cluster.update(masters: 1)
            try await cluster.expect(masters: ["a-4"])
        }
    }

    @Test("the only master is changed in place: it is the same afterwards, with its data and another size")
    func theOnlyOneIsChangedInPlace() async throws {
        try await onBench { bench in
            let cluster = Growing(store: bench.store("state"))
            let file = try cluster.specFile(masters: 1, type: "local.medium")
            let update = try await cluster.store.slipway("update", "cluster", Self.name, "-f", file, "--yes").expect(0)
            let words = (update.output + update.errors).split(whereSeparator: \.isWhitespace).joined(separator: " ")
            try check(words.contains("the API does not answer while"), update.lastWords)
            let rolled = try await cluster.store.slipway("rolling-update", "cluster", Self.name, "--yes").expect(0)
            bench.say("\(text(rolled.seconds))  0  slipway rolling-update cluster \(Self.name) (in place)")
            try await cluster.store.expectHealthy(Self.name, wait: "2m")
            try await cluster.expect(masters: ["a-4"])
            try await cluster.expect(type: "local.medium")
            try await cluster.expectNothingToDo()
            let host = try await HostMachines(Self.name, of: cluster.store)
            try await cluster.store.slipway("delete", "cluster", Self.name, "--yes").expect(0)
            try await EndToEndTests.expectNothing(host, bench)
        }
    }
}

private struct Growing: Sendable {
    static let name = RollingMastersTests.name

    let store: Store

    func specFile(masters: Int, type: String = "local.small") throws -> String {
        let path = "\(store.bench.folder)/grow-\(masters)-\(type).yaml"
        let text = """
            apiVersion: slipway.dev/v1alpha1
            kind: Cluster
            metadata: {name: \(Self.name)}
            spec:
              cloud: {provider: local}
              controlPlane: {count: \(masters), zones: [local-a, local-b, local-c], instanceType: \(type)}
              pools: [{name: nodes, zones: [local-a], count: 1}]
              assets: {source: "\(store.bench.mirror)"}

            """
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    /// Changes the number under the eyes of a client that asks ten times a second.
    func update(masters: Int) async throws {
        let file = try specFile(masters: masters)
        let probe = try await APIProbe.during(Self.name, on: store.bench) {
            try await store.slipway("update", "cluster", Self.name, "-f", file, "--yes").expect(0)
        }
        try check(probe.longestGap < RollingMastersTests.longestGap, "the API was away for \(probe.longestGap) s")
        try await store.expectHealthy(Self.name, wait: "2m")
        try await expectNothingToDo()
    }

    func expectNothingToDo() async throws {
        let again = try await store.slipway("update", "cluster", Self.name, "--yes").expect(0)
        try check((again.output + again.errors).contains("no changes"), "a second update has something to do:\(again.lastWords)")
    }

    /// What nodes say of the control plane's size, and offer of it.
    func expect(type: String) async throws {
        let path = "jsonpath={.items[*].metadata.labels.node\\.kubernetes\\.io/instance-type}"
        let types = try await store.kubectl(Self.name, "get", "nodes", "-l", "node-role.kubernetes.io/control-plane", "-o", path)
        try check(Set(types.split(separator: " ")) == [type[...]], "the control plane's nodes are \(types)")
        try await store.expectAllocatable(Self.name)
    }

    func expect(masters: [String]) async throws {
        let names = try await store.machines(Self.name).filter { $0.role == "control-plane" }.map(\.name).sorted()
        let expected = masters.map { "\(Self.name)-control-plane-\($0)" }
        try check(names == expected, "the masters are \(names)")
        let listed = try await store.on(names[0], of: Self.name, HighAvailabilityTests.etcdctl("member list"))
        let members = listed.split(separator: "\n").map { String($0.split(separator: ",")[2].dropFirst()) }.sorted()
        try check(members == expected, "etcd's members are \(members)")
        let word = try await store.kubectl(Self.name, "get", "configmap", "treasure", "-o", "jsonpath={.data.word}")
        try check(word == "kept", "the ConfigMap has: \(word)")
    }

    func uptime(of machine: String) async throws -> String {
        try await store.on(
            machine, of: Self.name, "systemctl show --property=Id,ActiveEnterTimestampMonotonic etcd kube-apiserver kubelet containerd")
    }
}
