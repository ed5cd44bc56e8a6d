import ClusterModel
import Foundation
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import SlipwayCommands

/// What is remembered: looked at, moved, and sealed with another key.
@Suite struct StateCommandTests {
    // MARK: History and pull

    @Test func theHistorySaysWhatChanged() async throws {
        try await Shell.withCluster { shell in
            #expect(await shell.run("set", "cluster", "demo", "pools.nodes.count=2").code == 0)
            #expect(await shell.run("update", "cluster", "demo", "--yes").code == 0)
            let table = await shell.run("get", "state", "history", "demo")
            #expect(table.code == 0 && table.messages.isEmpty)
            let rows = table.output.split(separator: "\n")
            #expect(rows[0].hasPrefix("SERIAL   WRITTEN"))
            #expect(rows.contains { $0.contains("spec.pools[nodes].count: 1 -> 2") }, "\(table.output)")
            #expect(rows.last?.contains("now") == true && rows.last?.contains("demo-nodes-a-2 is new") == true, "\(table.output)")
            struct List: Decodable {
                struct Item: Decodable { var serial: Int, phase: String, machines: [String], changes: [String] }
                var kind: String, items: [Item]
            }
            let list = try JSONDecoder().decode(
                List.self, from: Data(await shell.run("get", "state", "history", "demo", "-o", "json").output.utf8))
            #expect(list.kind == "StateHistory" && list.items.map(\.serial) == list.items.map(\.serial).sorted())
            #expect(list.items.last?.machines.contains("demo-nodes-a-2") == true)

            // An earlier one is printed, and nothing takes it back.
            let first = try #require(list.items.dropLast().last)
            let old = await shell.run("state", "pull", "demo", "--serial", "\(first.serial)")
            #expect(old.code == 0 && !old.output.contains("demo-nodes-a-2"))
            let none = await shell.run("state", "pull", "demo", "--serial", "99999")
            #expect(none.code == 66 && none.messages.contains("there is none of serial 99999"))
            #expect(await shell.run("get", "state", "history", "other").code == 66)
        }
    }

    @Test func pullPrintsTheStateAndChangesNothing() async throws {
        try await Shell.withCluster { shell in
            let before = try FolderCopy(of: shell.folder).digest
            let run = await shell.run("state", "pull", "demo")
            #expect(run.code == 0 && run.messages.isEmpty)
            let value = try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
            #expect(JSONSchemaValidator(StateJSONSchema.pulled).problems(value) == [])
            #expect(value["desired"]?["metadata"]?["name"]?.text == "demo")
            #expect(await shell.run("state", "pull", "demo", "-o", "yaml").output.contains("lineage: "))
            #expect(try FolderCopy(of: shell.folder).digest == before, "reading changes nothing")
            #expect(await shell.run("state", "push", "demo").code == 64, "nothing writes a state")
        }
    }

    @Test(arguments: [("state", "a state document"), ("journal", "a line of the journal")])
    func theirSchemasArePrinted(_ name: String, _ what: String) async throws {
        try await Shell.with { shell in
            let run = await shell.run("schema", name)
            #expect(run.code == 0 && run.messages.isEmpty)
            let printed = try JSONDecoder().decode(JSONValue.self, from: Data(run.output.utf8))
            #expect(printed == (name == "state" ? StateJSONSchema.document : StateJSONSchema.journalLine), "\(what)")
        }
    }

    // MARK: Move

    @Test func aStateMovesToAnotherStore() async throws {
        try await Shell.withCluster { shell in
            let other = "\(shell.folder)/elsewhere"
            let pulled = await shell.run("state", "pull", "demo").output
            let run = await shell.run("state", "move", "demo", "--to", other)
            #expect(run.code == 0, "\(run.messages)")
            #expect(run.messages.contains("moved cluster demo to file://\(other)"))
            #expect(await shell.run("get", "cluster", "demo").code == 66, "it is nowhere else")
            #expect(!shell.exists("state/demo/secrets.enc"))
            var there = shell
            there.environment["SLIPWAY_STATE"] = other
            let after = await there.run("state", "pull", "demo").output
            func withoutSerial(_ text: String) -> String { text.replacing(/"serial" : [0-9]+/, with: "") }
            #expect(withoutSerial(after) == withoutSerial(pulled))
            #expect(await there.run("validate", "cluster", "demo").code == 0)
            let update = await there.run("update", "cluster", "demo", "--yes")
            #expect(update.code == 0 && update.messages.contains("no changes"), "\(update.messages)")
            #expect(await there.run("delete", "cluster", "demo", "--yes").code == 0)
            #expect(shell.world.isEmpty)
        }
    }

    @Test func aMoveThatWasCutShortIsEndedOrTakenBack() async throws {
        try await Shell.withCluster { shell in
            let other = "\(shell.folder)/elsewhere"
            let store = FileStateStore(root: "\(shell.folder)/state", keyFile: KeyFile(path: "\(shell.folder)/key"))
            func announce() async throws {
                try await store.withLock("demo", as: .current(operation: "test", version: "0")) { session in
                    try await session.record(.moving(to: "file://\(other)"))
                }
            }
            // Killed after the announcement: nothing else works here, and everything can be read.
            try await announce()
            for words in [
                ["update", "cluster", "demo", "--yes"], ["delete", "cluster", "demo", "--yes"],
                ["set", "cluster", "demo", "pools.nodes.count=2"],
            ] {
                let run = await shell.run(words)
                #expect(run.code == 77, "\(words)")
                #expect(
                    run.messages.replacing(/\s+/, with: " ").contains("slipway state move demo --to file://\(other)"), "\(run.messages)")
            }
            #expect(await shell.run("get", "clusters").output.contains("moving"))
            let elsewhere = await shell.run("state", "move", "demo", "--to", "\(shell.folder)/third")
            #expect(elsewhere.code == 77 && elsewhere.messages.contains("began and did not end"), "\(elsewhere.messages)")
            let back = await shell.run("state", "move", "demo", "--to", "\(shell.folder)/state")
            #expect(back.code == 0 && back.messages.contains("took the move back"), "\(back.messages)")
            #expect(await shell.run("update", "cluster", "demo", "--yes").code == 0)

            // Killed when the state was there and the secrets were not: it cannot be taken back, and it can be ended.
            try await announce()
            let target = FileStateStore(root: other, keyFile: KeyFile(path: "\(shell.folder)/key"))
            var arriving = try #require(try await store.readState("demo"))
            arriving.movingTo = nil
            try await target.withLock("demo", as: .current(operation: "test", version: "0")) { [arriving] in try await $0.create(arriving) }
            #expect(await shell.run("state", "move", "demo", "--to", "\(shell.folder)/state").code == 77)
            #expect(await shell.run("state", "move", "demo", "--to", other).code == 0)
            #expect(try await target.readSecrets("demo") != nil)
            #expect(try await store.readState("demo") == nil)
        }
    }

    @Test func aMoveTakesNobodysPlace() async throws {
        try await Shell.withCluster { shell in
            let target = FileStateStore(root: "\(shell.folder)/elsewhere", keyFile: KeyFile(path: "\(shell.folder)/key"))
            try await target.withLock("demo", as: .current(operation: "test", version: "0")) { session in
                try await session.create(ClusterState(lineage: "another", uid: "0a1b2c3d", desired: Fixtures.cluster()))
            }
            let taken = await shell.run("state", "move", "demo", "--to", "\(shell.folder)/elsewhere")
            #expect(taken.code == 73 && taken.messages.contains("another cluster of that name"), "\(taken.messages)")
            #expect(await shell.run("state", "move", "demo", "--to", "\(shell.folder)/state").code == 64)
            #expect(await shell.run("state", "move", "none", "--to", "\(shell.folder)/third").code == 66)
            #expect(await shell.run("update", "cluster", "demo", "--yes").code == 0, "nothing was begun")
        }
    }

    // MARK: Keys

    @Test func theKeyIsRotated() async throws {
        try await Shell.withCluster { shell in
            let before = try String(contentsOfFile: "\(shell.folder)/key", encoding: .utf8)
            let run = await shell.run("state", "rotate-key")
            #expect(run.code == 0, "\(run.messages)")
            #expect(run.messages.contains("the secrets of demo are encrypted with the key"))
            let lines = try String(contentsOfFile: "\(shell.folder)/key", encoding: .utf8).split(separator: "\n").filter {
                !$0.hasPrefix("#")
            }
            #expect(lines.count == 2)
            #expect(before.contains(lines[1]) && !before.contains(lines[0]))
            #expect(await shell.run("update", "cluster", "demo", "--yes").messages.contains("no changes"))
            // The old key alone opens nothing any more.
            try FileManager.default.removeItem(atPath: "\(shell.folder)/key")
            _ = try shell.write(before, to: "key")
            chmod("\(shell.folder)/key", 0o600)
            #expect(await shell.run("export", "kubeconfig", "demo").code == 77)
        }
    }

    @Test func aPassphraseTakesThePlaceOfTheKeyFile() async throws {
        try await Shell.withCluster { original in
            let file = try original.write("correct horse battery\n", to: "passphrase")
            chmod(file, 0o600)
            let run = await original.run("state", "rotate-key", "demo", "--new-passphrase-file", file)
            #expect(run.code == 0, "\(run.messages)")
            try FileManager.default.removeItem(atPath: "\(original.folder)/key")

            let none = await original.run("export", "kubeconfig", "demo")
            #expect(none.code == 66 && none.messages.replacing(/\s+/, with: " ").contains("there is nobody to ask"), "\(none.messages)")
            #expect(await original.run("get", "machines", "demo").code == 0, "what needs no secret works without")
            #expect(await original.run("export", "kubeconfig", "demo", "--passphrase-file", file).code == 0)
            var shell = original
            shell.environment["SLIPWAY_PASSPHRASE"] = "correct horse battery"
            #expect(await shell.run("update", "cluster", "demo", "--yes").messages.contains("no changes"))
            shell.environment["SLIPWAY_PASSPHRASE"] = "another horse battery"
            #expect(await shell.run("export", "kubeconfig", "demo").code == 77)
            shell.environment["SLIPWAY_PASSPHRASE"] = nil
            shell.environment["SLIPWAY_PASSPHRASE_FILE"] = file
            #expect(await shell.run("export", "kubeconfig", "demo").code == 0)
            // Asked for on a terminal.
            var asked = original
            asked.hiddenAnswers = ["correct horse battery"]
            #expect(await asked.run("export", "kubeconfig", "demo").code == 0)
            // What comes next has to be said.
            let next = await shell.run("state", "rotate-key", "demo")
            #expect([64, 66].contains(next.code), "\(next.messages)")
            asked.hiddenAnswers = ["correct horse battery", "seven words that nobody knows", "seven words that nobody knew"]
            let differing = await asked.run("state", "rotate-key", "demo", "--new-passphrase-file", "-")
            #expect(differing.code == 64 && differing.messages.contains("the two differ"), "\(differing.messages)")
            asked.hiddenAnswers = ["correct horse battery", "seven words that nobody knows", "seven words that nobody knows"]
            #expect(await asked.run("state", "rotate-key", "demo", "--new-passphrase-file", "-").code == 0)
            #expect(await shell.run("export", "kubeconfig", "demo").code == 77)
            #expect(await original.run("state", "rotate-key", "--new-passphrase-file", file, "--new-key-file", "x").code == 64)
        }
    }

    @Test func aKMSKeyIsNamedAndNotReached() async throws {
        try await Shell.withCluster { original in
            #expect(await original.run("export", "kubeconfig", "demo", "--kms-key", "no name").code == 64)
            #expect(await original.run("state", "rotate-key", "--new-kms-key", "alias/x", "--new-key-file", "x").code == 64)
            var shell = original
            shell.environment["SLIPWAY_KMS_KEY"] = "alias/slipway"
            #expect(await shell.run("export", "kubeconfig", "demo").code == 0, "the key file goes on opening what it sealed")
        }
    }

    /// A whole life with a store on S3 and keys of KMS, by a server that speaks as both do.
    @Test(.enabled(if: S3Server.python != nil, "$SLIPWAY_TEST_S3_PYTHON names a Python with the server"))
    func aKMSKeySealsTheSecretsOfAStoreOnS3() async throws {
        let server = try S3Server()
        defer { withExtendedLifetime(server) {} }
        let first = try server.makeKMSKey(alias: "alias/slipway")
        let second = try server.makeKMSKey()
        try await Shell.with { original in
            var shell = original
            shell.environment.merge(server.environment) { $1 }
            shell.environment["AWS_ENDPOINT_URL"] = server.url
            shell.environment["SLIPWAY_STATE"] = "s3://\(server.bucket)/\(UUID().uuidString.lowercased())"
            func run(_ words: String..., code: Int32 = 0, says: String? = nil, sourceLocation: SourceLocation = #_sourceLocation) async {
                let run = await shell.run(words)
                let said = run.messages.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                let isSaid = says.map { said.contains($0) } ?? true
                #expect(run.code == code && isSaid, "\(words): \(run.code): \(run.messages)", sourceLocation: sourceLocation)
            }
            let created = await shell.run(LifeTests.create + ["--yes", "--kms-key", "alias/slipway"])
            #expect(created.code == 0 && !created.messages.contains("made the key"), "\(created.messages)")
            #expect(!shell.exists("key"), "no key file is made")
            await run("get", "machines", "demo")
            await run("update", "cluster", "demo", "--yes", code: 66, says: "\(first) encrypted them, and none is named")

            shell.environment["SLIPWAY_KMS_KEY"] = "alias/slipway"
            await run("update", "cluster", "demo", "--yes", says: "no changes")
            await run("state", "rotate-key", "demo", "--new-kms-key", second, says: "the secrets of demo are encrypted with the key")
            shell.environment["SLIPWAY_KMS_KEY"] = first
            await run("export", "kubeconfig", "demo", code: 77, says: "is not the KMS key that encrypted them: that is \(second)")
            // What is said here and now comes before what is set.
            await run("export", "kubeconfig", "demo", "--kms-key", second)

            shell.environment["SLIPWAY_KMS_KEY"] = second
            await run("state", "rotate-key", code: 66, says: "\(shell.folder)/key")
            await run("state", "rotate-key", "--new-kms-key", "alias/none", code: 66)
            await run("update", "cluster", "demo", "--yes", says: "no changes")
            await run("state", "rotate-key", "--new-key-file", "\(shell.folder)/key")
            shell.environment["SLIPWAY_KMS_KEY"] = nil
            await run("update", "cluster", "demo", "--yes", says: "no changes")
            await run("delete", "cluster", "demo", "--yes")
            #expect(shell.world.isEmpty)
        }
    }

    @Test func aClusterIsCreatedWithAPassphrase() async throws {
        try await Shell.with { original in
            var shell = original
            shell.environment["SLIPWAY_PASSPHRASE"] = "correct horse battery"
            let run = await shell.run(LifeTests.create + ["--yes"])
            #expect(run.code == 0, "\(run.messages)")
            #expect(!shell.exists("key") && !run.messages.contains("made the key"))
            #expect(await shell.run("delete", "cluster", "demo", "--yes").code == 0)
            shell.environment["SLIPWAY_PASSPHRASE"] = "too short"
            let short = await shell.run(LifeTests.create + ["--yes"])
            #expect(short.code != 0 && short.messages.contains("fewer than 12 characters") && shell.world.isEmpty, "\(short.messages)")
        }
    }

    /// Everything that needs no secret works without the key.
    @Test func withoutTheKeyTheRestWorks() async throws {
        try await Shell.withCluster { shell in
            try FileManager.default.removeItem(atPath: "\(shell.folder)/key")
            let run = try #require(await shell.run("get", "runs", "demo").output.split(separator: "\n").first.map(String.init))
            for words in [
                ["get", "clusters"], ["get", "cluster", "demo"], ["get", "pools", "demo"], ["get", "machines", "demo"],
                ["get", "spec", "demo"],
                ["get", "runs", "demo"], ["get", "runs", "demo", run], ["get", "state", "history", "demo"], ["get", "instance-types"],
                ["state", "pull", "demo"], ["set", "cluster", "demo", "deletionProtection=true"],
                ["set", "cluster", "demo", "deletionProtection=false"], ["schema"], ["delete", "cluster", "demo"],
            ] {
                let run = await shell.run(words)
                #expect(run.code == 0, "\(words): \(run.messages)")
            }
            for words in [["update", "cluster", "demo", "--yes"], ["export", "kubeconfig", "demo"], ["state", "rotate-key", "demo"]] {
                let run = await shell.run(words)
                #expect(run.code == 66, "\(words): \(run.code) \(run.messages)")
                #expect(run.messages.replacing(/\s+/, with: " ").contains("key"), "\(run.messages)")
            }
            #expect(!shell.exists("key"), "no new key in the place of the lost one")
            #expect(await shell.run("delete", "cluster", "demo", "--yes").code == 0, "and the cluster can be deleted")
            #expect(shell.world.isEmpty)
        }
    }
}
