import Foundation
import SimulatedCloud
import TestSupport
import Testing

@testable import SlipwayCommands

/// The hidden provider, whose world is in a file.
@Suite struct SimulatedTests {
    private static let create = ["create", "cluster", "demo", "--cloud", "simulated", "--zones", "anywhere", "--node-count", "2", "--yes"]

    @Test func aWholeLifeWithNothingButFiles() async throws {
        try await Shell.with { shell in
            let created = await shell.run(Self.create)
            #expect(created.code == 0, "\(created.messages)")
            #expect(shell.world.isEmpty, "it is in none of this process")
            #expect(shell.exists("state/.simulated-world.json"))
            #expect(await shell.run("update", "cluster", "demo", "--yes").messages.contains("no changes"))
            #expect(await shell.run("validate", "cluster", "demo").output.contains("cluster demo is healthy"))
            let machines = await shell.run("get", "machines", "demo")
            #expect(machines.output.contains("demo-nodes-anywhere-2") && machines.output.contains("running"))
            #expect(await shell.run("delete", "cluster", "demo", "--yes").code == 0)
            #expect(await shell.run("delete", "cluster", "demo", "--cloud", "simulated", "--yes").code == 66)
        }
    }

    @Test func aClusterWhoseStateWasLostIsFoundInTheFile() async throws {
        try await Shell.with { shell in
            var shell = shell
            shell.environment["SLIPWAY_SIMULATED_WORLD"] = "\(shell.folder)/elsewhere/world.json"
            #expect(await shell.run(Self.create).code == 0)
            #expect(shell.exists("elsewhere/world.json") && !shell.exists("state/.simulated-world.json"))
            try FileManager.default.removeItem(atPath: "\(shell.folder)/state/demo")
            let deleted = await shell.run("delete", "cluster", "demo", "--cloud", "simulated", "--yes")
            #expect(deleted.code == 0, "\(deleted.messages)")
        }
    }

    @Test func itIsNotOffered() async throws {
        try await Shell.with { shell in
            for arguments in [["create", "cluster", "x", "--cloud", "nowhere"], ["delete", "cluster", "x", "--cloud", "nowhere"]] {
                let run = await shell.run(arguments)
                #expect(run.code != 0 && run.messages.contains("local"))
                #expect(!run.messages.contains("simulated"))
            }
        }
    }

    @Test func noRealClusterIsKilledForATest() async throws {
        try await Shell.with { shell in
            var shell = shell
            shell.environment["SLIPWAY_SIMULATED_KILL"] = "1000"
            let run = await shell.run(LifeTests.create + ["--yes"])
            #expect(run.code == 64 && run.messages.contains("$SLIPWAY_SIMULATED_KILL"), "\(run.messages)")
            #expect(shell.world.isEmpty)
            shell.environment["SLIPWAY_SIMULATED_KILL"] = "soon"
            #expect(await shell.run(Self.create).code == 64)
        }
    }

    @Test func aSimulatedMachineHasNoShell() async throws {
        try await Shell.with { shell in
            #expect(await shell.run(Self.create).code == 0)
            let run = await shell.run("ssh", "demo", "demo-nodes-anywhere-1")
            #expect(run.code == 77 && run.messages.contains("simulated machines have"), "\(run.messages)")
        }
    }

    @Test func whatIsPassedIsTraced() async throws {
        try await Shell.with { shell in
            var shell = shell
            shell.environment["SLIPWAY_SIMULATED_TRACE"] = "\(shell.folder)/trace"
            #expect(await shell.run(Self.create).code == 0)
            let lines = try String(contentsOfFile: "\(shell.folder)/trace", encoding: .utf8).split(separator: "\n").map(String.init)
            #expect(lines.first == "lock: taken" && lines.last == "lock: held")
            for moment in ["asked for, not done", "done, not answered"] {
                #expect(lines.filter { $0 == "createMachine demo-nodes-anywhere-1: \(moment)" }.count == 1)
            }
            let intended = try #require(lines.firstIndex(of: "machineIntended demo-nodes-anywhere-1: recorded"))
            let asked = try #require(lines.firstIndex(of: "createMachine demo-nodes-anywhere-1: asked for, not done"))
            let made = try #require(lines.firstIndex(of: "machineMade demo-nodes-anywhere-1: not recorded"))
            #expect(intended < asked && asked < made)
        }
    }
}
