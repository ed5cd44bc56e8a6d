import Foundation
import Testing

/// Gives the suite its bench and takes it away afterwards, whatever happened.
struct BenchTrait: SuiteTrait, TestScoping {
    @TaskLocal static var bench: Bench?

    let name: String

    func provideScope(for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void) async throws {
        let bench = try await Bench.open(name)
        do {
            try await Self.$bench.withValue(bench) { try await function() }
        } catch {
            try await bench.close()
            throw error
        }
        try await bench.close()
    }
}

extension Trait where Self == BenchTrait {
    /// - Parameter name: of the folder of the suite's artifacts.
    static func bench(_ name: String) -> Self { BenchTrait(name: name) }
}

/// Runs one test's body, tells its time, and keeps what helps to find out why it failed.
func onBench(_ name: String = #function, _ body: (Bench) async throws -> Void) async throws {
    let bench = try unwrap(BenchTrait.bench, "the suite has no bench")
    let title = name.replacing("()", with: "")
    let start = ContinuousClock.now
    bench.say("== \(title)")
    do {
        try await body(bench)
        bench.say("== \(title): done in \(text(seconds(since: start)))")
    } catch {
        bench.say("== \(title): FAILED after \(text(seconds(since: start)))")
        await bench.collect(title)
        throw error
    }
}

extension Bench {
    /// Journals, consoles and state of every machine that is there, into the folder of artifacts.
    func collect(_ test: String) async {
        let files = FileManager.default
        let target = "\(artifacts)/\(test)"
        try? files.createDirectory(atPath: target, withIntermediateDirectories: true)
        for uid in (try? files.contentsOfDirectory(atPath: localRoot)) ?? [] {
            let machines = "\(localRoot)/\(uid)/machines"
            for machine in (try? files.contentsOfDirectory(atPath: machines)) ?? [] {
                let folder = "\(machines)/\(machine)"
                if let journal = try? await run(
                    "journalctl", ["--no-pager", "--output=short-precise", "--directory=\(folder)/root/upper/var/log/journal"],
                    limit: .seconds(30))
                {
                    try? Data(journal.output.utf8).write(to: URL(filePath: "\(target)/\(machine)-\(uid).journal"))
                }
                try? files.copyItem(atPath: "\(folder)/console.log", toPath: "\(target)/\(machine)-\(uid).console")
            }
        }
        // Secrets are encrypted in it, and the key is elsewhere.
        for store in ((try? files.contentsOfDirectory(atPath: folder)) ?? []) where store.hasPrefix("state") {
            try? files.copyItem(atPath: "\(folder)/\(store)", toPath: "\(target)/\(store)")
        }
        say("journals, consoles and state are in \(target)")
    }
}
