import ArgumentParser
import ClusterModel
import Operations

struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Give out credentials.", subcommands: [ExportKubeconfig.self])
}

struct ExportKubeconfig: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kubeconfig",
        abstract: "Add a cluster to your kubeconfig, with a fresh short-lived certificate.",
        usage: "slipway export kubeconfig <name> [--admin-ttl <duration>] [options]",
        discussion: """
            Writes to the first file of $KUBECONFIG, or to ~/.kube/config, beside whatever is there, and makes the cluster the current \
            context. Run it again when the certificate has expired.
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Option(help: ArgumentHelp("How long the client certificate is valid, as 8h.", valueName: "duration"))
    var adminTTL: Seconds = Seconds(18 * 3600)
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        try await World.with(store) { context in
            try await KubeconfigFile.current.export(name, ttl: adminTTL.duration, context: context, console: console)
        }
    }
}
