import ClusterModel
import Foundation
import SimulatedCloud
import TestSupport
import Testing

@testable import SlipwayCommands

/// Previews as the tool prints them, at 80 and at 120 columns.
@Suite struct PlanTextTests {
    private func expectGolden(_ shell: Shell, _ arguments: [String], _ name: String) async throws {
        for width in [80, 120] {
            var shell = shell
            shell.width = width
            let run = await shell.run(arguments)
            #expect(run.code == 0, "\(run.messages)")
            expectFits(run.output + run.messages, width)
            try Golden.expect(run.output, equals: "plans/\(name)-\(width).txt")
        }
    }

    @Test func createOfOneMasterAndOneWorker() async throws {
        try await Shell.with { shell in
            try await expectGolden(
                shell, ["create", "cluster", "demo", "--cloud", "local", "--assets", "/mirror"], "create")
        }
    }

    @Test func createOverTwoZones() async throws {
        try await Shell.with { shell in
            try await expectGolden(
                shell,
                [
                    "create", "cluster", "demo", "--cloud", "local", "--zones", "local-a,local-b", "--control-plane-count", "1",
                    "--node-count", "3", "--local-cidr", "100.96.9.0/24", "--assets", "/mirror",
                ], "create-zones")
        }
    }

    @Test func createWithTheLongestNames() async throws {
        try await Shell.with { shell in
            try await expectGolden(
                shell,
                [
                    "create", "cluster", "a-cluster-with-a-name-that-is-longer-still", "--cloud", "local", "--assets", "/mirror",
                    "--zones", "local-a",
                ].map { $0 == "a-cluster-with-a-name-that-is-longer-still" ? String($0.prefix(39)) : $0 }, "create-long-names")
        }
    }

    @Test func updatesAndDelete() async throws {
        try await Shell.withCluster { shell in
            try await expectGolden(shell, ["update", "cluster", "demo"], "no-changes")

            try await expectGolden(shell, ["stop", "cluster", "demo"], "stop")

            shell.world.reboot()
            let validation = await shell.run("validate", "cluster", "demo")
            #expect(validation.code == 2)
            try Golden.expect(validation.output, equals: "validate-stopped.txt")
            try await expectGolden(shell, ["start", "cluster", "demo"], "start")
            try await expectGolden(shell, ["plan", "cluster", "demo"], "update-reboot")
            #expect(await shell.run("update", "cluster", "demo", "--yes").code == 0)

            let spec = await shell.run("get", "spec", "demo").output
            let grown = try shell.write(
                spec.replacing(/name: nodes\n(.*\n)*?      count: 1/) { "\($0.0)".replacing("count: 1", with: "count: 3") },
                to: "grown.yaml")
            try await expectGolden(shell, ["update", "cluster", "demo", "-f", grown], "update-grow")

            try await expectGolden(shell, ["delete", "cluster", "demo"], "delete")
        }
    }

    /// Digests differ with every change of what nodes are made of, so this plan is made by hand.
    static let contentChange: Plan = {
        let name = "demo-nodes-a-1"
        let host = Address(.host, name)
        return Plan(
            intent: .update, cluster: ClusterIdentity(name: "demo", uid: "0011aabb"),
            steps: [
                Step(
                    Address(.network, "demo"),
                    .ensureNetwork(cidr: Fixtures.network.cidr, podCIDR: Fixtures.podCIDR, serviceCIDR: Fixtures.serviceCIDR),
                    reason: Reason("network", old: "down", new: "up")),
                Step(host, .connect, reason: Reason("login", new: "verified")),
                Step(
                    host, .installBinaries(version: Fixtures.version), after: ["\(host)#connect"],
                    reason: Reason("kubernetesVersion", old: "1.20.1", new: "1.20.2")),
                Step(
                    host, .installContent(specDigest: "ffff"), after: ["\(host)#connect"],
                    reason: Reason("content", old: "0123456789ab", new: "ba9876543210")),
                Step(
                    Address(.host, "demo-nodes-a-2"), .connect, reason: Reason("login", old: "no answer from 100.96.8.22", new: "verified")),
                Step(
                    Address(.host, "demo-nodes-a-2"), .installContent(specDigest: "ffff"),
                    reason: Reason(
                        "content", old: "changed on the machine: /etc/systemd/system/kubelet.service, /etc/kubernetes/pki/ca.crt",
                        new: "ba9876543210")),
                Step(
                    Address(.host, "demo-nodes-a-3"), .installContent(specDigest: "ffff"),
                    reason: Reason("certificates", old: "89 days left", new: "issued anew")),
                Step(
                    Address(.service, "\(name)/node"), .startServices(services: [.proxy, .kubelet]),
                    reason: Reason("services", old: "failed", new: "active")),
                Step(
                    Address(.service, "demo-control-plane-a-1/api"), .stopServices(services: [.apiserver]),
                    reason: Reason("services", old: "active", new: "inactive")),
                Step(
                    Address(.manifests, "demo"), .applyManifests(digest: "ffff"),
                    reason: Reason("roles and bindings", old: "0123456789ab", new: "ba9876543210")),
                Step(
                    Address(.node, name), .admitNode(design: NodeDesign(podCIDR: Fixtures.podCIDR, labels: [:], taints: [])),
                    reason: Reason("label slipway.dev/pool", old: "none", new: "nodes")),
                Step(Address(.node, "demo-nodes-a-9"), .deleteNode, reason: Reason("node", old: "without a machine")),
                Step(
                    Address(.route, "demo-nodes-a-9"), .deleteRoute(podCIDR: Fixtures.cidr("10.244.9.0/24")),
                    reason: Reason("route", old: "without a machine")),
            ],
            warnings: [
                "only one control plane machine: the loss of it is the loss of the cluster, and of everything that was ever stored in it"
            ])
    }()

    @Test(arguments: [80, 120]) func updateOfContent(_ width: Int) throws {
        let text = PlanText(plan: PlanTextTests.contentChange, page: Page(width: width, color: false)).text
        expectFits(text, width)
        try Golden.expect(text, equals: "plans/update-content-\(width).txt")
    }

    @Test func onATerminalItHasColours() throws {
        let text = PlanText(plan: PlanTextTests.contentChange, page: Page(width: 80, color: true)).text
        #expect(text.contains("\u{1B}[1mPlan to update cluster demo\u{1B}[0m"))
        let plain = text.replacing(/\u{1B}\[[0-9]*m/, with: "")
        #expect(plain == PlanText(plan: PlanTextTests.contentChange, page: Page(width: 80, color: false)).text, "and nothing else differs")
    }

    @Test func aSpotInstanceIsCalledOne() {
        let machine = Fixtures.machine(.worker)
        var design = MachineDesign(
            name: machine.name, pool: machine.pool, zone: machine.zone, role: machine.role, ordinal: 1, instanceType: "t3.medium",
            podCIDR: machine.podCIDR)
        func text() -> String {
            StepText.text(
                Step(Address(.machine, machine.name), .createMachine(design: design), reason: Reason("machine", new: "t3.medium")))
        }
        #expect(text().contains("worker, t3.medium, zone"))
        design.market = .spot
        #expect(text().contains("worker, t3.medium spot, zone"))
    }

    /// Every action has its words, symbol and section; none is forgotten and none shows how it is spelled in the code.
    @Test func everyActionHasWords() {
        let machine = Fixtures.machine(.worker)
        let design = MachineDesign(
            name: machine.name, pool: machine.pool, zone: machine.zone, role: machine.role, ordinal: 1, instanceType: "local.small",
            podCIDR: machine.podCIDR)
        let actions: [Action] = [
            .ensureNetwork(cidr: nil, podCIDR: Fixtures.podCIDR, serviceCIDR: Fixtures.serviceCIDR), .createMachine(design: design),
            .startMachine, .stopMachine, .resizeMachine(instanceType: "local.medium"), .deleteMachine,
            .setRoute(podCIDR: machine.podCIDR, machine: machine.name),
            .deleteRoute(podCIDR: machine.podCIDR),
            .deleteNetwork, .connect, .installBinaries(version: Fixtures.version), .installContent(specDigest: "f"),
            .keepRecoveryKit(digest: "f"),
            .startServices(services: [.kubelet]), .stopServices(services: [.kubelet]), .formEtcd(token: "t", members: ["m"]), .joinEtcd,
            .leaveEtcd, .handOverEtcd, .waitForAPI,
            .applyManifests(digest: "f"), .admitNode(design: NodeDesign(podCIDR: machine.podCIDR, labels: [:], taints: [])), .deleteNode,
            .ensureSecrets, .markEtcd(mark: .initialised(token: "t")), .markDeleting, .forgetCluster, .stopMachine, .taintNode, .cordonNode,
            .drainNode(options: DrainOptions()), .uncordonNode, .validateNode,
        ]
        #expect(Set(actions.map(\.name)) == Set(Action.Name.allCases))
        for action in actions {
            let step = Step(Address(.machine, machine.name), action, reason: Reason("field", old: "before", new: "after"))
            let text = PlanText(
                plan: Plan(intent: .update, cluster: Fixtures.state.identity, steps: [step]), page: Page(width: 80, color: false)
            ).text
            let lines = text.split(separator: "\n").map(String.init)
            #expect(lines.count >= 4, "\(text)")
            #expect(!text.contains(action.name.rawValue) || action.name == .connect, "\(text)")
            #expect(lines.last?.hasPrefix("1 step: 1 \(PlanVerb(of: action).rawValue)") == true)
            #expect(lines[2].hasPrefix("  \(PlanVerb(of: action).symbol)\(action.isIrreversible ? "!" : " ") "))
        }
    }

    @Test func asJSONItIsTheWholePlan() async throws {
        try await Shell.with { shell in
            let run = await shell.run("create", "cluster", "demo", "--cloud", "local", "--assets", "/mirror", "-o", "json")
            #expect(run.code == 0)
            try Golden.expect(shell.stable(run.output), equals: "plans/create.json")
            struct Head: Decodable {
                var apiVersion: String
                var kind: String
            }
            let head = try JSONDecoder().decode(Head.self, from: Data(run.output.utf8))
            #expect(head.apiVersion == "slipway.dev/v1alpha1" && head.kind == "Plan")
            let plan = try JSONDecoder().decode(Plan.self, from: Data(run.output.utf8))
            #expect(plan.steps.contains { $0.reason == Reason("pod range", new: "10.244.0.0/24") }, "reasons are whole in JSON")
            let again = await shell.run("plan", "cluster", "demo", "-o", "json")
            #expect(try JSONDecoder().decode(Plan.self, from: Data(again.output.utf8)).steps == plan.steps)
        }
    }

    @Test func withDetailedExitCodeAPreviewSaysWhetherThereIsSomethingToDo() async throws {
        try await Shell.with { shell in
            let create = ["create", "cluster", "demo", "--cloud", "local", "--assets", "/mirror"]
            #expect(await shell.run(create + ["--detailed-exit-code"]).code == 2)
            #expect(await shell.run("plan", "cluster", "demo", "--detailed-exit-code").code == 2)
            #expect(await shell.run(create + ["--yes"]).code == 0)
            #expect(await shell.run(create + ["--detailed-exit-code"]).code == 0)
            #expect(await shell.run("plan", "cluster", "demo", "--detailed-exit-code").code == 0)
        }
    }
}
