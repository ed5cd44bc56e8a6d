import ArgumentParser
import ClusterModel
import Operations

struct Update: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a cluster what its spec says.", subcommands: [UpdateClusterCommand.self])
}

struct UpdateClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Make a cluster what its spec says; start its stopped machines.",
        usage: "slipway update cluster <name> [-f <file>] [--yes] [options]",
        discussion: """
            Compares the spec with everything that can be seen of the cluster and changes what differs, but replaces no running machine. \
            After a reboot of a laptop it brings a local cluster back.

            Examples:
              slipway update cluster demo          # shows what would be done
              slipway update cluster demo --yes
              slipway update cluster demo -f demo.yaml --yes   # the file is the truth
              slipway update cluster demo --recover            # the store lost its state
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Option(name: .shortAndLong, help: ArgumentHelp("Another spec; stored with --yes.", valueName: "file"), completion: .file()) var file:
        String?
    @OptionGroup var drain: DrainArguments
    @OptionGroup var run: RunOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let spec = try file.map { try SpecFile.read($0, name: name, console: console) }
        let preview = Preview(console: console, options: run)
        try await World.with(store, run: run, interactive: drain.interactive) { context in
            let result = try await UpdateCluster(context)(name, spec: spec, yes: run.yes, drain: drain.overrides) { preview.show($0) }
            try preview.finish(result)
        }
    }
}
