import ClusterModel
import Foundation
import PKI
import SimulatedCloud
import Testing

@testable import SlipwayCommands

/// `--recover` and what errors say of it.
@Suite struct RecoverTests {
    private func withCluster(_ body: (Shell) async throws -> Void) async throws {
        try await Shell.withCluster { shell in
            // The copy is another store.
            let uid = try #require(shell.world.with { $0.networks.keys.first })
            shell.world.network(uid) { $0.tags[Tag.store] = "file://\(shell.folder)/state" }
            try await body(shell)
        }
    }

    @Test func aLostStateSaysTheWayBackAndComesBack() async throws {
        try await withCluster { shell in
            let before = await shell.run("get", "machines", "demo").output
            try FileManager.default.removeItem(atPath: "\(shell.folder)/state/demo/state.json")
            for command in [["update", "cluster", "demo"], ["validate", "cluster", "demo"], ["ssh", "demo", "m"]] {
                let lost = await shell.run(command)
                #expect(lost.code == 66 && lost.messages.replacing("\n", with: " ").contains("--recover"), "\(lost.messages)")
            }
            let create = await shell.run(LifeTests.create + ["--yes"])
            #expect(create.code == 77 && create.messages.contains("--recover"), "\(create.messages)")
            let back = await shell.run("validate", "cluster", "demo", "--recover")
            #expect(back.code == 0, "\(back.messages)")
            #expect(back.messages.replacing("\n", with: " ").contains("rebuilt the state of cluster demo: 2 machines by their tags"))
            #expect(await shell.run("get", "machines", "demo").output == before)
        }
    }

    @Test func aKeyOfTheOperatorBringsAStoreBack() async throws {
        try await withCluster { shell in
            let key = SSHKeyPair()
            let set = await shell.run("set", "cluster", "demo", "access.sshPublicKeys=['\(key.authorizedKey(comment: "ann"))']")
            #expect(set.code == 0, "\(set.messages)")
            #expect(await shell.run("update", "cluster", "demo", "--yes").code == 0)
            try FileManager.default.removeItem(atPath: "\(shell.folder)/state")
            try FileManager.default.removeItem(atPath: "\(shell.folder)/key")

            let neither = await shell.run("update", "cluster", "demo", "--recover")
            #expect(neither.code == 77 && neither.messages.contains("--ssh-key FILE"), "\(neither.messages)")
            let path = try shell.write(key.privateKeyFile.revealText(), to: "operator")
            let command = ["update", "cluster", "demo", "--recover", "--ssh-key", path, "--yes"]
            try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
            let open = await shell.run(command)
            #expect(open.code == 77 && open.messages.contains("chmod 600"), "\(open.messages)")
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            let back = await shell.run(command)
            #expect(back.code == 0 && back.messages.contains("no changes"), "\(back.messages)")
            #expect(back.messages.contains("made the key \(shell.folder)/key"))
            #expect(!(back.output + back.messages).contains("PRIVATE KEY"))
            #expect(await shell.run("delete", "cluster", "demo", "--yes").code == 0)
            #expect(shell.world.isEmpty)
        }
    }

    @Test func whatIsMissingOrOutOfPlaceIsSaid() async throws {
        try await withCluster { shell in
            let alone = await shell.run("update", "cluster", "demo", "--ssh-key", "/none")
            #expect(alone.code == 64 && alone.messages.contains("--ssh-key belongs to --recover"))
            let none = await shell.run("update", "cluster", "demo", "--recover", "--ssh-key", "\(shell.folder)/none")
            #expect(none.code == 66 && none.messages.replacing(/\s+/, with: " ").contains("there is no such file"))
            let unknown = await shell.run("update", "cluster", "none", "--recover")
            #expect(unknown.code == 66 && unknown.messages.contains("neither the store nor"), "\(unknown.messages)")
        }
    }
}
