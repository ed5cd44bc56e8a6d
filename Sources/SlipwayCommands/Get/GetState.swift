import ArgumentParser
import ClusterModel
import Foundation
import Operations

struct GetState: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state", abstract: "Show what is kept of a cluster's state.", subcommands: [GetStateHistory.self])
}

struct GetStateHistory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "List the states that the store still has of a cluster.",
        usage: "slipway get state history <name> [-o <output>] [options]",
        discussion: "Oldest first, each with what changed since the one before. slipway state pull NAME --serial N prints one.")
    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @OptionGroup var options: GetOptions

    func run() async throws {
        try await options.print("StateHistory", { Render.List(items: try await $0.history(name)) }) { list in
            var table = Table("SERIAL", "WRITTEN", "PHASE", "MACHINES", "CHANGES")
            for state in list.items {
                let when = state.written.map { $0.formatted(.iso8601) } ?? "now"
                table.add("\(state.serial)", when, state.phase, "\(state.machines.count)", Self.summary(state.changes))
            }
            return table.text
        }
    }

    private static let named = 2

    private static func summary(_ changes: [String]) -> String {
        guard !changes.isEmpty else { return "-" }
        let more = changes.count - named
        return changes.prefix(named).joined(separator: "; ") + (more > 0 ? "; and \(more) more" : "")
    }
}
