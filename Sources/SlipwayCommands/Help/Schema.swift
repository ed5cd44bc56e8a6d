import ArgumentParser
import ClusterModel

struct Schema: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the spec's JSON Schema, for editors.",
        usage: "slipway schema > slipway.schema.json",
        discussion: """
            An editor with a YAML language server completes and checks a spec whose first line is

              # yaml-language-server: $schema=./slipway.schema.json
            """)

    func run() async throws { Console.current.print(try Render.json(SpecJSONSchema.document)) }
}
