import ArgumentParser

struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Look at a cluster's state, move it to another store, rotate the key of its secrets.",
        subcommands: [StatePull.self, StateMove.self, StateRotateKey.self])
}
