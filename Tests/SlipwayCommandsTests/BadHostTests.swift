import ClusterModel
import Foundation
import SimulatedCloud
import TestSupport
import Testing

@testable import SlipwayCommands

/// Machines that are not as they should be: which code, and what a person is told.
@Suite struct BadHostTests {
    /// The world's machines, but a service of one of them never gets well.
    private struct Sick: HostAccess {
        let world: SimulatedWorld
        let service: NodeService
        let machine: String
        let log: String

        func run(_ script: String, on host: HostEndpoint, input: [UInt8], timeout: Duration) async throws -> HostResult {
            if host.machine == machine {
                // What runs already is asked otherwise.
                if script.contains("for turn in"), script.contains(service.unit), !script.contains("ActiveState") {
                    return HostResult(exitStatus: 0, output: Array("\(service.rawValue)\n".utf8), errorOutput: [])
                }
                if script.contains("journalctl ") { return HostResult(exitStatus: 0, output: Array(log.utf8), errorOutput: []) }
            }
            return try await world.run(script, on: host, input: input, timeout: timeout)
        }

        func upload(_ content: HostFileContent, to path: String, mode: UInt16, on host: HostEndpoint, timeout: Duration) async throws {
            try await world.upload(content, to: path, mode: mode, on: host, timeout: timeout)
        }

        func close() async {}
    }

    @Test(arguments: [
        (NodeService.kubelet, "demo-nodes-a-1", "service/demo-nodes-a-1/kubelet"),
        (.apiserver, "demo-control-plane-a-1", "service/demo-control-plane-a-1/api"),
    ])
    func whatNeverGetsReadyIsNamedWithItsOwnLog(_ service: NodeService, _ machine: String, _ address: String) async throws {
        try await Shell.with { shell in
            var sick = shell
            sick.hosts = Sick(
                world: shell.world, service: service, machine: machine, log: "first words\nlisten tcp: address already in use\n")
            let run = await sick.run(LifeTests.create + ["--yes"])
            let said = run.messages.replacing(/\s+/, with: " ")
            #expect(run.code == 1, "\(run.messages)")
            #expect(said.contains("error: \(address): starting \(service.rawValue): it was not healthy within"), "\(run.messages)")
            #expect(run.messages.contains("last lines of its log:\n    | first words\n    | listen tcp: address already in use"))
            #expect(said.contains("try: slipway ssh demo \(machine) -- journalctl -u \(service.rawValue)"))
            // Well again: the same command goes on from there.
            let again = await shell.run(LifeTests.create + ["--yes"])
            #expect(again.code == 0, "\(again.messages)")
            #expect(await shell.run("validate", "cluster", "demo").code == 0)
        }
    }

    @Test func aMachineThatDoesNotAnswerIs69() async throws {
        try await Shell.withCluster { shell in
            shell.world.machine("demo-nodes-a-1") { $0.hangs = true }
            shell.world.changes.clear()
            let looked = await shell.run("validate", "cluster", "demo")
            #expect(looked.code == 2 && looked.output.contains("host/demo-nodes-a-1: no answer from 100.96.8.12"), "\(looked)")
            let run = await shell.run("update", "cluster", "demo", "--yes")
            #expect(run.code == 69, "\(run.messages)")
            let said = run.messages.replacing(/\s+/, with: " ")
            #expect(said.contains("error: host/demo-nodes-a-1: logging in: no login at 100.96.8.12 within 180.0 seconds"))
            #expect(said.contains("try: does the machine run? slipway get machines demo"))
            #expect(shell.world.changes.all.isEmpty, "\(shell.world.changes.all)")
            shell.world.machine("demo-nodes-a-1") { $0.hangs = false }
            #expect(await shell.run("update", "cluster", "demo", "--yes").code == 0)
        }
    }

    @Test func aMachineWithAnotherHostKeyIs77() async throws {
        try await Shell.withCluster { shell in
            shell.world.machine("demo-nodes-a-1") { $0.record.tags[Tag.hostKey] = "SHA256:other" }
            shell.world.changes.clear()
            let looked = await shell.run("validate", "cluster", "demo")
            #expect(looked.code == 2 && looked.output.contains("host/demo-nodes-a-1: it has another host key"), "\(looked)")
            let run = await shell.run("update", "cluster", "demo", "--yes")
            #expect(run.code == 77 && run.messages.contains("error: host/demo-nodes-a-1: connecting: it has another host key"))
            #expect(shell.world.changes.all.isEmpty, "\(shell.world.changes.all)")
        }
    }
}
