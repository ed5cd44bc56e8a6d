import ArgumentParser
import ClusterModel
import Operations

struct Replace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Store another spec for a cluster.",
        usage: "slipway replace -f <file> [options]",
        discussion: "Touches no machine: slipway update cluster NAME shows what follows from it.")

    @Option(name: .shortAndLong, help: ArgumentHelp("The spec, a YAML file; - for standard input.", valueName: "file")) var file: String
    @OptionGroup var store: StoreOptions

    func run() async throws {
        let console = Console.current
        let cluster = try SpecFile.read(file, console: console)
        try await World.with(try store.store()) { context in
            let differences = try await ReplaceSpec(context)(cluster)
            if differences.isEmpty {
                console.say("no changes: this is the stored spec of cluster \(cluster.name)")
            } else {
                for difference in differences { console.say("  \(difference)") }
                console.say("stored the spec of cluster \(cluster.name); next: slipway update cluster \(cluster.name)")
            }
        }
    }
}
