import ArgumentParser
import Foundation
import SimulatedCloud
import TestSupport
import Testing

@testable import SlipwayCommands

@Suite struct HelpTests {
    /// Every command of the tree by its path, without ArgumentParser's own `help`.
    static let commands: [[String]] = {
        var found: [[String]] = []
        func walk(_ command: any ParsableCommand.Type, _ path: [String]) {
            found.append(path)
            for child in command.configuration.subcommands { walk(child, path + [child._commandName]) }
        }
        walk(Slipway.self, [])
        return found
    }()

    @Test(arguments: commands) func helpIsAsWanted(_ path: [String]) async throws {
        try await Shell.with { shell in
            let run = await shell.run(path + ["--help"])
            #expect(run.code == 0)
            #expect(run.messages.isEmpty)
            expectFits(run.output, 80)
            let made = try FileManager.default.contentsOfDirectory(atPath: shell.folder)
            #expect(made.isEmpty && shell.world.changes.all.isEmpty && shell.world.scripts.all.isEmpty, "help touches nothing")
            try Golden.expect(run.output, equals: "help/\((["slipway"] + path).joined(separator: "-")).txt")
        }
    }

    @Test func everyVerbOfTheRootIsThere() {
        let verbs = Set(HelpTests.commands.filter { $0.count == 1 }.map { $0[0] })
        #expect(
            verbs == [
                "create", "replace", "set", "edit", "unlock", "update", "rolling-update", "reconcile", "apply", "stop", "start", "delete",
                "get", "validate", "plan", "rehearse", "export", "ssh", "state", "completion", "schema", "man",
            ])
    }

    @Test func helpIsLaidOutForItsPage() async throws {
        try await Shell.with { shell in
            var wide = shell
            wide.width = 120
            let run = await wide.run("create", "cluster", "--help")
            expectFits(run.output, 120)
            #expect(run.output.split(separator: "\n").contains { $0.count > 80 })
        }
    }

    @Test(arguments: [[], ["help"], ["create"], ["help", "create"]]) func aVerbAloneIsAQuestion(_ arguments: [String]) async throws {
        try await Shell.with { shell in
            let run = await shell.run(arguments)
            let asked = await shell.run(arguments.filter { $0 != "help" } + ["--help"])
            #expect(run.code == 0 && run.output == asked.output && run.messages.isEmpty)
        }
    }

    @Test func versionIsPrinted() async throws {
        try await Shell.with { shell in
            let run = await shell.run("--version")
            #expect(run.code == 0)
            #expect(run.output.wholeMatch(of: /[0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func completionScriptsNameTheVerbs(_ shellName: String) async throws {
        try await Shell.with { shell in
            let run = await shell.run("--generate-completion-script", shellName)
            #expect(run.code == 0)
            for verb in ["create", "update", "delete", "validate", "kubeconfig", "machines"] {
                #expect(run.output.contains(verb), "\(verb)")
            }
        }
    }

    @Test func bashTakesTheCompletionScript() async throws {
        try await Shell.with { shell in
            let run = await shell.run("--generate-completion-script", "bash")
            let path = try shell.write(run.output, to: "slipway.bash")
            let bash = Process()
            bash.executableURL = URL(fileURLWithPath: "/bin/bash")
            bash.arguments = ["-n", path]
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                bash.terminationHandler = { _ in continuation.resume() }
                do { try bash.run() } catch { continuation.resume(throwing: error) }
            }
            #expect(bash.terminationStatus == 0)
        }
    }
}
