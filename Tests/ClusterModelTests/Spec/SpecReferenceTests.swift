import Foundation
import Testing

@testable import ClusterModel

/// `docs/spec.md` tells the truth: its examples are valid, its messages are those that the program gives.
@Suite struct SpecReferenceTests {
    private let page: String

    init() throws {
        let root = Golden.folder.deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        page = String(decoding: try Data(contentsOf: root.appendingPathComponent("docs/spec.md")), as: UTF8.self)
    }

    private func blocks(_ language: String) -> [String] {
        page.components(separatedBy: "```\(language)\n").dropFirst().compactMap { $0.components(separatedBy: "```").first }
    }

    @Test func itsSpecsAreTheMinimalOneAndItsDefaults() throws {
        let specs = blocks("yaml")
        try #require(specs.count == 2)
        #expect(try Specs.decode(specs[0]).get() == ReadSpec(cluster: Specs.cluster()))
        #expect(SpecEncoder.yaml(try Specs.cluster()) == specs[1])
    }

    @Test func itsExamplesAreValid() throws {
        let examples = page.split(separator: "\n").filter { $0.hasPrefix("Example: `") }.map { $0.dropFirst(10).dropLast() }
        #expect(examples.count > 8)
        for example in examples {
            let inPool = ["labels:", "taints:", "update:"].contains { example.hasPrefix($0) }
            let isCloud = example.hasPrefix("cloud:")
            let text =
                isCloud
                ? Specs.text().replacing("cloud: {provider: local}", with: example)
                : Specs.text(inPool ? "pools:\n  - name: nodes\n    \(example)" : String(example))
            #expect(Specs.findings(text).filter { $0.severity == .error }.isEmpty, "\(example)")
        }
    }

    /// Messages and suggestions of the page, read back from its excerpts.
    @Test func itsMessagesAreReal() throws {
        let golden = Golden.inputs("spec").compactMap { name in
            (try? Data(contentsOf: Golden.folder.appendingPathComponent("spec/\(name).txt"))).map { String(decoding: $0, as: UTF8.self) }
        }.joined()
        let messages = blocks("text").joined().split(separator: "\n").compactMap { line in
            line.firstRange(of: ": error: ").map { String(line[$0.upperBound...]) }
        }
        #expect(messages.count > 10)
        for message in messages { #expect(golden.contains("error: \(message)\n"), "\(message)") }
    }

    @Test func namesEveryField() {
        let fields =
            SpecSchema.document + SpecSchema.spec + SpecSchema.cloud + SpecSchema.access + SpecSchema.controlPlane + SpecSchema.pool
            + SpecSchema.taint + SpecSchema.update + SpecSchema.network + SpecSchema.assets
        for field in fields {
            #expect(page.contains("`\(field)`") || page.contains(".\(field)`") || page.contains("`\(field)."), "\(field)")
        }
    }
}
