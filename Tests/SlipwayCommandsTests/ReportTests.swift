import ClusterModel
import Foundation
import SimulatedCloud
import TestSupport
import Testing

@testable import Planning
@testable import SlipwayCommands

@Suite struct ReportTests {
    @Test func aHealthyCluster() async throws {
        try await Shell.withCluster { shell in
            let run = await shell.run("validate", "cluster", "demo")
            #expect(run.code == 0 && run.messages.isEmpty)
            expectFits(run.output, 80)
            try Golden.expect(run.output, equals: "report-healthy.txt")
            let json = await shell.run("validate", "cluster", "demo", "-o", "json")
            try Golden.expect(json.output, equals: "report-healthy.json")
        }
    }

    @Test func aClusterWithProblems() async throws {
        try await Shell.withCluster { shell in
            shell.world.machine("demo-nodes-a-1") { machine in
                machine.services[.kubelet] = "failed"
                machine.damagedFiles = ["/etc/kubernetes/pki/ca.crt", "/etc/systemd/system/kubelet.service"]
            }
            let uid = try #require(shell.world.with { $0.networks.keys.first })
            shell.world.network(uid) { network in
                network.routes = [:]
                network.nodes[0].unschedulable = true
                network.nodes.append(NodeObservation(name: "stranger", providerID: "aws:///i-123"))
            }
            for width in [80, 120] {
                var wide = shell
                wide.width = width
                let run = await wide.run("validate", "cluster", "demo")
                #expect(run.code == 2 && run.messages.isEmpty)
                expectFits(run.output.split(separator: "\n").filter { !$0.contains("slipway ssh") }.joined(separator: "\n"), width)
                try Golden.expect(run.output, equals: "report-problems-\(width).txt")
            }
            let json = await shell.run("validate", "cluster", "demo", "-o", "json")
            #expect(json.code == 2)
            try Golden.expect(json.output, equals: "report-problems.json")
            let report = try JSONDecoder().decode(ValidationReport.self, from: Data(json.output.utf8))
            #expect(!report.isHealthy && report.conditions.contains { $0.name == "routes" && !$0.passed })
        }
    }

    @Test func waitingGivesUpInTimeAndSaysWhatItWaitsFor() async throws {
        try await Shell.withCluster { shell in
            shell.world.machine("demo-nodes-a-1") { $0.services[.kubelet] = "inactive" }
            let start = shell.clock.now
            let run = await shell.run("validate", "cluster", "demo", "--wait", "30s")
            #expect(run.code == 2)
            #expect(
                run.messages == "not healthy yet: service/demo-nodes-a-1/kubelet: it is inactive (and 1 more)\n", "once, not every second")
            #expect((30...40).contains(shell.clock.now.timeIntervalSince(start)))
        }
    }

    @Test func onATerminalTheVerdictHasColour() {
        let report = ValidationReport(cluster: "demo", isHealthy: true, conditions: [])
        #expect(ReportText.text(report, page: Page(width: 80, color: true)).contains("\u{1B}[32mhealthy\u{1B}[0m"))
        #expect(!ReportText.text(report, page: Page(width: 80, color: false)).contains("\u{1B}"))
    }
}

@Suite struct TableTests {
    @Test func columnsAreAsWideAsTheirWidestCell() {
        var table = Table("NAME", "N", "REST")
        table.add("a", "10000", "x y")
        table.add("longer-name", "", "")
        #expect(table.text == "NAME          N       REST\na             10000   x y\nlonger-name\n")
    }

    @Test func withoutRowsTheHeadingsStay() { #expect(Table("A", "B").text == "A   B\n") }
}
