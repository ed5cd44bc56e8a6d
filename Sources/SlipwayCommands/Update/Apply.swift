import ArgumentParser
import ClusterModel
import Foundation
import Operations

struct Apply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Carry out a plan that was made earlier.",
        usage: "slipway apply <file> [--yes] [options]",
        discussion: """
            The file is one of slipway plan cluster NAME --out FILE. Everything is looked at again: when the same would be planned now, that \
            is carried out with --yes; when anything differs, nothing is done, and the difference is shown (exit code 77).
            """)

    @Argument(help: "The plan.", completion: .file()) var file: String
    @OptionGroup var run: RunOptions
    @OptionGroup var store: StoreOptions

    func run() async throws {
        guard let data = FileManager.default.contents(atPath: file) else {
            throw SlipwayError(
                .notFound, doing: "reading the plan \(file)", cause: "there is no such file, or it cannot be read",
                hint: "make one with: slipway plan cluster NAME --out FILE")
        }
        let planned = try PlanFile.decode(data, from: file)
        let preview = Preview(console: Console.current, options: run)
        try await World.with(store, run: run) { context in
            let result = try await ApplyPlan(context)(planned, yes: run.yes) { preview.show($0) }
            try preview.finish(result)
        }
    }
}
