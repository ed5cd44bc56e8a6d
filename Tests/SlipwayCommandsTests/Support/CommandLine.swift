import ClusterModel
import Foundation
import Operations
import SimulatedCloud
import Synchronization
import TestSupport
import Testing

@testable import SlipwayCommands

/// Runs command lines as a process would, with files in a folder of its own and a world in memory.
struct Shell: Sendable {
    let folder: String
    let world: SimulatedWorld
    let clock = TestClock()
    var width = 80
    var color = false
    /// Nil: no terminal.
    var height: Int?
    var environment: [String: String]
    /// In the place of the world's machines.
    var hosts: (any HostAccess)?
    /// What is typed when something is asked. Nobody is there to ask once they are used up.
    var answers: [String] = []
    /// The same for what is asked unseen.
    var hiddenAnswers: [String] = []

    struct Run: Sendable {
        var code: Int32
        /// Standard output.
        var output: String
        /// Standard error.
        var messages: String
    }

    static func with<Result>(world: SimulatedWorld = SimulatedWorld(), _ body: (Shell) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("slipway-commands-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(Shell(folder: folder, world: world))
    }

    /// With the cluster demo of one master and one worker, created by `LifeTests.create`. It is made once and copied.
    static func withCluster<Result>(_ body: (Shell) async throws -> Result) async throws -> Result {
        let created = try await created.value
        return try await with(world: SimulatedWorld(copying: created.world)) { shell in
            try created.files.write(to: shell.folder)
            return try await body(shell)
        }
    }

    private static let created = Task {
        try await with { shell in
            let run = await shell.run(LifeTests.create + ["--yes"])
            try #require(run.code == 0, "\(run.messages)")
            return (world: SimulatedWorld(copying: shell.world), files: try FolderCopy(of: shell.folder))
        }
    }

    private init(folder: String, world: SimulatedWorld) {
        self.folder = folder
        self.world = world
        environment = [
            "HOME": folder, "SLIPWAY_STATE": "\(folder)/state", "SLIPWAY_KEY_FILE": "\(folder)/key", "KUBECONFIG": "\(folder)/kube/config",
        ]
    }

    @discardableResult
    func run(_ arguments: String..., input: String = "", sourceLocation: SourceLocation = #_sourceLocation) async -> Run {
        await run(arguments, input: input, sourceLocation: sourceLocation)
    }

    func run(_ arguments: [String], input: String = "", sourceLocation: SourceLocation = #_sourceLocation) async -> Run {
        let output = Text()
        let messages = Text()
        let page = Page(width: width, color: color, height: height)
        let typed = Mutex(answers)
        let hidden = Mutex(hiddenAnswers)
        let surroundings = Surroundings(
            console: Console(write: { output.add($0) }, writeError: { messages.add($0) }, output: page, messages: page),
            environment: environment, input: { Array(input.utf8) },
            answer: { typed.withLock { $0.isEmpty ? nil : $0.removeFirst() } },
            hiddenAnswer: { _ in hidden.withLock { $0.isEmpty ? nil : $0.removeFirst() } }, handlesSignals: false,
            run: clock.context, terminal: { page },
            outside: { [world, hosts] _, _ in
                Outside(cloud: world, hosts: hosts ?? world, assets: { _ in world.assets }, connect: { world.connect($0) })
            })
        let run = Run(code: await SlipwayMain.main(arguments, in: surroundings), output: output.all, messages: messages.all)
        if !color, height == nil {
            #expect(!(run.output + run.messages).contains("\u{1B}"), "escape codes on a plain page", sourceLocation: sourceLocation)
        }
        return run
    }

    /// Writes a file and gives its path.
    func write(_ text: String, to name: String) throws -> String {
        let path = "\(folder)/\(name)"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }

    /// The text without what differs from run to run: the folder, digests, fingerprints, keys' names.
    func stable(_ text: String) -> String {
        text.replacing(folder, with: "FOLDER")
            .replacing(/[0-9a-f]{64}/, with: "DIGEST")
            .replacing(/SHA256:[A-Za-z0-9+\/]+/, with: "SHA256:FINGERPRINT")
    }

    private final class Text: Sendable {
        private let parts = Mutex("")
        func add(_ text: String) { parts.withLock { $0 += text } }
        var all: String { parts.withLock { $0 } }
    }
}

/// Every line fits.
func expectFits(_ text: String, _ width: Int, sourceLocation: SourceLocation = #_sourceLocation) {
    for line in text.split(separator: "\n") where line.count > width {
        Issue.record("\(line.count) columns, more than \(width): \(line)", sourceLocation: sourceLocation)
    }
}
