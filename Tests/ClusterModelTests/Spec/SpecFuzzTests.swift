import Foundation
import TestSupport
import Testing
import Yams

@testable import ClusterModel

/// Many damaged specs: always a cluster or a reason, never a crash or a wait, and nothing is accepted that the schema for
/// editors rejects. Each failure names its seed.
@Suite struct SpecFuzzTests {
    private static let inputs = 10_000

    private static let small = """
        apiVersion: slipway.dev/v1alpha1
        kind: Cluster
        metadata: {name: demo}
        spec:
          cloud: {provider: local}
          pools:
            - {name: nodes, count: 2, labels: {a: 1}, taints: [{key: k, value: v, effect: NoSchedule}]}

        """

    private static let full = """
        apiVersion: slipway.dev/v1alpha1
        kind: Cluster
        metadata: {name: demo}
        spec:
          kubernetesVersion: 1.20.2
          cloud: {provider: local, local: {cidr: 100.96.8.0/24}}
          access: {api: [10.0.0.0/8], ssh: []}
          controlPlane: {count: 1, zones: [local-a], instanceType: local.small, update: {strategy: replace}}
          pools:
            - name: nodes
              zones: [local-a]
              update: {maxSurge: 1, maxUnavailable: 10%, drainTimeout: 15m, strategy: replace}
          network: {podCIDR: 10.244.0.0/16, serviceCIDR: 10.96.0.0/16}
          assets: {source: official}
          deletionProtection: false

        """

    private static let parts: [[UInt8]] = [
        "\n", "\t", "  ", ": ", "- ", "[", "]", "{", "}", "\"", "'", "#", "&a ", "*a", "!!int ", "|\n", "? ", "---\n", "null", "~", "\u{0}",
        "é",
        "日", "\r\n", "<<: ", "%", "true", "yes", "1.0", "0x1", "012", "99999999999999999999", "count: 3", "zones: ", "''", "extra: 1, ",
    ].map { Array($0.utf8) }

    @Test func nothingIsAcceptedThatTheSchemaRejects() throws {
        let validator = JSONSchemaValidator(SpecJSONSchema.document)
        let documents = [Self.small, Self.full].map { Array($0.utf8) }
        for document in documents { try #require(try SpecDecoder.decode(document, file: "demo.yaml").get().warnings.count >= 0) }
        var accepted = 0
        for seed in 0..<UInt64(Self.inputs) {
            var generator = SeededGenerator(seed: seed)
            let bytes = Mutation.bytes(generator.pick(documents), parts: Self.parts, &generator)
            switch SpecDecoder.decode(bytes, file: "demo.yaml") {
            case .failure(let failure): #expect(!failure.errors.isEmpty, "seed \(seed)")
            case .success:
                accepted += 1
                let node = try #require(try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self), .basic), "seed \(seed)")
                let problems = validator.problems(CoreSchema.value(node))
                #expect(problems.isEmpty, "seed \(seed): \(problems)\n\(String(decoding: bytes, as: UTF8.self))")
            }
        }
        print("spec: \(Self.inputs) inputs, \(accepted) accepted")
        #expect(accepted > Self.inputs / 20, "the damage leaves too few readable")
    }

    /// The validator itself rejects.
    @Test(arguments: [
        ("count: 2", "count: two"), ("count: 2", "count: 2, extra: 1"), ("name: demo", "name: Demo"), ("kind: Cluster", "kind: Node"),
        ("effect: NoSchedule", "effect: Never"), ("provider: local", "provider: mars"),
    ])
    func theValidatorFindsWhatIsWrong(old: String, new: String) throws {
        let validator = JSONSchemaValidator(SpecJSONSchema.document)
        func problems(_ text: String) throws -> [String] {
            validator.problems(CoreSchema.value(try #require(try Yams.compose(yaml: text, .basic))))
        }
        #expect(try problems(Self.small) == [])
        #expect(try !problems(Self.small.replacing(old, with: new)).isEmpty)
    }
}

/// YAML's own reading of plain words (the core schema of YAML 1.2), as editors read a spec.
private enum CoreSchema {
    static func value(_ node: Node) -> JSONValue {
        switch node {
        case .mapping(let mapping):
            .object(Dictionary(mapping.map { ($0.key.string ?? "", value($0.value)) }, uniquingKeysWith: { first, _ in first }))
        case .sequence(let sequence): .array(sequence.map(value))
        case .alias: .null
        case .scalar(let scalar): scalar.style == .plain ? plain(scalar.string) : .string(scalar.string)
        }
    }

    private static func plain(_ text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return .bool(true)
        case "false", "False", "FALSE": return .bool(false)
        default: break
        }
        if text.wholeMatch(of: /[-+]?[0-9]+/) != nil { return Int(text).map(JSONValue.int) ?? .double(Double(text) ?? 0) }
        if text.wholeMatch(of: /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/) != nil { return .double(Double(text) ?? 0) }
        if text.wholeMatch(of: /0x[0-9a-fA-F]+|0o[0-7]+/) != nil { return .int(1) }
        return .string(text)
    }
}
