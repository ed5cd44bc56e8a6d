import ClusterModel
import Engine
import Foundation
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import Operations
@testable import Planning

@Suite struct ValidateTests {
    private struct Damage: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// The conditions that fail, each with what one of its problems says.
        var wanted: [String: String]
        var act: @Sendable (Bench, String) -> Void
    }

    private static let damages: [Damage] = [
        Damage(testDescription: "a stopped kubelet", wanted: ["services": "demo-nodes-a-1/kubelet: it is inactive", "nodes": "not ready"]) {
            bench, _ in
            bench.world.machine(Bench.worker) { $0.services[.kubelet] = "inactive" }
        },
        Damage(
            testDescription: "etcd down",
            wanted: [
                "etcd": "the member is failed", "api": "not reachable", "nodes": "cannot be read while the API is not ready",
                "system-pods": "cannot be read",
            ]
        ) { bench, _ in
            bench.world.machine(Bench.master) { $0.services[.etcd] = "failed" }
        },
        Damage(
            testDescription: "etcd's data gone",
            wanted: [
                "etcd": "/var/lib/etcd/member) is gone", "api": "not reachable", "nodes": "cannot be read", "system-pods": "cannot be read",
            ]
        ) { bench, _ in
            bench.world.machine(Bench.master) { machine in
                machine.hasEtcdData = false
                machine.services[.etcd] = "failed"
            }
        },
        Damage(
            testDescription: "a node missing", wanted: ["nodes": "node/demo-nodes-a-1: the machine has not joined", "services": "kubelet"]
        ) { bench, uid in
            bench.world.machine(Bench.worker) { $0.services[.kubelet] = "inactive" }
            bench.world.network(uid) { network in network.nodes.removeAll { $0.name == Bench.worker } }
        },
        Damage(testDescription: "a foreign node", wanted: ["nodes": "node/stranger: no machine of this cluster has its providerID (none)"])
        { bench, uid in
            bench.world.network(uid) { $0.nodes.append(NodeObservation(name: "stranger")) }
        },
        Damage(
            testDescription: "a pod of the system that is not ready",
            wanted: ["system-pods": "pod/kube-system/name-service: it is Running and not ready"]
        ) { bench, uid in
            func pod(_ name: String, namespace: String = "kube-system", phase: String = "Running", isReady: Bool = false) -> PodObservation
            {
                PodObservation(
                    namespace: namespace, name: name, uid: name, node: Bench.worker, phase: phase, isReady: isReady, podIP: nil,
                    labels: [:],
                    controller: nil)
            }
            bench.world.network(uid) { network in
                network.pods += [
                    pod("name-service"), pod("well", isReady: true), pod("done", phase: "Succeeded"), pod("theirs", namespace: "default"),
                ]
            }
        },
        Damage(testDescription: "a cordoned node", wanted: ["nodes": "node/demo-nodes-a-1: it is cordoned"]) { bench, uid in
            bench.world.node(uid, Bench.worker) { $0.unschedulable = true }
        },
        Damage(testDescription: "the startup taint left", wanted: ["nodes": "taint slipway.dev/starting: NoSchedule -> none"]) {
            bench, uid in
            bench.world.node(uid, Bench.worker) { $0.taints.append(NodeDesign.startupTaint) }
        },
        Damage(testDescription: "a label gone", wanted: ["nodes": "label slipway.dev/pool: none -> nodes"]) { bench, uid in
            bench.world.node(uid, Bench.worker) { $0.labels["slipway.dev/pool"] = nil }
        },
        Damage(testDescription: "a kubelet of another version", wanted: ["nodes": "its kubelet is v1.19.9 and should be v1.20.2"]) {
            bench, uid in
            bench.world.node(uid, Bench.worker) { $0.kubeletVersion = "v1.19.9" }
        },
        Damage(testDescription: "binaries of another version", wanted: ["content": "it has Kubernetes 1.20.1 and should have 1.20.2"]) {
            bench, _ in
            bench.world.machine(Bench.worker) { $0.files["/opt/slipway/bin/.version"] = SimulatedFile("1.20.1\n") }
        },
        Damage(testDescription: "a changed file", wanted: ["content": "changed since they were delivered: /etc/hosts.allow"]) { bench, _ in
            bench.world.machine(Bench.worker) { $0.damagedFiles = ["/etc/hosts.allow"] }
        },
        Damage(testDescription: "content of another spec", wanted: ["content": "its content is not what the spec asks for"]) { bench, _ in
            bench.world.machine(Bench.worker) { $0.specDigest = "0000" }
        },
        Damage(testDescription: "certificates about to expire", wanted: ["certificates": "host/demo-nodes-a-1: certificates: 88 days left"])
        { bench, _ in
            bench.world.machine(Bench.worker) { $0.certificatesUntil = Int(bench.clock.now.timeIntervalSince1970) + 88 * 86_400 + 10 }
        },
        Damage(testDescription: "a route missing", wanted: ["routes": "route/demo-nodes-a-1: nothing leads 10.244.1.0/24 to it"]) {
            bench, uid in
            bench.world.network(uid) { $0.routes["10.244.1.0/24"] = nil }
        },
        Damage(testDescription: "a route to another machine", wanted: ["routes": "route/demo-nodes-a-1: nothing leads"]) { bench, uid in
            bench.world.network(uid) { $0.routes["10.244.1.0/24"] = Bench.master }
        },
        Damage(
            testDescription: "a machine that hangs",
            wanted: ["logins": "host/demo-nodes-a-1: no answer from", "services": "not known", "content": "not known"]
        ) { bench, _ in
            bench.world.machine(Bench.worker) { $0.hangs = true }
        },
        Damage(
            testDescription: "another host key",
            wanted: ["logins": "it has another host key", "services": "not known", "content": "not known"]
        ) { bench, _ in
            bench.world.machine(Bench.worker) { $0.record.tags[Tag.hostKey] = "SHA256:other" }
        },
        Damage(
            testDescription: "a machine gone",
            wanted: ["machines": "machine/demo-nodes-a-1: the cloud does not have it", "services": "not known", "content": "not known"]
        ) { bench, _ in
            bench.world.with { $0.machines[Bench.worker] = nil }
        },
        Damage(
            testDescription: "a machine in an unknown state",
            wanted: [
                "machines": "machine/demo-nodes-a-1: it is unknown", "nodes": "not ready", "services": "not known", "content": "not known",
            ]
        ) {
            bench, _ in
            bench.world.machine(Bench.worker) { $0.record.status = .unknown }
        },
        Damage(
            testDescription: "everything stopped",
            wanted: [
                "network": "it is down", "machines": "cluster/demo: it is stopped: none of its 2 machines runs", "api": "it is stopped",
                "nodes": "it is stopped", "etcd": "it is stopped", "services": "it is stopped", "content": "it is stopped",
                "system-pods": "it is stopped",
            ]
        ) { bench, _ in
            bench.world.reboot()
        },
    ]

    @Test(arguments: damages) private func everyKindOfDamageIsNamed(_ damage: Damage) async throws {
        try await Bench.withCluster { bench in
            #expect(try await bench.validate() == [:])
            damage.act(bench, try await bench.uid)
            bench.world.changes.clear()
            let failed = try await bench.validate()
            #expect(Set(failed.keys) == Set(damage.wanted.keys), "\(failed)")
            for (condition, text) in damage.wanted {
                #expect(failed[condition]?.contains { $0.contains(text) } == true, "\(condition): \(failed[condition] ?? [])")
            }
            #expect(bench.world.changes.all.isEmpty, "looking changes nothing")
            try await bench.expectUnlocked()
        }
    }

    @Test func everyProblemHasARemedy() async throws {
        try await Bench.withCluster { bench in
            bench.world.machine(Bench.worker) { $0.services[.kubelet] = "failed" }
            let report = try await ValidateCluster(bench.context)("demo")
            for problem in report.conditions.flatMap(\.problems) {
                #expect(problem.remedy.contains("slipway") || problem.remedy.contains("kubectl"), "\(problem)")
            }
        }
    }

    @Test func anotherSpecIsComparedWith() async throws {
        try await Bench.withCluster { bench in
            let report = try await ValidateCluster(bench.context)("demo", spec: Fixtures.cluster(workers: 2))
            #expect(!report.isHealthy)
            #expect(report.conditions.flatMap(\.problems).map(\.cause) == ["pool nodes has 1 machines and should have 2"])
        }
    }

    @Test func aClusterThatWasOnlyPlannedIsNotHealthy() async throws {
        try await Bench.with { bench in
            _ = try await bench.create(yes: false)
            let failed = try await bench.validate()
            #expect(failed["network"] != nil && failed["machines"] != nil && failed["etcd"] != nil)
        }
    }

    @Test func theReportsShape() async throws {
        try await Bench.withCluster { bench in
            let report = try await ValidateCluster(bench.context)("demo")
            #expect(
                report.conditions.map(\.name) == [
                    "network", "machines", "logins", "services", "etcd", "content", "certificates", "api", "nodes",
                    "system-pods", "routes",
                ])
            let again = try JSONDecoder().decode(ValidationReport.self, from: try JSONEncoder().encode(report))
            #expect(again == report)
        }
    }

    @Test func waitingEndsWhenItIsHealthy() async throws {
        try await Bench.withCluster { bench in
            bench.world.machine(Bench.worker) { $0.services[.kubelet] = "inactive" }
            let told = CallLog()
            let report = try await ValidateCluster(bench.context).waiting("demo", timeout: .seconds(600)) { report in
                told.add(report.conditions.filter { !$0.passed }.map(\.name).joined(separator: " "))
                bench.world.machine(Bench.worker) { $0.services[.kubelet] = "active" }
            }
            #expect(report.isHealthy && told.all == ["services nodes"])
        }
    }

    @Test func waitingEndsWithAnInterrupt() async throws {
        try await Bench.withCluster { bench in
            bench.world.machine(Bench.worker) { $0.services[.kubelet] = "inactive" }
            try await expectError(.tryAgain) {
                _ = try await ValidateCluster(bench.context).waiting("demo", timeout: .seconds(600)) { _ in bench.interrupt.request() }
            }
        }
    }
}

extension SimulatedWorld {
    /// Damages one node of the API.
    fileprivate func node(_ uid: String, _ name: String, _ change: (inout NodeObservation) -> Void) {
        network(uid) { network in
            guard let index = network.nodes.firstIndex(where: { $0.name == name }) else { preconditionFailure("no node \(name)") }
            change(&network.nodes[index])
        }
    }
}
