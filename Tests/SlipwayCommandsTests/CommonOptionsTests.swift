import ClusterModel
import Engine
import Foundation
import SimulatedCloud
import TestSupport
import Testing

@testable import SlipwayCommands

/// What every command takes.
@Suite struct CommonOptionsTests {
    @Test func aLevelTellsWhatItSays() async throws {
        for (level, wanted, unwanted) in [
            ("error", [], ["  ok  ", "  start  "]), ("warning", [], ["  ok  ", "  start  "]),
            ("info", ["  ok  "], ["machine: local.small"]),
            ("debug", ["  ok  ", "create-machine machine/demo-nodes-a-1: machine: local.small"], []),
        ] as [(String, [String], [String])] {
            try await Shell.with { shell in
                let run = await shell.run(LifeTests.create + ["--yes", "--log-level", level])
                #expect(run.code == 0)
                for text in wanted { #expect(run.messages.contains(text), "\(level): \(text)") }
                for text in unwanted { #expect(!run.messages.contains(text), "\(level): \(text)") }
                #expect(run.messages.contains("finished:"))
            }
        }
    }

    @Test func everyEventHasALevel() {
        let time = Date(timeIntervalSince1970: 0)
        #expect(LogLevel(of: RunEvent(time: time, elapsed: 0, kind: .stepFailed)) == .error)
        #expect(LogLevel(of: RunEvent(time: time, elapsed: 0, kind: .stepRetry)) == .warning)
        #expect(LogLevel(of: RunEvent(time: time, elapsed: 0, kind: .stepDone)) == .info)
        #expect(LogLevel.error < .warning && .warning < .info && .info < .debug)
    }

    @Test(arguments: [
        ["get", "clusters", "--timeout", "0s"], ["get", "clusters", "--timeout", "soon"], ["get", "clusters", "--log-level", "loud"],
    ])
    func wrongOnesAre64(_ arguments: [String]) async throws {
        try await Shell.with { shell in
            let run = await shell.run(arguments)
            #expect(run.code == 64, "\(run.messages)")
        }
    }

    @Test func timeThatIsOverStopsTheCommand() async throws {
        try await Shell.withCluster { shell in
            shell.world.machine("demo-nodes-a-1") { $0.hangs = true }
            let run = await shell.run("validate", "cluster", "demo", "--wait", "100h", "--timeout", "1s")
            #expect(run.code == 75, "\(run.messages)")
            #expect(run.messages.contains("the time of --timeout 1s is over: finishing what runs"))
        }
    }
}
