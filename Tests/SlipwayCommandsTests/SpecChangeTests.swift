import ClusterModel
import Foundation
import SimulatedCloud
import StateStore
import TestSupport
import Testing

@testable import SlipwayCommands

/// `set`, `edit` and `unlock`.
@Suite struct SpecChangeTests {
    private func withSpec(_ body: (Shell) async throws -> Void) async throws {
        try await Shell.with { shell in
            #expect(await shell.run("create", "cluster", "demo", "-f", "-", input: UsageTests.spec).code == 0)
            try await body(shell)
        }
    }

    @Test(arguments: [
        ("spec.pools[nodes].count=4", "spec.pools[nodes].count: 3 -> 4"), ("pools.nodes.count=4", "spec.pools[nodes].count: 3 -> 4"),
        ("pools[0].count=4", "spec.pools[nodes].count: 3 -> 4"),
        ("spec.deletionProtection=true", "spec.deletionProtection: false -> true"),
        ("pools.nodes.labels[example.com/tier]=web", "spec.pools[nodes].labels[example.com/tier]: web"),
        ("access.api=[10.0.0.0/8, 192.168.0.0/16]", "spec.access.api: [10.0.0.0/8] -> [10.0.0.0/8, 192.168.0.0/16]"),
        (
            "pools.nodes.taints=[{key: dedicated, value: gpu, effect: NoSchedule}]",
            "spec.pools[nodes].taints: [] -> [dedicated=gpu:NoSchedule]"
        ),
        ("pools.nodes.update.drainTimeout=5m", "spec.pools[nodes].update.drainTimeout: 15m -> 5m"),
    ]) func aFieldIsSetByItsPath(_ assignment: String, _ difference: String) async throws {
        try await withSpec { shell in
            let run = await shell.run("set", "cluster", "demo", assignment)
            #expect(run.code == 0, "\(run.messages)")
            #expect(run.messages == "  \(difference)\nstored the spec of cluster demo; next: slipway update cluster demo\n")
            let again = await shell.run("set", "cluster", "demo", assignment)
            #expect(again.messages == "no changes: this is the stored spec of cluster demo\n")
            #expect(shell.world.isEmpty)
        }
    }

    @Test(arguments: [
        ("count", 64, "is no assignment"), ("=3", 64, "is no assignment"), ("pools[nodes.count=3", 64, "is no assignment"),
        ("pools..count=3", 64, "is no path"), ("pools[workers].count=3", 64, "has no 'workers'"),
        ("pools.nodes.count.more=3", 64, "has no fields"), ("pools.nodes.count=many", 65, "expected a whole number"),
        ("pools.nodes.cuont=3", 65, "did you mean 'count'?"), ("pools.nodes.count=-1", 65, "cannot have -1 machines"),
        ("metadata.name=other", 65, "'other'"), ("access.api=[", 64, "is not YAML"),
    ]) func whatIsWrongIsSaidAndNothingIsStored(_ assignment: String, _ code: Int32, _ words: String) async throws {
        try await withSpec { shell in
            let before = await shell.run("get", "spec", "demo").output
            // All or none: the first would be right.
            let run = await shell.run("set", "cluster", "demo", "deletionProtection=true", assignment)
            #expect(run.code == code, "\(run.messages)")
            #expect(run.messages.replacing(/\s+/, with: " ").contains(words), "\(run.messages)")
            #expect(await shell.run("get", "spec", "demo").output == before)
        }
    }

    @Test func protectionIsLiftedTheWayTheRefusalSays() async throws {
        try await withSpec { shell in
            #expect(await shell.run("set", "cluster", "demo", "deletionProtection=true").code == 0)
            let refused = await shell.run("delete", "cluster", "demo", "--yes")
            #expect(refused.code == 77)
            #expect(refused.messages.contains("try: lift it first: slipway set cluster demo spec.deletionProtection=false"))
            #expect(await shell.run("set", "cluster", "demo", "spec.deletionProtection=false").code == 0)
            #expect(await shell.run("delete", "cluster", "demo", "--yes").code == 0)
        }
    }

    // MARK: edit

    private func edit(_ shell: Shell, _ script: String, answers: [String] = []) async throws -> Shell.Run {
        var shell = shell
        shell.environment["PATH"] = "/usr/bin:/bin"
        shell.environment["EDITOR"] = "sh " + (try shell.write(script, to: "editor.sh"))
        shell.answers = answers
        return await shell.run("edit", "cluster", "demo")
    }

    private func kept(_ run: Shell.Run) throws -> String {
        let path = try #require(run.messages.firstMatch(of: /is kept in (\S+);/)).1
        defer { try? FileManager.default.removeItem(atPath: (String(path) as NSString).deletingLastPathComponent) }
        return try String(contentsOfFile: String(path), encoding: .utf8)
    }

    @Test func whatIsEditedIsStored() async throws {
        try await withSpec { shell in
            let run = try await edit(shell, "sed -i 's/count: 3/count: 4/' \"$1\"\n")
            #expect(run.code == 0, "\(run.messages)")
            #expect(run.messages.contains("spec.pools[nodes].count: 3 -> 4") && run.messages.contains("next: slipway update cluster demo"))
            #expect(await shell.run("get", "spec", "demo").output.contains("count: 4"))
            let same = try await edit(shell, "true\n")
            #expect(same.code == 0 && same.messages.contains("no changes"))
        }
    }

    @Test func aMistakeIsShownAndTheFileIsKept() async throws {
        try await withSpec { shell in
            let run = try await edit(shell, "sed -i 's/count: 3/count: three/' \"$1\"\n")
            #expect(run.code == 65)
            #expect(run.messages.contains("count: three") && run.messages.contains("^"), "line and caret: \(run.messages)")
            #expect(try kept(run).contains("count: three"))
            #expect(await shell.run("get", "spec", "demo").output.contains("count: 3"))
        }
    }

    @Test func aMistakeIsMendedInTheSameFile() async throws {
        try await withSpec { shell in
            let script = "if grep -q three \"$1\"; then sed -i 's/three/5/' \"$1\"; else sed -i 's/count: 3/count: three/' \"$1\"; fi\n"
            let run = try await edit(shell, script, answers: [""])
            #expect(run.code == 0, "\(run.messages)")
            #expect(run.messages.contains("press Enter to open the file again") && run.messages.contains("spec.pools[nodes].count: 3 -> 5"))
            let left = try await edit(shell, "echo nonsense >> \"$1\"\n", answers: ["q"])
            #expect(left.code == 65)
            #expect(try kept(left).contains("nonsense"))
        }
    }

    @Test func anEditorThatFailsChangesNothing() async throws {
        try await withSpec { shell in
            let run = try await edit(shell, "exit 3\n")
            #expect(run.code == 1 && run.messages.contains("ended with 3") && !run.messages.contains("is kept"))
            let written = try await edit(shell, "echo '# a note' >> \"$1\"; exit 1\n")
            #expect(written.code == 1)
            #expect(try kept(written).contains("# a note"), "what was written is not lost")
        }
    }

    @Test func whatSomebodyElseStoredMeanwhileIsNotOverwritten() async throws {
        try await withSpec { shell in
            let document = "\(shell.folder)/state/demo/state.json"
            #expect(await shell.run("set", "cluster", "demo", "pools.nodes.count=7").code == 0)
            let newer = try Data(contentsOf: URL(fileURLWithPath: document))
            #expect(await shell.run("set", "cluster", "demo", "pools.nodes.count=3").code == 0)
            let copy = "\(shell.folder)/newer.json"
            try newer.write(to: URL(fileURLWithPath: copy))
            let run = try await edit(
                shell, "cp \(copy) \(document); rm -f \(shell.folder)/state/demo/journal.jsonl; sed -i 's/count: 3/count: 4/' \"$1\"\n")
            #expect(run.code == 75, "\(run.messages)")
            #expect(
                run.messages.replacing(/\s+/, with: " ").contains("somebody else changed it meanwhile: spec.pools[nodes].count: 3 -> 7"))
            #expect(try kept(run).contains("count: 4"))
        }
    }

    // MARK: unlock

    @Test func aLockIsRemovedByItsExactIDOnceItsProcessIsGone() async throws {
        try await withSpec { shell in
            #expect(await shell.run("unlock", "demo", "abc").code == 66, "there is none")
            let store = FileStateStore(root: "\(shell.folder)/state", keyFile: KeyFile(path: "\(shell.folder)/key"))
            let owner = LockInfo.current(operation: "update cluster demo", version: "0")
            let session = try await store.lock("demo", as: owner, timeout: .zero, waiting: { _ in })
            let other = await shell.run("unlock", "demo", "abc")
            #expect(other.code == 77 && other.messages.contains(owner.id))
            let held = await shell.run("unlock", "demo", owner.id)
            #expect(held.code == 77 && held.messages.contains("which is alive"), "\(held.messages)")
            await session.abandon()
            let left = await shell.run("unlock", "demo", owner.id)
            #expect(left.code == 0, "\(left.messages)")
            #expect(await shell.run("unlock", "demo", owner.id).code == 66)
        }
    }
}
