import Foundation
import Testing
import Yams

@testable import ClusterModel

/// The schema that editors are given knows what the decoder knows.
@Suite struct SpecJSONSchemaTests {
    private let schema = SpecJSONSchema.document

    private func at(_ path: String...) -> JSONValue? {
        path.reduce(schema as JSONValue?) { place, key in
            place.flatMap { $0["properties"]?[key] ?? $0["items"]?["properties"]?[key] }
        }
    }

    @Test func itsKeysAreTheDecoders() {
        let homes: [(JSONValue?, [String])] = [
            (schema, SpecSchema.document), (at("metadata"), SpecSchema.metadata), (at("spec"), SpecSchema.spec),
            (at("spec", "cloud"), SpecSchema.cloud), (at("spec", "cloud", "local"), SpecSchema.localCloud),
            (at("spec", "access"), SpecSchema.access), (at("spec", "controlPlane"), SpecSchema.controlPlane),
            (at("spec", "pools")?["items"], SpecSchema.pool), (at("spec", "pools", "taints")?["items"], SpecSchema.taint),
            (at("spec", "pools", "update"), SpecSchema.update), (at("spec", "network"), SpecSchema.network),
            (at("spec", "assets"), SpecSchema.assets),
        ]
        for (place, keys) in homes {
            #expect(Set(place?["properties"]?.members.keys.map { $0 } ?? []) == Set(keys))
            #expect(place?["additionalProperties"] == .bool(false))
            for key in keys { #expect(place?["properties"]?[key] != .bool(true), "\(key) is not described") }
        }
    }

    /// What the schema requires is what the decoder misses, and nothing else.
    @Test func whatItRequiresTheDecoderRequiresToo() {
        let required = Set(at("spec")?["required"]?.elements.compactMap(\.text) ?? [])
        for key in SpecSchema.spec {
            let text = Specs.text().replacing("cloud: {provider: local}", with: key == "cloud" ? "pools: []" : "cloud: {provider: local}")
            let misses = Specs.findings(text).contains { $0.severity == .error && $0.message.contains("'spec.\(key)' is missing") }
            #expect(misses == required.contains(key), "\(key)")
        }
    }

    @Test func itIsAsWanted() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try Golden.expect(String(decoding: try encoder.encode(schema), as: UTF8.self) + "\n", equals: "schema.json")
    }
}
