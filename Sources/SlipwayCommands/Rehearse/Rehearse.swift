import ArgumentParser
import ClusterModel
import Operations

struct Rehearse: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try a plan out on a simulated cloud: order, concurrency, expected duration.",
        subcommands: [RehearseClusterCommand.self])
}

struct RehearseClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Try a plan out on a simulated cloud: order, concurrency, expected duration.",
        usage: "slipway rehearse cluster <name> [-f <file>] [--delete] [options]",
        discussion: """
            Makes the plan that create, update or delete would carry out now, and carries it out on a simulated cloud that looks like \
            the real one, on a clock that does not wait. The same engine and the same drivers do it; the real cluster is only \
            looked at, and nothing is stored.

            How long things take is drawn from what was measured with local machines; machines do not slow each other down. Steps \
            marked with * are critical: the end waited for them, one after the other. Only what makes one of them faster makes \
            the whole faster. Another --seed draws other times.

            A cluster that is not stored yet needs a file; flags make one:

              slipway create cluster demo --cloud local --node-count 9 --dry-run \\
                -o yaml > demo.yaml
              slipway rehearse cluster demo -f demo.yaml
              slipway rehearse cluster demo --delete
            """)

    @Argument(help: "The cluster's name.") var name: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The spec that is wanted. Default: the stored one.", valueName: "file"))
    var file: String?
    @Flag(name: .long, help: "Rehearse the delete.") var delete = false
    @Option(help: ArgumentHelp("Chooses how long things take.", valueName: "n")) var seed: UInt64 = 1
    @Option(
        name: .long,
        help: ArgumentHelp("How many machines are worked on at once. Default: 16, or more where pools may surge by more.", valueName: "n"))
    var parallelism: Int?
    @Option(name: .shortAndLong, help: "table, json or yaml.") var output: OutputFormat = .table
    @OptionGroup var store: StoreOptions

    mutating func validate() throws {
        guard (1...256).contains(parallelism ?? 1) else { throw ValidationError("--parallelism is a number from 1 to 256") }
        if delete, file != nil { throw ValidationError("--delete needs no spec: leave -f out") }
    }

    func run() async throws {
        let console = Console.current
        let spec = try file.map { try SpecFile.read($0, name: name, console: console) }
        try await World.with(store) { context in
            var context = context
            context.parallelism = parallelism
            let (_, rehearsal) = try await RehearseCluster(context)(name, spec: spec, deleting: delete, seed: seed)
            console.print(
                try Render.text("Rehearsal", rehearsal, as: output) { RehearsalText(rehearsal: rehearsal, page: console.output).text })
        }
    }
}
