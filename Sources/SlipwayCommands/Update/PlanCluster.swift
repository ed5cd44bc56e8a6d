import ArgumentParser
import ClusterModel
import Foundation
import Operations

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Show what an update would do.", subcommands: [PlanClusterCommand.self])
}

struct PlanClusterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cluster", abstract: "Show what an update would do, and change nothing.",
        usage: "slipway plan cluster <name> [-f <file>] [--out <file>] [options]",
        discussion: """
            The same as update without --yes. With --detailed-exit-code it exits with 2 when there is something to do. With --out the plan is \
            also written to a file, which slipway apply carries out if the cluster is still as it was.

            Examples:
              slipway plan cluster demo --graph | dot -Tsvg > demo.svg
              slipway plan cluster demo -f demo.yaml --out demo.plan
            """)

    @Argument(help: "The cluster's name.", completion: LiveNames.clusters) var name: String
    @Option(name: .shortAndLong, help: ArgumentHelp("Plan towards this spec.", valueName: "file"), completion: .file()) var file: String?
    @Flag(help: "Print the plan as a graph in Graphviz' language.") var graph = false
    @Option(help: ArgumentHelp("Write the plan to this file, for slipway apply.", valueName: "file"), completion: .file()) var out: String?
    @Option(name: .shortAndLong, help: "table, json or yaml.") var output: OutputFormat = .table
    @Flag(name: .long, help: "Exit with 2 when there is something to do.") var detailedExitCode = false
    @OptionGroup var store: StoreOptions

    mutating func validate() throws {
        if graph, output != .table { throw ValidationError("--graph has a form of its own: leave -o out") }
    }

    func run() async throws {
        let console = Console.current
        let spec = try file.map { try SpecFile.read($0, name: name, console: console) }
        let preview = Preview(console: console, output: output, detailedExitCode: detailedExitCode)
        let next =
            out.map { "slipway apply \($0) --yes" } ?? "slipway update cluster \(name)\(file.map { " -f \($0)" } ?? "") --yes"
        try await World.with(store) { context in
            let made = try await ApplyPlan(context).plan(name, spec: spec)
            if graph { console.print(PlanGraph.dot(made.plan)) } else { preview.show(made.plan) }
            if let out { try write(made, to: out, console: console) }
            try preview.finish(OperationResult(plan: made.plan, report: nil), next: next)
        }
    }

    private func write(_ plan: PlanFile, to path: String, console: Console) throws {
        do {
            try plan.encoded().write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw SlipwayError(
                .failed, doing: "writing the plan to \(path)", cause: error.localizedDescription, hint: "give another file with --out")
        }
        console.say("wrote the plan to \(path)")
    }
}
