import ClusterModel
import Foundation
import SimulatedCloud
import TestSupport
import Testing

@testable import SlipwayCommands

/// The tree of a run, frame by frame.
@Suite struct LiveViewTests {
    /// A create of that many workers, as far as the tree cares.
    static func plan(workers: Int) -> Plan {
        var steps = [
            Step(
                Address(.network, "demo"), .ensureNetwork(cidr: nil, podCIDR: Fixtures.podCIDR, serviceCIDR: Fixtures.serviceCIDR),
                reason: Reason("network"))
        ]
        let machines = ["demo-control-plane-a-1"] + (1...workers).map { "demo-nodes-a-\($0)" }
        for machine in machines {
            steps.append(Step(Address(.machine, machine), .startMachine, reason: Reason("machine")))
            steps.append(Step(Address(.host, machine), .installBinaries(version: Fixtures.version), reason: Reason("kubernetesVersion")))
            steps.append(Step(Address(.service, "\(machine)/node"), .startServices(services: [.kubelet]), reason: Reason("services")))
        }
        steps.append(Step(Address(.etcd, "demo"), .formEtcd(token: "t", members: ["demo-control-plane-a-1"]), reason: Reason("etcd")))
        return Plan(intent: .create, cluster: ClusterIdentity(name: "demo", uid: "0011aabb"), steps: steps)
    }

    private static func event(_ kind: RunEvent.Kind, _ step: Step, _ elapsed: Double, _ message: String = "") -> RunEvent {
        RunEvent(
            time: Date(timeIntervalSince1970: elapsed), elapsed: elapsed, kind: kind, address: step.address, action: step.action.name,
            message: message)
    }

    /// In the middle: a tenth is done, some are at work, one tries again, one failed.
    static func middle(workers: Int) -> LiveView {
        let plan = plan(workers: workers)
        var view = LiveView(plan: plan)
        func steps(of machine: String) -> [Step] { plan.steps.filter { $0.address.name.split(separator: "/")[0] == machine } }
        func run(_ step: Step, from start: Double, to end: Double) {
            view.apply(event(.stepStarted, step, start))
            view.apply(event(.stepDone, step, end))
        }
        run(plan.steps[0], from: 0, to: 1.2)
        for step in steps(of: "demo-control-plane-a-1") { run(step, from: 1.5, to: 9) }
        let done = max(1, workers / 10)
        for index in 1...done { for step in steps(of: "demo-nodes-a-\(index)") { run(step, from: 2, to: 20.5) } }
        for index in (done + 1)..<(workers - 1) {
            let own = steps(of: "demo-nodes-a-\(index)")
            run(own[0], from: 2, to: 5)
            guard index < workers / 2 + 2 else { continue }
            view.apply(event(.stepStarted, own[1], 12))
            view.apply(event(.stepProgress, own[1], 13, "kubelet, 114 MB (2 of 2), from a mirror with quite a long name"))
            if index == done + 2 { view.apply(event(.stepRetry, own[1], 20, "attempt 1 failed: the connection\nwas closed")) }
        }
        let last = steps(of: "demo-nodes-a-\(workers)")
        view.apply(event(.stepStarted, last[0], 3))
        view.apply(event(.stepFailed, last[0], 14, "the host has no memory left"))
        for step in last.dropFirst() { view.apply(event(.stepSkipped, step, 14, "machine failed")) }
        return view
    }

    @Test(arguments: [6, 120], [80, 120]) func framesAreAsWanted(_ workers: Int, _ width: Int) throws {
        let page = Page(width: width, color: false, height: 24)
        let lines = LiveViewTests.middle(workers: workers).frame(page, height: 23, elapsed: 24.5)
        #expect(lines.count <= 23)
        let text = lines.joined(separator: "\n") + "\n"
        expectFits(text, width)
        try Golden.expect(text, equals: "live/\(workers)-machines-\(width).txt")
        let colored = LiveViewTests.middle(workers: workers).frame(Page(width: width, color: true, height: 24), height: 23, elapsed: 24.5)
        #expect(colored.joined().contains("\u{1B}[31mx\u{1B}[0m"))
        #expect(
            colored.joined(separator: "\n").replacing(/\u{1B}\[[0-9]*m/, with: "") + "\n" == text, "colours change no layout")
    }

    @Test func whatIsGraveIsShownFirstHoweverLowTheWindow() {
        for height in 1...40 {
            let lines = LiveViewTests.middle(workers: 120).frame(Page(width: 80, color: false, height: height), height: height, elapsed: 30)
            #expect(lines.count <= height)
            if height >= 5 { #expect(lines.contains { $0.contains("demo-nodes-a-120") && $0.contains("no memory left") }, "\(height)") }
        }
    }

    @Test func atTheEndEverythingIsDone() {
        let plan = LiveViewTests.plan(workers: 2)
        var view = LiveView(plan: plan)
        for step in plan.steps {
            view.apply(LiveViewTests.event(.stepStarted, step, 1))
            view.apply(LiveViewTests.event(.stepDone, step, 2))
        }
        #expect(view.done == plan.steps.count)
        #expect(view.groups.flatMap(\.branches).allSatisfy { $0.stage == .done })
        let lines = view.frame(Page(width: 80, color: false, height: 4), height: 4, elapsed: 5)
        #expect(lines.last?.contains("2 done") == true, "\(lines)")
    }

    @Test func afterAnInterruptionNothingWaits() {
        var view = LiveViewTests.middle(workers: 6)
        view.apply(RunEvent(time: Date(timeIntervalSince1970: 0), elapsed: 25, kind: .interrupted))
        #expect(view.groups.flatMap(\.branches).flatMap(\.steps).allSatisfy { $0.stage != .waiting })
        #expect(view.groups.flatMap(\.branches).contains { $0.stage == .running }, "what runs is finished")
    }

    @Test func linesStandInTheSameOrderWhateverThePlansIs() {
        let steps = ["demo-nodes-a-10", "demo-nodes-a-9", "demo-control-plane-a-1"].map {
            Step(Address(.machine, $0), .startMachine, reason: Reason("status"))
        }
        let network = Step(Address(.network, "demo"), .deleteNetwork, reason: Reason("network"))
        let view = LiveView(
            plan: Plan(intent: .update, cluster: ClusterIdentity(name: "demo", uid: "0011aabb"), steps: steps + [network]))
        #expect(view.groups.map(\.name) == ["cluster", "control-plane", "nodes"])
        #expect(view.groups[2].branches.map(\.machine) == ["demo-nodes-a-9", "demo-nodes-a-10"])
    }

    @Test func poolsAreReadFromNames() {
        #expect(LiveView.pool(of: "demo-nodes-a-3", cluster: "demo") == "nodes")
        #expect(LiveView.pool(of: "my-demo-big-nodes-a-3", cluster: "my-demo") == "big-nodes")
        #expect(LiveView.pool(of: "demo-control-plane-a-1", cluster: "demo") == "control-plane")
    }

    // MARK: On a terminal

    @Test func aTerminalIsGivenBackAsItWas() async throws {
        try await Shell.with { shell in
            var shell = shell
            shell.height = 24
            let run = await shell.run(LifeTests.create + ["--yes"])
            #expect(run.code == 0)
            let hidden = run.messages.matches(of: /\u{1B}\[\?25l/).count
            let shown = run.messages.matches(of: /\u{1B}\[\?25h/).count
            #expect(hidden == 1 && shown == 1)
            let end = try #require(run.messages.components(separatedBy: "\u{1B}[?25h").last)
            #expect(!end.contains("\u{1B}[") && end.contains("finished:"), "nothing is drawn any more: \(end)")
            #expect(run.messages.contains("made the key"), "what is said stays")
        }
    }

    @Test func alsoAfterAFailure() async throws {
        try await Shell.withCluster { shell in
            var shell = shell
            shell.height = 24
            shell.world.machine("demo-nodes-a-1") { machine in
                machine.hangs = true
                machine.record.status = .stopped
            }
            let run = await shell.run("update", "cluster", "demo", "--yes")
            #expect(run.code != 0)
            #expect(run.messages.contains("\u{1B}[?25h"))
            #expect(run.messages.components(separatedBy: "\u{1B}[?25h").last?.contains("error:") == true)
        }
    }

    @Test func inAPipeThereAreLines() async throws {
        try await Shell.with { shell in
            let run = await shell.run(LifeTests.create + ["--yes"])
            #expect(!run.messages.contains("\u{1B}") && run.messages.contains("  ok      ensure-secrets secrets/demo"))
        }
    }
}
