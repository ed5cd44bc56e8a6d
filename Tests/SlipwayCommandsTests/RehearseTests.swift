import ClusterModel
import Foundation
import Operations
import SimulatedCloud
import TestSupport
import Testing

@testable import SlipwayCommands

@Suite struct RehearseTests {
    private static let zones = ["--cloud", "local", "--assets", "/mirror", "--zones", "local-a,local-b"]

    /// A file that describes a cluster of so many nodes.
    private func spec(_ nodes: Int, _ shell: Shell) async throws -> String {
        let run = await shell.run(
            ["create", "cluster", "demo", "--node-count", "\(nodes)", "--kubernetes-version", "1.20.2", "--dry-run"] + Self.zones)
        #expect(run.code == 0, "\(run.messages)")
        return try shell.write(run.output, to: "demo-\(nodes).yaml")
    }

    private func rehearsal(_ run: Shell.Run) throws -> Rehearsal {
        #expect(run.code == 0, "\(run.messages)")
        return try JSONDecoder().decode(Rehearsal.self, from: Data(run.output.utf8))
    }

    @Test(arguments: [80, 120]) func aCreateIsRehearsedBeforeThereIsAnything(_ width: Int) async throws {
        try await Shell.with { shell in
            var shell = shell
            shell.width = width
            let file = try await spec(2, shell)
            let run = await shell.run("rehearse", "cluster", "demo", "-f", file)
            #expect(run.code == 0, "\(run.messages)")
            expectFits(run.output, width)
            try Golden.expect(run.output, equals: "rehearsals/create-\(width).txt")
            #expect(shell.world.isEmpty && shell.world.changes.all.isEmpty && !shell.exists("state") && !shell.exists("key"))
        }
    }

    @Test func theSameSeedGivesTheSameAndAnotherOneDoesNot() async throws {
        try await Shell.with { shell in
            let file = try await spec(3, shell)
            let one = try rehearsal(await shell.run("rehearse", "cluster", "demo", "-f", file, "-o", "json"))
            let same = try rehearsal(await shell.run("rehearse", "cluster", "demo", "-f", file, "-o", "json"))
            let other = try rehearsal(await shell.run("rehearse", "cluster", "demo", "-f", file, "-o", "json", "--seed", "2"))
            #expect(one == same)
            #expect(other.duration != one.duration && Set(other.steps.map(\.id)) == Set(one.steps.map(\.id)))
        }
    }

    @Test func whatIsSaidOfOrderAndConcurrencyHolds() async throws {
        try await Shell.with { shell in
            let file = try await spec(9, shell)
            let wide = try rehearsal(await shell.run("rehearse", "cluster", "demo", "-f", file, "-o", "json"))
            let narrow = try rehearsal(await shell.run("rehearse", "cluster", "demo", "-f", file, "-o", "json", "--parallelism", "1"))
            #expect((10...16).contains(wide.concurrency["machine"] ?? 0) && narrow.concurrency["machine"] == 1)
            #expect(narrow.duration > wide.duration * 2)
            for rehearsal in [wide, narrow] {
                let ends = Dictionary(uniqueKeysWithValues: rehearsal.steps.map { ($0.id, $0) })
                let path = try rehearsal.criticalPath.map { try #require(ends[$0]) }
                #expect(path.last?.end == rehearsal.duration && path.first?.start == 0)
                for (earlier, later) in zip(path, path.dropFirst()) { #expect(earlier.end <= later.start + 0.001) }
                let idle = zip(path, path.dropFirst()).map { $1.start - $0.end }.reduce(0, +)
                #expect(idle < 0.1, "the end waits for nothing but these")
                #expect(rehearsal.steps.filter(\.isCritical).map(\.id).count == path.count)
            }
        }
    }

    @Test func aClusterThatStandsIsLookedAtAndLeftAlone() async throws {
        try await Shell.withCluster { shell in
            let before = shell.world.with { $0 }
            shell.world.changes.clear()
            let nothing = await shell.run("rehearse", "cluster", "demo")
            #expect(nothing.code == 0 && nothing.output == "no changes: there is nothing to rehearse\n", "\(nothing.messages)")
            let grown = await shell.run(
                "create", "cluster", "demo", "--cloud", "local", "--assets", "/mirror", "--node-count", "3", "--dry-run")
            let file = try shell.write(grown.output, to: "grown.yaml")
            let update = try rehearsal(await shell.run("rehearse", "cluster", "demo", "-f", file, "-o", "json"))
            #expect(update.intent == .update)
            let made = update.steps.filter { $0.action == .createMachine }.map(\.address.name)
            #expect(made == ["demo-nodes-a-2", "demo-nodes-a-3"])
            let plan = await shell.run("plan", "cluster", "demo", "-f", file, "-o", "json")
            let planned = try JSONDecoder().decode(Plan.self, from: Data(plan.output.utf8))
            #expect(Set(planned.steps.map(\.id)) == Set(update.steps.map(\.id)), "the same plan")
            let gone = await shell.run("rehearse", "cluster", "demo", "--delete")
            try Golden.expect(gone.output, equals: "rehearsals/delete-80.txt")
            #expect(shell.world.changes.all.isEmpty && shell.world.with { $0.machines } == before.machines)
            #expect(await shell.run("get", "spec", "demo").output.contains("count: 1"))
        }
    }

    @Test func afterARebootItSaysHowLongTheWayBackTakes() async throws {
        try await Shell.withCluster { shell in
            shell.world.reboot()
            let run = try rehearsal(await shell.run("rehearse", "cluster", "demo", "-o", "json"))
            #expect(run.steps.contains { $0.action == .startMachine } && run.duration > 1)
        }
    }

    @Test func withoutStateAndFileThereIsNothingToRehearse() async throws {
        try await Shell.with { shell in
            #expect(await shell.run("rehearse", "cluster", "demo").code == 66)
            #expect(await shell.run("rehearse", "cluster", "demo", "--delete", "-f", "x.yaml").code == 64)
            #expect(await shell.run("rehearse", "cluster", "demo", "--parallelism", "0").code == 64)
        }
    }
}
