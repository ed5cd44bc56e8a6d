import ArgumentParser
import ClusterModel
import Operations
import Planning

struct Validate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a cluster's health, or a spec.", subcommands: [ValidateClusterCommand.self, ValidateSpecCommand.self])
}

struct ValidateClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Say, condition by condition, whether a cluster is healthy.",
        usage: "slipway validate cluster <name> [--wait <duration>] [options]",
        discussion: "Exits with 0 when it is and with 2 when it is not, also when its API or machines do not answer.")

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Option(help: ArgumentHelp("Wait this long for it to become healthy, as 10m.", valueName: "duration")) var wait: Seconds?
    @Option(name: .shortAndLong, help: ArgumentHelp("Compare with this spec.", valueName: "file"), completion: .file()) var file: String?
    @Option(name: .shortAndLong, help: "table, json or yaml.") var output: OutputFormat = .table
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let spec = try file.map { try SpecFile.read($0, name: name, console: console) }
        let report = try await World.with(store) { context in
            let validate = ValidateCluster(context)
            guard let wait else { return try await validate(name, spec: spec) }
            return try await validate.waiting(name, spec: spec, timeout: wait.duration) { report in
                console.say("not healthy yet: \(ReportText.firstProblem(report))")
            }
        }
        console.print(try Render.text("ValidationReport", report, as: output) { ReportText.text(report, page: console.output) })
        if !report.isHealthy { throw Answer.no }
    }
}

struct ValidateSpecCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "spec", abstract: "Check a spec without touching anything.",
        usage: "slipway validate spec -f <file>",
        discussion: "Prints every error with file, line and column. Exits with 65 when there is one.")

    @Option(name: .shortAndLong, help: ArgumentHelp("The spec, a YAML file; - for standard input.", valueName: "file"), completion: .file())
    var file: String

    func run() async throws {
        let console = Console.current
        let cluster = try SpecFile.read(file, console: console)
        console.say("the spec of cluster \(cluster.name) is valid")
    }
}
