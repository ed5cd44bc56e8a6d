import ArgumentParser
import ClusterModel
import Operations

struct StatePull: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Print a cluster's state. Changes nothing.",
        usage: "slipway state pull <name> [--serial <n>] [-o <output>] [options]",
        discussion: """
            The state is what Slipway remembers: identity, machines, high-water marks, the spec. It holds no secret. Nothing takes a state \
            back: what a cluster owns is changed by its operations alone.
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Option(help: ArgumentHelp("An earlier state, of those that get state history lists.", valueName: "n")) var serial: Int?
    @Option(name: .shortAndLong, help: "json or yaml.") var output: OutputFormat = .json
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let state = try await World.with(store) { try await Inspect($0).state(name, serial: serial) }
        console.print(output == .yaml ? try Render.yaml(state) : try Render.json(state))
    }
}
