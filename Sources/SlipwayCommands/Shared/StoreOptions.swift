public import ArgumentParser
public import ClusterModel
import StateStore

/// Where clusters are remembered, and the key that their secrets are encrypted with.
struct StoreOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("The state store, a folder or a file:// URL (or $SLIPWAY_STATE). Default: ./state", valueName: "url"))
    var state: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The key that secrets are encrypted with (or $SLIPWAY_KEY_FILE). Default: ~/.config/slipway/key", valueName: "file"))
    var keyFile: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Stop after this long: start nothing new, save, exit with 75. As 30m.", valueName: "duration"))
    var timeout: Seconds?

    @Option(name: .long, help: ArgumentHelp("How much is told of a run.", valueName: "level"))
    var logLevel: LogLevel = .info

    mutating func validate() throws {
        if let timeout, timeout.duration <= .zero { throw ValidationError("--timeout is longer than 0s") }
    }

    func store() throws -> any StateStore {
        let surroundings = Surroundings.current
        let location = try StateLocation(state ?? surroundings.variable("SLIPWAY_STATE") ?? StateLocation.standard)
        let key = keyFile.map { KeyFile(path: $0) } ?? KeyFile.standard(environment: surroundings.environment)
        return location.open(keyFile: key)
    }
}

/// How a run is carried out and told.
struct RunOptions: ParsableArguments {
    @Flag(name: .long, help: "Carry the plan out. Without it the plan is only shown.")
    var yes = false

    @Option(name: .long, help: ArgumentHelp("Wait this long for a lock that somebody else holds, as 30s or 5m.", valueName: "duration"))
    var lockTimeout: Seconds = Seconds(0)

    @Option(name: .long, help: ArgumentHelp("How many machines are worked on at once, from 1 to 256.", valueName: "n"))
    var parallelism: Int = 16

    @Option(
        name: .shortAndLong, help: "Form of the plan: table (for people), json or yaml. With json, events are JSON lines on standard error."
    )
    var output: OutputFormat = .table

    @Flag(name: .long, help: "In a preview, exit with 2 when there is something to do.")
    var detailedExitCode = false

    mutating func validate() throws {
        guard (1...256).contains(parallelism) else { throw ValidationError("--parallelism is a number from 1 to 256") }
        if yes, detailedExitCode { throw ValidationError("--detailed-exit-code belongs to a preview: leave --yes out") }
    }
}

extension Seconds: ExpressibleByArgument {
    public init?(argument: String) { self.init(text: argument) }
}
