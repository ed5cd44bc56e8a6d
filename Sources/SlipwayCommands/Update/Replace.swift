import ArgumentParser
import ClusterModel
import Operations

struct Replace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Store another spec for a cluster.",
        usage: "slipway replace -f <file> [options]",
        discussion: "Touches no machine: slipway update cluster NAME shows what follows from it.")

    @Option(name: .shortAndLong, help: ArgumentHelp("The spec, a YAML file; - for standard input.", valueName: "file"), completion: .file())
    var file: String
    @Flag(help: "Let the file open the API or SSH to everyone.") var openToWorld = false
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let cluster = try SpecFile.read(file, console: console)
        try OpenToWorld.check(cluster, allowed: openToWorld)
        try await World.with(store) { context in
            StoredSpec.say(try await ReplaceSpec(context)(cluster), of: cluster.name, console: console)
        }
    }
}

/// A cluster that everybody can reach is asked for twice: by its spec, and by a flag.
enum OpenToWorld {
    /// - Throws: `.invalidSpec` for a spec that lets everybody in and was not allowed to.
    static func check(_ cluster: Cluster, allowed: Bool) throws {
        guard !allowed, let field = cluster.fieldsOpenToWorld.first else { return }
        throw SlipwayError(
            .invalidSpec, at: Address(.cluster, cluster.name), doing: "checking the spec", cause: "\(field) lets everybody in (0.0.0.0/0)",
            hint: "name the ranges you come from, or add --open-to-world")
    }
}

/// What is said of a spec that was stored.
enum StoredSpec {
    static func say(_ differences: [Reason], of cluster: String, console: Console) {
        guard !differences.isEmpty else { return console.say("no changes: this is the stored spec of cluster \(cluster)") }
        for difference in differences { console.say("  \(difference)") }
        console.say("stored the spec of cluster \(cluster); next: slipway update cluster \(cluster)")
    }
}
