import ArgumentParser
import ClusterModel
import Operations

struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change fields of a cluster's spec.", subcommands: [SetClusterCommand.self])
}

struct SetClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster",
        abstract: "Set fields of a cluster's stored spec.",
        usage: "slipway set cluster <name> <path=value> ... [options]",
        discussion: """
            A path is written as in error messages; 'spec.' may be left out, and pools go by their name. A value is YAML; an empty one \
            gives the default back. All are set or none. Touches no machine: slipway update cluster NAME shows what follows from it.

            Examples:
              slipway set cluster demo spec.pools[nodes].count=3
              slipway set cluster demo pools.nodes.labels[example.com/tier]=web deletionProtection=true
              slipway set cluster demo 'access.api=[10.0.0.0/8, 192.168.0.0/16]'
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Argument(help: ArgumentHelp("What to set, as spec.pools[nodes].count=3.", valueName: "path=value")) var assignments: [String]
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        try await World.with(store) { context in
            let stored = try await Inspect(context).spec(name)
            let text = try SpecEdit.apply(assignments, to: stored)
            let changed = try SpecDecoder.decode(text, file: "the changed spec", expectedName: name).get()
            // What was doubtful before was said when it was stored.
            let known = (try? SpecDecoder.decode(SpecEncoder.yaml(stored), file: "").get())?.warnings.map(\.message) ?? []
            for warning in changed.warnings where !known.contains(warning.message) {
                console.say(warning.render(width: console.messages.width, color: console.messages.color))
            }
            try OpenToWorld.check(changed.cluster, allowed: !stored.fieldsOpenToWorld.isEmpty)
            StoredSpec.say(try await ReplaceSpec(context)(changed.cluster, basis: stored), of: name, console: console)
        }
    }
}
