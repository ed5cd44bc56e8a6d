import ClusterModel
import Foundation
import Glibc
import StateStore
import Subprocess
import SystemPackage
import TestSupport
import Testing

@testable import SimulatedCloud

/// The built program, as real processes that kill themselves with SIGKILL: nothing of theirs runs afterwards, and what is on
/// disk is all that the next one has.
@Suite(.serialized, .enabled(if: ProgramStage.binary != nil, "$SLIPWAY_TEST_BINARY names the program")) struct ProcessKillTests {
    @Test(arguments: Scenario.tried)
    func aKilledProcessIsFollowedByOneThatConverges(_ scenario: Scenario) async throws {
        let beginning = try await ProgramStage.beginning(of: scenario)
        let (wanted, count) = try await beginning.stage { stage in
            try await stage.run(scenario, ["SLIPWAY_SIMULATED_TRACE": "\(stage.folder)/trace"]).expect(0)
            let trace = try String(contentsOfFile: "\(stage.folder)/trace", encoding: .utf8)
            return (try await stage.picture(scenario), trace.split(separator: "\n").count)
        }
        // Spread over all of them, both ends included.
        let wishes = scenario.wish == .create ? 28 : scenario.times(15, roll: 8)
        let points = (0..<wishes).map { 1 + $0 * (count - 1) / (wishes - 1) }
        let wrongs = try await concurrently(points) { last in
            try await beginning.stage { stage in try await kill(at: last, scenario, stage, wanted: wanted) }
        }
        let failed = wrongs.filter { !$0.isEmpty }
        print("crash matrix: \(scenario): \(points.count) of \(count) points by SIGKILL, \(points.count - failed.count) converged")
        for wrongs in failed.prefix(5) { Issue.record("\(wrongs.joined(separator: "\n  "))") }
        #expect(failed.isEmpty, "\(failed.count) of \(points.count) points")
    }

    /// What is wrong in the end.
    private func kill(at last: Int, _ scenario: Scenario, _ stage: ProgramStage, wanted: Picture) async throws -> [String] {
        let killed = try await stage.run(
            scenario, ["SLIPWAY_SIMULATED_KILL": "\(last)", "SLIPWAY_SIMULATED_TRACE": "\(stage.folder)/trace"])
        let trace = try String(contentsOfFile: "\(stage.folder)/trace", encoding: .utf8)
        var wrongs: [String] = []
        if killed.signal != SIGKILL { wrongs.append("it was not killed: \(killed)") }
        let secrets = try await stage.store.readSecrets("demo")
        let again = try await stage.run(scenario, [:])
        let isOver = scenario.wish == .delete && again.status == 66
        if again.status != 0, !isOver { wrongs.append("the same again: \(again)") }
        wrongs += Picture.wrongs(try stage.contents(), try await stage.store.readState("demo"))
        wrongs += try await stage.picture(scenario).differences(from: wanted)
        if scenario.wish == .delete {
            let third = try await stage.run(scenario, [:])
            if third.status != 66 { wrongs.append("a second delete finds something: \(third)") }
        } else {
            if let secrets, try await stage.store.readSecrets("demo") != secrets { wrongs.append("the secrets were made anew") }
            let update = try await stage.slipway(["update", "cluster", "demo", "--yes"])
            if update.status != 0 || !update.errors.contains("no changes") { wrongs.append("the next update: \(update)") }
        }
        return wrongs.isEmpty ? [] : ["killed at \(last), \(trace.split(separator: "\n").last ?? "")"] + wrongs
    }
}

/// A folder with a store, a simulated world in a file, and the program to run on both.
struct ProgramStage: Sendable {
    let folder: String

    static let binary = ProcessInfo.processInfo.environment["SLIPWAY_TEST_BINARY"]

    struct Beginning: Sendable {
        var files: FolderCopy

        func stage<Result: Sendable>(_ body: @Sendable (ProgramStage) async throws -> Result) async throws -> Result {
            try await Stage.withFolder { folder in
                try files.write(to: folder)
                return try await body(ProgramStage(folder: folder))
            }
        }
    }

    struct Ended: Sendable, CustomStringConvertible {
        var status: Int32?
        var signal: Int32?
        var errors: String

        var description: String { "status \(status ?? -1), signal \(signal ?? 0): \(errors.suffix(1500))" }

        func expect(_ wanted: Int32) throws {
            guard status == wanted else { throw Failure(description: "\(self)") }
        }
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static func beginning(of scenario: Scenario) async throws -> Beginning {
        try await Stage.withFolder { folder in
            let stage = ProgramStage(folder: folder)
            if let before = scenario.before {
                try stage.write(before)
                try await stage.slipway(["create", "cluster", "demo", "-f", "\(folder)/demo.yaml", "--yes"]).expect(0)
            }
            return Beginning(files: try FolderCopy(of: folder))
        }
    }

    private func write(_ cluster: Cluster) throws {
        try Data(SpecEncoder.yaml(cluster).utf8).write(to: URL(fileURLWithPath: "\(folder)/demo.yaml"))
    }

    /// The file of what a scenario wants.
    func write(_ scenario: Scenario) throws { try write(scenario.wanted) }

    func run(_ scenario: Scenario, _ environment: [String: String], _ more: [String] = []) async throws -> Ended {
        try write(scenario)
        return try await slipway(scenario.arguments(folder: folder) + more, environment)
    }

    func environment(_ more: [String: String]) -> [String: String] {
        [
            "HOME": folder, "PATH": "/usr/bin:/bin", "SLIPWAY_STATE": "\(folder)/state", "SLIPWAY_KEY_FILE": "\(folder)/key",
            "KUBECONFIG": "\(folder)/kubeconfig",
        ].merging(more) { $1 }
    }

    func slipway(_ arguments: [String], _ more: [String: String] = [:]) async throws -> Ended {
        let environment = environment(more)
        let result = try await Subprocess.run(
            .path(FilePath(Self.binary ?? "")), arguments: Arguments(arguments),
            environment: .custom(Dictionary(uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0.key), $0.value) })),
            input: .none, output: .discarded, error: .string(limit: 1 << 20))
        return switch result.terminationStatus {
        case .exited(let code): Ended(status: code, errors: result.standardError)
        case .signaled(let signal): Ended(signal: signal, errors: result.standardError)
        }
    }

    // MARK: What is there

    var store: FileStateStore { FileStateStore(root: "\(folder)/state", keyFile: KeyFile(path: "\(folder)/key")) }

    var worldPath: String { "\(folder)/state/.simulated-world.json" }

    func contents() throws -> SimulatedWorld.Contents {
        try SimulatedWorld(file: WorldFile(path: worldPath)).transaction { $0 }
    }

    func picture(_ scenario: Scenario) async throws -> Picture {
        Picture(try contents(), try await store.readState("demo"), namesRanges: scenario.wish == .roll)
    }
}

extension Scenario {
    /// What a person types, with the spec in a file of that folder.
    func arguments(folder: String) -> [String] {
        switch wish {
        case .create: ["create", "cluster", "demo", "-f", "\(folder)/demo.yaml", "--yes"]
        case .roll: ["rolling-update", "cluster", "demo", "-f", "\(folder)/demo.yaml", "--yes"]
        case .update: ["update", "cluster", "demo", "-f", "\(folder)/demo.yaml", "--yes"]
        case .delete: ["delete", "cluster", "demo", "--yes"]
        }
    }
}
