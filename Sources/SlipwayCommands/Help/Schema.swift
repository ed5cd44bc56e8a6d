import ArgumentParser
import ClusterModel

struct Schema: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the spec's JSON Schema, for editors.",
        usage: "slipway schema [spec | state | journal] > slipway.schema.json",
        discussion: """
            An editor with a YAML language server completes and checks a spec whose first line is

              # yaml-language-server: $schema=./slipway.schema.json

            state and journal are what a state store holds: state.json, and a line of journal.jsonl.
            """)

    enum Document: String, ExpressibleByArgument, CaseIterable {
        case spec, state, journal
    }

    @Argument(help: "Which document.") var document: Document = .spec

    func run() async throws {
        let schema =
            switch document {
            case .spec: SpecJSONSchema.document
            case .state: StateJSONSchema.document
            case .journal: StateJSONSchema.journalLine
            }
        Console.current.print(try Render.json(schema))
    }
}
