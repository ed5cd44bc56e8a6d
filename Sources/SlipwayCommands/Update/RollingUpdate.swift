import ArgumentParser
import ClusterModel
import Operations
import Planning

struct RollingUpdate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Replace machines that differ from the spec, without downtime.", subcommands: [RollingUpdateCluster.self])
}

enum OnFailure: String, ExpressibleByArgument, CaseIterable {
    case keep, remove
}

struct RollingUpdateCluster: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Replace the machines that differ from the spec, pod by pod within their budgets.",
        usage: "slipway rolling-update cluster <name> [--yes] [options]",
        discussion: """
            Shows which machines are replaced, why and in which order, which pods move, and what would hold them up. With --yes: a new \
            machine joins, an old one is cordoned, drained through evictions and removed, as many at a time as the pool's \
            update.maxSurge and update.maxUnavailable allow; the first new one alone until it is healthy.

            The control plane comes first, one node after the other and never below etcd's majority. Where update.strategy is inPlace, \
            and for the only control plane node, machines are drained, stopped, changed and started again instead.

            A drain that a PodDisruptionBudget blocks beyond its time ends the roll with 77: what was cordoned takes pods again. \
            Interrupted or killed, the same command goes on from the facts.

            Examples:
              slipway rolling-update cluster demo
              slipway rolling-update cluster demo --yes
              slipway rolling-update cluster demo --machine demo-nodes-a-1 --yes   # this one, whether it differs or not
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Option(name: .shortAndLong, help: ArgumentHelp("Another spec; stored with --yes.", valueName: "file")) var file: String?
    @Option(name: .long, help: "Only machines of this pool, or control-plane.", completion: LiveNames.pools) var pool: String?
    @Option(name: .long, help: "This machine, whether it differs or not.", completion: LiveNames.machines) var machine: String?
    @Flag(name: .long, help: "Every machine, whether it differs or not.") var all = false
    @Option(name: .long, help: "What becomes of a new machine that never served when the roll fails: keep or remove.")
    var onFailure: OnFailure = .keep
    @OptionGroup var drain: DrainArguments
    @OptionGroup var run: RunOptions
    @OptionGroup var store: StoreOptions

    mutating func validate() throws {
        guard [pool != nil, machine != nil, all].count(where: { $0 }) <= 1 else {
            throw ValidationError("--pool, --machine and --all exclude each other")
        }
    }

    private var selection: RollSelection {
        if let pool { return .pool(pool) }
        if let machine { return .machine(machine) }
        return all ? .all : .differing
    }

    func run() async throws {
        let console = Console.current
        let spec = try file.map { try SpecFile.read($0, name: name, console: console) }
        let preview = Preview(console: console, options: run)
        let options = RollCluster.Options(selection: selection, drain: drain.overrides, removesOnFailure: onFailure == .remove)
        try await World.with(store, run: run, interactive: drain.interactive) { context in
            let result = try await RollCluster(context)(name, spec: spec, options: options, yes: run.yes) { preview.show($0) }
            try preview.finish(result)
        }
    }
}
