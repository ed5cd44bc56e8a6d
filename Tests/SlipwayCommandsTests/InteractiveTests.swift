import TestSupport
import Testing

@testable import SlipwayCommands

/// A roll that asks before each machine.
@Suite struct InteractiveTests {
    private func outdated(_ body: (inout Shell) async throws -> Void) async throws {
        try await Shell.withCluster { shell in
            var shell = shell
            #expect(await shell.run("set", "cluster", "demo", "spec.pools[nodes].instanceType=local.medium").code == 0)
            try await body(&shell)
        }
    }

    private static let roll = ["rolling-update", "cluster", "demo", "--yes", "--interactive"]

    @Test func aYesGoesOnAndANoLeavesTheMachineAsItIs() async throws {
        try await outdated { shell in
            shell.answers = ["n"]
            let no = await shell.run(Self.roll)
            #expect(no.code == 75, "\(no.messages)")
            #expect(no.messages.contains("replace demo-nodes-a-1 by demo-nodes-a-2? [y/N]"))
            #expect(await shell.run("get", "machines", "demo").output.contains("demo-nodes-a-1"))
            shell.answers = ["yes"]
            let yes = await shell.run(Self.roll)
            #expect(yes.code == 0, "\(yes.messages)")
            let machines = await shell.run("get", "machines", "demo").output
            #expect(machines.contains("demo-nodes-a-2") && !machines.contains("demo-nodes-a-1"), "\(machines)")
        }
    }

    @Test func withNobodyToAskNothingIsReplaced() async throws {
        try await outdated { shell in
            let run = await shell.run(Self.roll)
            #expect(run.code == 75 && run.messages.contains("--interactive needs a terminal"), "\(run.messages)")
            #expect(await shell.run("get", "machines", "demo").output.contains("demo-nodes-a-1"))
        }
    }
}
