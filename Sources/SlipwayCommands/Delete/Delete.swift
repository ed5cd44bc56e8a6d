import ArgumentParser
import ClusterModel
import Operations

struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Delete a cluster.", subcommands: [DeleteClusterCommand.self])
}

struct DeleteClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Delete a cluster and everything that it owns.",
        usage: "slipway delete cluster <name> [--yes] [options]",
        discussion: """
            Machines with their disks, network, state, secrets and the entry in your kubeconfig. What is owned is known by tags and by \
            state; a cluster whose state was lost is found by its tags alone. A second delete finds nothing.
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Option(help: "Where to look for a cluster whose state was lost: local or aws.") var cloud: String = CloudProvider.local.rawValue
    @OptionGroup var run: RunOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        guard let provider = CloudProvider(rawValue: cloud) else {
            throw SlipwayError(
                .usage, doing: "reading --cloud", cause: "there is no cloud '\(cloud)'",
                hint: "one of: \(CloudProvider.offered.map(\.rawValue).joined(separator: ", "))")
        }
        let preview = Preview(console: console, options: run)
        try await World.with(store, run: run) { context in
            let result = try await DeleteCluster(context)(name, lostAt: CloudPlace(provider), yes: run.yes) { preview.show($0) }
            try preview.finish(result)
            guard run.yes else { return }
            let kubeconfig = KubeconfigFile.current
            if try await kubeconfig.remove(result.plan.cluster) { console.say("removed cluster \(name) from \(kubeconfig.path)") }
        }
    }
}
