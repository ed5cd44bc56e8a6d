import ArgumentParser
import ClusterModel
import Operations
import Planning

struct Reconcile: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Repair, update and roll a cluster in one go.", subcommands: [ReconcileClusterCommand.self])
}

struct ReconcileClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Replace lost machines, then update, then roll what still differs.",
        usage: "slipway reconcile cluster <name> [--yes] [options]",
        discussion: """
            Three plans, each made on a fresh look: repair, update, rolling update. Without --yes it shows the first of them that has \
            something to do, as the later ones depend on it.
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Option(name: .long, help: "What becomes of a new machine that never served when the roll fails: keep or remove.")
    var onFailure: OnFailure = .keep
    @OptionGroup var drain: DrainArguments
    @OptionGroup var run: RunOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let preview = Preview(console: console, options: run)
        let options = RollCluster.Options(drain: drain.overrides, removesOnFailure: onFailure == .remove)
        try await World.with(store, run: run, interactive: drain.interactive) { context in
            let results = try await ReconcileCluster(context)(name, options: options, yes: run.yes) { preview.show($0) }
            for result in results { try preview.finish(result) }
            if results.isEmpty { console.say("no changes: cluster \(name) is as its spec says") }
        }
    }
}
