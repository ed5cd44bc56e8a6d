import ClusterModel
import Foundation
import Glibc
import StateStore
import TestSupport
import Testing

@testable import SimulatedCloud

/// The built program on a store on S3, a real server; and many of it at once on either kind of store.
@Suite(.serialized, .enabled(if: ProgramStage.binary != nil, "$SLIPWAY_TEST_BINARY names the program"))
struct SharedStoreTests {
    enum Kind: String, Sendable, CaseIterable {
        case folder, s3
    }

    /// What is told to the program about the store.
    private static func environment(_ kind: Kind, _ stage: ProgramStage, prefix: String) throws -> [String: String] {
        switch kind {
        case .folder: return [:]
        case .s3:
            let server = try S3Server.shared
            return server.environment.merging([
                "SLIPWAY_STATE": "s3://\(server.bucket)/\(prefix)", "SLIPWAY_S3_LEASE": "3",
                "SLIPWAY_SIMULATED_WORLD": stage.worldPath,
            ]) { $1 }
        }
    }

    private static func store(_ kind: Kind, _ stage: ProgramStage, prefix: String) throws -> any StateStore {
        switch kind {
        case .folder: return stage.store
        case .s3:
            let server = try S3Server.shared
            return try S3StateStore(
                bucket: server.bucket, prefix: prefix, key: SecretsKey(keyFile: KeyFile(path: "\(stage.folder)/key")),
                environment: server.environment)
        }
    }

    private static let create = Scenario.all(masters: 1)[0]

    /// An uninterrupted create: what comes of it, and the failpoints on its way.
    private func wanted(_ kind: Kind, _ more: [String] = []) async throws -> (picture: Picture, trace: [String]) {
        try await Stage.withFolder { folder in
            let stage = ProgramStage(folder: folder)
            let prefix = UUID().uuidString.lowercased()
            var environment = try Self.environment(kind, stage, prefix: prefix)
            environment["SLIPWAY_SIMULATED_TRACE"] = "\(folder)/trace"
            try await stage.run(Self.create, environment, more).expect(0)
            let trace = try String(contentsOfFile: "\(folder)/trace", encoding: .utf8).split(separator: "\n").map(String.init)
            let state = try await Self.store(kind, stage, prefix: prefix).readState("demo")
            return (Picture(try stage.contents(), state, namesRanges: false), trace)
        }
    }

    @Test func aKilledCreateOnS3IsFollowedByOneThatConverges() async throws {
        let (picture, trace) = try await wanted(.s3)
        let count = trace.count
        let points = (0..<10).map { 1 + $0 * (count - 1) / 9 }
        let failed = try await concurrently(points) { last in
            try await Stage.withFolder { folder -> [String] in
                let stage = ProgramStage(folder: folder)
                let prefix = UUID().uuidString.lowercased()
                var environment = try Self.environment(.s3, stage, prefix: prefix)
                let store = try Self.store(.s3, stage, prefix: prefix)
                environment["SLIPWAY_SIMULATED_KILL"] = "\(last)"
                let killed = try await stage.run(Self.create, environment)
                environment["SLIPWAY_SIMULATED_KILL"] = nil
                var wrongs = killed.signal == SIGKILL ? [] : ["it was not killed: \(killed)"]
                let secrets = try await store.readSecrets("demo")
                // At once: the lock of a process that is seen to be dead is not waited for.
                let again = try await stage.run(Self.create, environment)
                if again.status != 0 { wrongs.append("the same again: \(again)") }
                let state = try await store.readState("demo")
                wrongs += Picture.wrongs(try stage.contents(), state)
                wrongs += Picture(try stage.contents(), state, namesRanges: false).differences(from: picture)
                if let secrets, try await store.readSecrets("demo") != secrets { wrongs.append("the secrets were made anew") }
                let update = try await stage.slipway(["update", "cluster", "demo", "--yes"], environment)
                if update.status != 0 || !update.errors.contains("no changes") { wrongs.append("the next update: \(update)") }
                return wrongs.isEmpty ? [] : ["killed at \(last)"] + wrongs
            }
        }.filter { !$0.isEmpty }
        print("crash matrix: create on S3: \(points.count) of \(count) points by SIGKILL, \(points.count - failed.count) converged")
        for wrongs in failed.prefix(3) { Issue.record("\(wrongs.joined(separator: "\n  "))") }
    }

    /// Stopped just before a call to the cloud, and after a record; another run deletes or completes the cluster meanwhile.
    @Test(arguments: [("machineIntended", "delete"), ("machineIntended", "create"), ("start of", "delete")])
    func whoStoodStillPastTheEndOfItsLockChangesNothingMore(_ place: String, _ other: String) async throws {
        let alone = ["--parallelism", "1"]
        let (picture, trace) = try await wanted(.s3, alone)
        let index = try #require(
            trace.firstIndex { $0.hasPrefix(place) && $0.contains("machine") && $0.hasSuffix(": recorded") },
            "\(trace.prefix(40).joined(separator: "\n"))")
        try await Stage.withFolder { folder in
            let stage = ProgramStage(folder: folder)
            let prefix = UUID().uuidString.lowercased()
            var environment = try Self.environment(.s3, stage, prefix: prefix)
            try stage.write(Self.create)
            let first = try ChildProcess(
                try #require(ProgramStage.binary), Self.create.arguments(folder: folder) + alone,
                environment: stage.environment(environment.merging(["SLIPWAY_SIMULATED_STOP": "\(index + 1)"]) { $1 }), folder: folder)
            #expect(try await first.wait() == .stopped)
            let before = try stage.contents()

            // Not before its time.
            let refused = try await stage.run(Self.create, environment)
            #expect(refused.status == 75 && refused.errors.contains("process \(first.pid)"), "\(refused)")
            #expect(try stage.contents() == before)
            let wait = ["--lock-timeout", "60s"]
            let second =
                other == "delete"
                ? try await stage.slipway(["delete", "cluster", "demo", "--yes"] + wait, environment)
                : try await stage.run(Self.create, environment, wait)
            try second.expect(0)
            let after = try stage.contents()

            first.proceed()
            #expect(try await first.wait() == .exited(75), "\(first.errors.suffix(2000))")
            let said = first.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            #expect(said.contains("it ended while this process stood still"), "\(said.suffix(2000))")
            #expect(try stage.contents() == after, "it changed something after it lost the lock")
            environment["SLIPWAY_S3_LEASE"] = nil
            let store = try Self.store(.s3, stage, prefix: prefix)
            if other == "delete" {
                #expect(after.machines.isEmpty && after.networks.isEmpty)
                #expect(try await store.clusters() == [])
                try await stage.slipway(["delete", "cluster", "demo", "--yes"], environment).expect(66)
            } else {
                let state = try await store.readState("demo")
                #expect(Picture(after, state, namesRanges: false).differences(from: picture) == [])
                let update = try await stage.slipway(["update", "cluster", "demo", "--yes"], environment)
                #expect(update.status == 0 && update.errors.contains("no changes"), "\(update)")
            }
        }
    }

    /// A person says that the holder is dead.
    @Test func unlockNeedsTheIdAndSaysWhatItRisks() async throws {
        let alone = ["--parallelism", "1"]
        let (_, trace) = try await wanted(.s3, alone)
        let index = try #require(trace.firstIndex { $0.hasPrefix("machineIntended") && $0.hasSuffix(": recorded") })
        try await Stage.withFolder { folder in
            let stage = ProgramStage(folder: folder)
            let environment = try Self.environment(.s3, stage, prefix: UUID().uuidString.lowercased())
                .merging(["SLIPWAY_S3_LEASE": "60"]) { $1 }
            try stage.write(Self.create)
            let first = try ChildProcess(
                try #require(ProgramStage.binary), Self.create.arguments(folder: folder) + alone,
                environment: stage.environment(environment.merging(["SLIPWAY_SIMULATED_STOP": "\(index + 1)"]) { $1 }), folder: folder)
            #expect(try await first.wait() == .stopped)
            let refused = try await stage.slipway(["delete", "cluster", "demo", "--yes"], environment)
            let words = refused.errors.split(whereSeparator: \.isWhitespace).map(String.init)
            let id = try #require(zip(words, words.dropFirst()).first { $0.0 == "lock" && $0.1.count == 12 }?.1, "\(refused)")
            let wrong = try await stage.slipway(["unlock", "demo", "000000000000"], environment)
            #expect(wrong.status == 77 && wrong.errors.contains(id), "\(wrong)")
            let removed = try await stage.slipway(["unlock", "demo", id], environment)
            #expect(removed.status == 0 && removed.errors.contains("may change the cluster until then"), "\(removed)")
            try await stage.slipway(["delete", "cluster", "demo", "--yes"], environment).expect(0)
            kill(first.pid, SIGKILL)
            #expect(try await first.wait() == .killed(SIGKILL))
        }
    }

    @Test(arguments: Kind.allCases)
    func ofFiftyAtOnceOneWorksAndTheOthersAreTold(_ kind: Kind) async throws {
        let (picture, _) = try await wanted(kind)
        try await Stage.withFolder { folder in
            let stage = ProgramStage(folder: folder)
            let prefix = UUID().uuidString.lowercased()
            let environment = try Self.environment(kind, stage, prefix: prefix).merging(["SLIPWAY_S3_LEASE": "60"]) { $1 }
            try stage.write(Self.create)
            let program = try #require(ProgramStage.binary)
            let children = try (0..<50).map { number in
                try ChildProcess(
                    program, Self.create.arguments(folder: folder) + (number % 2 == 0 ? ["--lock-timeout", "5m"] : []),
                    environment: stage.environment(environment), folder: folder)
            }
            var told = 0
            for (number, child) in children.enumerated() {
                let end = try await child.wait(for: .seconds(300))
                // Wrapped for a terminal.
                let errors = child.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                if number % 2 == 1, end == .exited(75) {
                    told += 1
                    let parts = ["it is held by \(NSUserName())@", "(process ", ") since 20", "for 'create cluster demo', lock "]
                    let isTold = parts.allSatisfy { errors.contains($0) }
                    #expect(isTold, "\(errors.suffix(600))")
                } else {
                    #expect(end == .exited(0), "\(number): \(errors.suffix(600))")
                }
            }
            #expect(told > 0)
            let store = try Self.store(kind, stage, prefix: prefix)
            #expect(try await store.runs("demo").count == 1, "one had something to do")
            let state = try await store.readState("demo")
            #expect(Picture.wrongs(try stage.contents(), state) == [])
            #expect(Picture(try stage.contents(), state, namesRanges: false).differences(from: picture) == [])
            print("fifty at once on \(kind.rawValue): \(told) were told who holds the lock, \(50 - told) worked one after the other")
        }
    }
}
