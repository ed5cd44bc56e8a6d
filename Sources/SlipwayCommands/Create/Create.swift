import ArgumentParser

struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Create a cluster.", subcommands: [CreateClusterCommand.self])
}
