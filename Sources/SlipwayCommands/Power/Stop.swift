import ArgumentParser
import ClusterModel
import Operations

struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stop a cluster's machines.", subcommands: [StopClusterCommand.self])
}

struct StopClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Stop all machines of a cluster; disks, network and addresses stay.",
        usage: "slipway stop cluster <name> [--yes] [options]",
        discussion: """
            Workers first, then the control plane, etcd last. Nothing answers until the cluster is started again: \
            slipway start cluster NAME --yes
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @OptionGroup var run: RunOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let preview = Preview(console: console, options: run)
        try await World.with(store, run: run) { context in
            let result = try await StopCluster(context)(name, yes: run.yes) { preview.show($0) }
            try preview.finish(result)
            if result.report != nil { console.say("cluster \(name) is stopped; start it with: slipway start cluster \(name) --yes") }
        }
    }
}
