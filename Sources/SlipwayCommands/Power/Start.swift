import ArgumentParser
import ClusterModel
import Operations

struct Start: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Start a stopped cluster.", subcommands: [StartClusterCommand.self])
}

struct StartClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Start the machines that a cluster has, and all that runs on them.",
        usage: "slipway start cluster <name> [--yes] [options]",
        discussion: """
            As update does it, but no machine is made or removed: a changed number of machines waits for the next update. After a reboot \
            of a laptop it brings a local cluster back.
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @OptionGroup var run: RunOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let preview = Preview(console: Console.current, options: run)
        try await World.with(store, run: run) { context in
            let result = try await StartCluster(context)(name, yes: run.yes) { preview.show($0) }
            try preview.finish(result)
        }
    }
}
