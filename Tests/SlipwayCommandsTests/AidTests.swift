import ArgumentParser
import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import SlipwayCommands

/// What helps people at their shells and editors: completion, manual pages, schema.
@Suite(.serialized) struct AidTests {
    /// As a completion script asks: the words of the line, and which argument is being completed.
    private func completions(_ shell: Shell, _ command: [String], _ argument: String, _ words: [String], prefix: String = "") async
        -> [String]
    {
        let index = words.count
        let run = await shell.run(["---completion"] + command + ["--", argument, "\(index)", "\(prefix.count)"] + words + [prefix])
        #expect(run.code == 0, "\(run.messages)")
        // Once anything in this process has made the script of zsh, a blank one comes besides, which that script removes.
        return run.output.split(separator: "\n").map(String.init).filter { $0 != " " }
    }

    @Test func namesThatExistAreCompleted() async throws {
        try await Shell.withCluster { shell in
            // The clock's numbers begin again with every shell, and two clusters must not have the same.
            _ = shell.clock.context.randomHex(5)
            let other = await shell.run("create", "cluster", "other", "--cloud", "local", "--assets", "/mirror")
            #expect(other.code == 0, "\(other.messages)")
            let clusters = await completions(shell, ["get", "machines"], "positional@0", ["slipway", "get", "machines"])
            #expect(clusters == ["demo", "other"])
            let some = await completions(shell, ["delete", "cluster"], "positional@0", ["slipway", "delete", "cluster"], prefix: "o")
            #expect(some == ["other"])
            let machines = await completions(shell, ["ssh"], "positional@1", ["slipway", "ssh", "demo"])
            #expect(machines == ["demo-control-plane-a-1", "demo-nodes-a-1"])
            #expect(await completions(shell, ["ssh"], "positional@1", ["slipway", "ssh", "other"]).isEmpty)
            let elsewhere = ["slipway", "get", "machines", "--state", "\(shell.folder)/none"]
            #expect(await completions(shell, ["get", "machines"], "positional@0", elsewhere).isEmpty)
        }
    }

    @Test(arguments: ["control-plane-size", "node-size"]) func instanceTypesAreCompleted(_ option: String) async throws {
        try await Shell.with { shell in
            let words = ["slipway", "create", "cluster", "demo", "--cloud", "local", "--\(option)"]
            let all = await completions(shell, ["create", "cluster"], "--\(option)", words)
            #expect(all == ["local.small", "local.medium", "local.large"])
            #expect(await completions(shell, ["create", "cluster"], "--\(option)", words, prefix: "local.m") == ["local.medium"])
        }
    }

    @Test(arguments: ["bash", "zsh", "fish"]) func theVerbPrintsTheScript(_ name: String) async throws {
        try await Shell.with { shell in
            let verb = await shell.run("completion", name)
            let option = await shell.run("--generate-completion-script", name)
            #expect(verb.code == 0 && verb.output == option.output && verb.messages.isEmpty)
            #expect(verb.output.contains("---completion"), "names are asked for")
            #expect(await shell.run("completion", "tcsh").code == 64)
        }
    }

    @Test func everyCommandHasAManualPage() async throws {
        try await Shell.with { shell in
            let run = await shell.run("man", "\(shell.folder)/man1")
            #expect(run.code == 0, "\(run.messages)")
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(shell.folder)/man1")
            #expect(Set(files) == Set(HelpTests.commands.map { (["slipway"] + $0).joined(separator: "-") + ".1" }))
            for (file, golden) in [("slipway-update-cluster.1", "man/slipway-update-cluster.1"), ("slipway.1", "man/slipway.1")] {
                try Golden.expect(
                    String(contentsOfFile: "\(shell.folder)/man1/\(file)", encoding: .utf8)
                        .replacing(SlipwayVersion.text, with: "VERSION"), equals: golden)
            }
            for path in HelpTests.commands {
                let page = try String(
                    contentsOfFile: "\(shell.folder)/man1/\((["slipway"] + path).joined(separator: "-")).1", encoding: .utf8)
                // Every option of the help is in the page, and the other way round.
                let help = await shell.run(path + ["--help"]).output
                for option in help.matches(of: /(?m)^  (?:-[a-z], )?(--[a-z-]+)/).map({ String($0.1) }) {
                    #expect(page.contains(ManPage.escaped(option)), "\(path): \(option)")
                }
            }
            let denied = await shell.run("man", "/proc/none")
            #expect(denied.code == 1 && denied.messages.contains("writing the manual pages"))
        }
    }

    @Test func theSchemaIsPrinted() async throws {
        try await Shell.with { shell in
            let run = await shell.run("schema")
            #expect(run.code == 0 && run.messages.isEmpty)
            let printed = try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
            #expect(printed == SpecJSONSchema.document)
        }
    }
}
