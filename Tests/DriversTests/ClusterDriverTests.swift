import Bootstrap
import ClusterModel
import Foundation
import SimulatedCloud
import Synchronization
import TestSupport
import Testing

@testable import Drivers

@Suite struct ClusterDriverTests {
    private static let design = NodeDesign(
        podCIDR: Fixtures.machine(.worker).podCIDR, labels: ["slipway.dev/pool": "nodes"],
        taints: [Taint(key: "dedicated", value: "gpu", effect: .noSchedule)])
    private let step = Sample.step(.node, Sample.worker, .admitNode(design: design))

    /// One node in memory, to be patched.
    private final class Nodes: Sendable {
        let all: Mutex<[NodeObservation]>
        init(_ nodes: [NodeObservation]) { all = Mutex(nodes) }

        var worker: NodeObservation? { all.withLock { $0.first { $0.name == Sample.worker } } }

        func patch(_ name: String, _ patch: JSONValue) throws -> NodeObservation? {
            try all.withLock { nodes in
                guard let index = nodes.firstIndex(where: { $0.name == name }) else { return nil }
                if let version = patch["metadata"]?["resourceVersion"]?.text, version != nodes[index].resourceVersion {
                    throw SlipwayError(.failed, doing: "patching", cause: "the object has been modified", retry: .transient)
                }
                nodes[index].merge(patch)
                nodes[index].resourceVersion = "\((Int(nodes[index].resourceVersion ?? "") ?? 0) + 1)"
                return nodes[index]
            }
        }
    }

    private static func registered(providerID: String? = Fixtures.machine(.worker).providerID, ready: String = "True") -> NodeObservation {
        NodeObservation(
            name: Sample.worker, providerID: providerID, taints: [NodeDesign.startupTaint],
            conditions: [.init(type: "Ready", status: ready, message: "container runtime network not ready")], resourceVersion: "7")
    }

    private struct Scene {
        let bench = StepBench(Fixtures.state([Fixtures.machine(.controlPlane), Fixtures.machine(.worker)]))
        let hosts: FakeHosts
        let nodes: Nodes

        init(_ nodes: [NodeObservation]) {
            hosts = FakeHosts(log: bench.log)
            self.nodes = Nodes(nodes)
        }

        func driver(_ prepare: (inout FakeClusterAccess.Answers) -> Void = { _ in }) throws -> ClusterDriver {
            let vault = try Sample.vault()
            let nodes = nodes
            let access = FakeClusterAccess(log: bench.log) { answers in
                answers.nodes = { nodes.all.withLock { $0 } }
                answers.patchNode = { name, patch in try nodes.patch(name, patch) }
                answers.get = { _ in .object([:]) }
                prepare(&answers)
            }
            return ClusterDriver(
                api: APIConnection(vault: vault, run: bench.clock.context, connect: { _ in access }),
                machines: MachineLogin(hosts: hosts, vault: vault))
        }
    }

    // MARK: Admission

    @Test func theTaintGoesLast() async throws {
        let scene = Scene([ClusterDriverTests.registered()])
        scene.hosts.on("ping -c 1 -W 2 10.244.21.1 ")
        let states = Mutex<[NodeObservation]>([])
        let nodes = scene.nodes
        let driver = try scene.driver { answers in
            answers.patchNode = { name, patch in
                let node = try nodes.patch(name, patch)
                states.withLock { $0 += [node].compactMap { $0 } }
                return node
            }
        }
        #expect(try await driver.perform(step, in: scene.bench.context) == .changed)
        let seen = states.withLock { $0 }
        #expect(seen.count == 2)
        #expect(seen[0].podCIDR == "10.244.21.0/24" && seen[0].labels == ["slipway.dev/pool": "nodes"])
        #expect(Set(seen[0].taints) == [NodeDesign.startupTaint, ClusterDriverTests.design.taints[0]])
        #expect(seen[1].taints == ClusterDriverTests.design.taints)
        let calls = scene.bench.log.all.filter { $0 != "api.nodes" }
        #expect(
            calls == [
                "api.get /apis/storage.k8s.io/v1/csinodes/demo-nodes-a-1", "api.patchNode demo-nodes-a-1",
                "demo-control-plane-a-1: ping -c 1 -W 2 10.244.21.1 ", "api.patchNode demo-nodes-a-1",
            ])
    }

    @Test func aNodeWithoutStorageIsWaitedForBrieflyAndThenGoesOn() async throws {
        let scene = Scene([ClusterDriverTests.registered()])
        scene.hosts.on("ping -c 1")
        let start = scene.bench.clock.now
        let driver = try scene.driver { $0.get = { _ in nil } }
        #expect(try await driver.perform(step, in: scene.bench.context) == .changed)
        #expect((5...6).contains(scene.bench.clock.now.timeIntervalSince(start)))
    }

    @Test func anAdmittedNodeIsVerifiedAndNotChanged() async throws {
        let scene = Scene([ClusterDriverTests.registered()])
        scene.hosts.on("ping -c 1")
        let driver = try scene.driver()
        _ = try await driver.perform(step, in: scene.bench.context)
        scene.bench.log.clear()
        #expect(try await driver.perform(step, in: scene.bench.context) == .unchanged)
        #expect(scene.bench.log.all.contains { $0.contains("ping -c 1") }, "its pods' range is reached again")
        #expect(!scene.bench.log.all.contains { $0.contains("patch") })
    }

    @Test func aNodeThatRegistersAndGetsReadyLaterIsWaitedFor() async throws {
        let scene = Scene([])
        scene.hosts.on("ping -c 1")
        let asked = Mutex(0)
        let nodes = scene.nodes
        let driver = try scene.driver { answers in
            answers.nodes = {
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                switch count {
                case 1, 2: return []
                case 3: throw Sample.transient("connection reset")
                case 4: nodes.all.withLock { $0 = [ClusterDriverTests.registered(ready: "False")] }
                case 9: nodes.all.withLock { $0[0].conditions = [.init(type: "Ready", status: "True")] }
                default: break
                }
                return nodes.all.withLock { $0 }
            }
        }
        _ = try await driver.perform(step, in: scene.bench.context)
        #expect(
            scene.bench.progress == [
                "waiting for the node to register", "connection reset", "not ready yet: container runtime network not ready",
            ])
        #expect(scene.nodes.worker?.taints == ClusterDriverTests.design.taints)
    }

    @Test func somebodyElsesChangeIsReadAndPatchedOnTopOf() async throws {
        let scene = Scene([ClusterDriverTests.registered()])
        scene.hosts.on("ping -c 1")
        let conflicts = Mutex(3)
        let nodes = scene.nodes
        let driver = try scene.driver { answers in
            answers.patchNode = { name, patch in
                let isConflict = conflicts.withLock { left in
                    left -= 1
                    return left >= 0
                }
                if isConflict {
                    // The controller manager puts a taint of its own in between.
                    nodes.all.withLock { nodes in
                        nodes[0].resourceVersion = "\((Int(nodes[0].resourceVersion ?? "") ?? 0) + 1)"
                        nodes[0].taints = [NodeDesign.startupTaint, Taint(key: "node.kubernetes.io/not-ready", effect: .noExecute)]
                    }
                }
                return try nodes.patch(name, patch)
            }
        }
        _ = try await driver.perform(step, in: scene.bench.context)
        #expect(
            Set(scene.nodes.worker?.taints ?? []) == [
                ClusterDriverTests.design.taints[0], Taint(key: "node.kubernetes.io/not-ready", effect: .noExecute),
            ], "theirs is kept, ours is there, the startup taint is gone")
    }

    @Test func aNodeOfAnotherMachineIsRefused() async throws {
        for foreign in ["aws:///i-123", nil] {
            let scene = Scene([ClusterDriverTests.registered(providerID: foreign)])
            let error = try await expectError(.refused) { _ = try await scene.driver().perform(step, in: scene.bench.context) }
            #expect(error.cause.contains(foreign ?? "absent"))
            #expect(scene.bench.log.all("api.patchNode").isEmpty)
        }
    }

    @Test func anUnreachableNodeKeepsItsTaint() async throws {
        let scene = Scene([ClusterDriverTests.registered()])
        scene.hosts.on("ping -c 1", status: 1)
        try await expectError(.failed) { _ = try await scene.driver().perform(step, in: scene.bench.context) }
        #expect(scene.nodes.worker?.taints.contains(NodeDesign.startupTaint) == true)
    }

    @Test func aNodeThatNeverGetsReadyCarriesItsKubeletsLog() async throws {
        let scene = Scene([ClusterDriverTests.registered(ready: "False")])
        scene.hosts.on("journalctl", says: "cni plugin not initialized\n")
        let error = try await expectError(.failed) { _ = try await scene.driver().perform(step, in: scene.bench.context) }
        #expect(error.log == ["cni plugin not initialized"] && error.doing.contains("ready"))
        #expect(scene.nodes.worker?.taints.contains(NodeDesign.startupTaint) == true)
    }

    // MARK: The rest

    @Test func theAPIIsWaitedForAndSaysWhatFails() async throws {
        let scene = Scene([])
        let asked = Mutex(0)
        let driver = try scene.driver { answers in
            answers.health = {
                let count = asked.withLock { count in
                    count += 1
                    return count
                }
                if count < 3 { return APIHealth(status: .unreachable, details: ["connection refused"]) }
                return count < 5 ? APIHealth(status: .notReady, details: ["poststarthook/rbac/bootstrap-roles"]) : APIHealth(status: .ready)
            }
        }
        #expect(try await driver.perform(Sample.step(.cluster, "demo", .waitForAPI), in: scene.bench.context) == .changed)
        #expect(scene.bench.progress == ["connection refused", "poststarthook/rbac/bootstrap-roles"])
    }

    @Test func anAPIThatNeverAnswersCarriesTheServersLog() async throws {
        let scene = Scene([])
        scene.hosts.on("journalctl", says: "bind: address already in use\n")
        let driver = try scene.driver { $0.health = { APIHealth(status: .unreachable, details: ["connection refused", "more"]) } }
        let error = try await expectError(.failed) {
            _ = try await driver.perform(Sample.step(.cluster, "demo", .waitForAPI), in: scene.bench.context)
        }
        #expect(error.cause == "connection refused; more" && error.log == ["bind: address already in use"])
        #expect(scene.hosts.calls.map(\.machine) == [Sample.master])
    }

    @Test func manifestsAreAppliedInOrderTheNoteLast() async throws {
        let scene = Scene([])
        let driver = try scene.driver { $0.apply = { _ in } }
        _ = try await driver.perform(Sample.step(.manifests, "demo", .applyManifests(digest: "d")), in: scene.bench.context)
        let applied = scene.bench.log.all("api.apply")
        #expect(applied.last == "api.apply ConfigMap/slipway" && applied.count >= 3)
    }

    @Test func aNoteIsNotWrittenWhenSomethingBeforeItFails() async throws {
        let scene = Scene([])
        let driver = try scene.driver { $0.apply = { _ in throw Sample.transient("no answer") } }
        try await expectError(.unreachable) {
            _ = try await driver.perform(Sample.step(.manifests, "demo", .applyManifests(digest: "d")), in: scene.bench.context)
        }
        #expect(scene.bench.log.all("api.apply").count == 1)
    }

    @Test func aNodeIsDeleted() async throws {
        let scene = Scene([])
        let driver = try scene.driver { $0.deleteNode = { _ in } }
        _ = try await driver.perform(Sample.step(.node, "demo-nodes-a-9", .deleteNode), in: scene.bench.context)
        #expect(scene.bench.log.all == ["api.deleteNode demo-nodes-a-9"])
    }
}

@Suite struct NodePatchTests {
    private let design = NodeDesign(
        podCIDR: Fixtures.cidr("10.244.3.0/24"), labels: ["a": "1", "b": "2"], taints: [Taint(key: "k", value: "v", effect: .noExecute)])

    @Test func onlyWhatDiffersIsPatched() {
        var node = NodeObservation(name: "n", labels: ["a": "1", "b": "other", "theirs": "x"], resourceVersion: "5")
        let noted: JSONValue = ["slipway.dev/labels": "a,b", "slipway.dev/taints": "k=v:NoExecute"]
        #expect(
            NodePatch.design(design, on: node) == [
                "metadata": ["labels": ["b": "2"], "annotations": noted, "resourceVersion": "5"],
                "spec": [
                    "podCIDR": "10.244.3.0/24", "podCIDRs": ["10.244.3.0/24"],
                    "taints": [["key": "k", "effect": "NoExecute", "value": "v"]],
                ],
            ])
        node.labels["b"] = "2"
        node.annotations = design.annotations
        node.podCIDR = "10.244.3.0/24"
        #expect(NodePatch.design(design, on: node)?["metadata"] == ["resourceVersion": "5"])
        node.taints = design.taints
        #expect(NodePatch.design(design, on: node) == nil)
    }

    /// The field cannot be changed once it is set; trying would fail for ever and hide the true cause.
    @Test func aPodRangeThatIsSetIsNeverPatched() {
        let node = NodeObservation(
            name: "n", podCIDR: "10.244.9.0/24", labels: design.labels, annotations: design.annotations, taints: design.taints)
        #expect(NodePatch.design(design, on: node) == nil)
    }

    /// What left the spec leaves the node; the same label or taint of somebody else stays.
    @Test func whatSlipwayPutThereAndNobodyWantsAnyMoreIsTakenOff() {
        let old = NodeDesign(
            podCIDR: design.podCIDR, labels: ["a": "1", "b": "2", "old": "x"],
            taints: design.taints + [Taint(key: "old", effect: .noSchedule)])
        let theirs = Taint(key: "theirs", effect: .noSchedule)
        var node = NodeObservation(
            name: "n", podCIDR: "10.244.3.0/24", labels: old.labels.merging(["theirs": "x"]) { $1 }, annotations: old.annotations,
            taints: old.taints + [theirs], resourceVersion: "5")
        let patch = NodePatch.design(design, on: node)
        #expect(patch?["metadata"]?["labels"] == ["old": .null])
        #expect(patch?["metadata"]?["annotations"] == ["slipway.dev/labels": "a,b", "slipway.dev/taints": "k=v:NoExecute"])
        #expect(
            patch?["spec"]?["taints"] == [
                ["key": "k", "effect": "NoExecute", "value": "v"], ["key": "theirs", "effect": "NoSchedule"],
            ])
        node.annotations = [:]
        #expect(NodePatch.design(design, on: node)?["spec"] == nil, "nobody knows whose they are")
    }

    /// An API server that was down hides from the plan what a roll left; who is admitted takes pods all the same.
    @Test func whoIsAdmittedIsFreeOfWhatARollLeft() {
        let node = NodeObservation(
            name: "n", annotations: [NodeDesign.cordonAnnotation: "run"], taints: [NodeDesign.startupTaint, NodeDesign.leavingTaint],
            unschedulable: true, resourceVersion: "5")
        #expect(
            NodePatch.open(node) == [
                "metadata": ["annotations": [NodeDesign.cordonAnnotation: .null], "resourceVersion": "5"],
                "spec": ["unschedulable": false, "taints": []],
            ])
        var theirs = node
        theirs.annotations = [:]
        theirs.taints = []
        #expect(NodePatch.open(theirs) == nil, "somebody else's cordon stays")
    }

    @Test func taintsOfOthersAreKept() {
        let theirs = Taint(key: "theirs", effect: .preferNoSchedule)
        let node = NodeObservation(
            name: "n", podCIDR: "10.244.3.0/24", labels: design.labels, taints: [theirs, NodeDesign.startupTaint], resourceVersion: "5")
        #expect(NodePatch.design(design, on: node)?["spec"]?["taints"]?.elements.count == 3)
        #expect(
            NodePatch.open(node) == [
                "metadata": ["resourceVersion": "5"], "spec": ["taints": [["key": "theirs", "effect": "PreferNoSchedule"]]],
            ])
        var without = node
        without.taints = [theirs]
        #expect(NodePatch.open(without) == nil)
    }
}

@Suite struct APIConnectionTests {
    private func connection(_ urls: Urls, log: CallLog = CallLog()) throws -> APIConnection {
        APIConnection(vault: try Sample.vault(), run: TestClock(start: Sample.start).context) { endpoint in
            urls.add(endpoint.url)
            return FakeClusterAccess(log: log)
        }
    }

    private final class Urls: Sendable {
        private let list = Mutex<[String]>([])
        func add(_ url: String) { list.withLock { $0.append(url) } }
        var all: [String] { list.withLock { $0 } }
    }

    @Test func itIsMadeOnceAndAnewForAnotherAddress() async throws {
        let urls = Urls()
        let log = CallLog()
        let connection = try connection(urls, log: log)
        var state = Fixtures.state([])
        _ = try await connection.access(state)
        _ = try await connection.access(state)
        #expect(urls.all == ["https://100.96.8.2:6443"])
        state.network?.apiAddress = "100.96.8.3"
        _ = try await connection.access(state)
        #expect(urls.all == ["https://100.96.8.2:6443", "https://100.96.8.3:6443"])
        #expect(log.all == ["api.close"], "the old one is not left open")
        await connection.close()
        #expect(log.all == ["api.close", "api.close"])
        _ = try await connection.access(state)
        #expect(urls.all.count == 3, "after a close it is made anew")
    }

    @Test func withoutANetworkThereIsNone() async throws {
        let urls = Urls()
        let connection = try connection(urls)
        try await expectError(.failed) { _ = try await connection.access(Fixtures.state) }
        #expect(urls.all.isEmpty)
    }

    @Test func withoutSecretsThereIsNone() async throws {
        let connection = APIConnection(vault: Sample.emptyVault, run: TestClock().context) { _ in throw UnexpectedCall("connect") }
        try await expectError(.failed) { _ = try await connection.access(Fixtures.state([])) }
    }
}

@Suite struct ProgressTests {
    @Test func aLineIsSaidOnlyWhenItDiffersFromTheOneBefore() {
        let said = Mutex<[String]>([])
        let progress = ProgressOnChange { line in said.withLock { $0.append(line) } }
        for line in ["a", "a", "b", "a", "a"] { progress.say(line) }
        #expect(said.withLock { $0 } == ["a", "b", "a"])
    }
}
