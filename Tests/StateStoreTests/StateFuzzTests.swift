import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import StateStore

/// Many damaged state documents, journals and secrets: never a crash or a wait, and nothing is accepted that the schema
/// rejects. Every fifth is damaged under a right checksum, as the checksum alone would keep all of it out. Each failure names
/// its seed.
@Suite struct StateFuzzTests {
    private static let documents = 50_000, journals = 45_000, secrets = 5_000

    private static func isResealed(_ seed: UInt64) -> Bool { seed.isMultiple(of: 5) }

    private static let parts: [[UInt8]] = [
        "{", "}", "[", "]", "\"", ":", ",", "\n", "null", "true", "0", "-1", "1e9", "9999999999999999999999", "\\u0000", "\u{0}",
        #"{"sum":""#, #","body":"#, #""formatVersion":2,"#, #""formatVersion":"#, #""_0":"#, #""serial":"#, #"{"a":1}"#, "é",
    ].map { Array($0.utf8) }

    @Test func documents() throws {
        var state = try Sample.state()
        for change in try Sample.changes().prefix(5) { state.apply(change) }
        let whole = try StateDocument(state).bytes()
        let body = try StateCoding.decode(JSONValue.self, StateCoding.encode(StateDocument(state).body))
        let validator = JSONSchemaValidator(StateJSONSchema.document)
        var accepted = 0
        for seed in 0..<UInt64(Self.documents) {
            var generator = SeededGenerator(seed: seed)
            let bytes: [UInt8]
            if !Self.isResealed(seed) {
                bytes = Mutation.bytes(whole, parts: Self.parts, &generator)
            } else {
                bytes = Self.document(try StateCoding.encode(Mutation.json(body, &generator)))
            }
            do {
                _ = try StateDocument(bytes)
                accepted += 1
                let problems = validator.problems(try StateCoding.decode(JSONValue.self, bytes))
                #expect(problems.isEmpty, "seed \(seed): \(problems)")
            } catch is StateDamage {}
        }
        print("state: \(Self.documents) inputs, \(accepted) accepted")
        #expect(accepted > Self.documents / 100, "the damage leaves too few readable")
    }

    private static func document(_ body: [UInt8]) -> [UInt8] {
        Array(#"{"formatVersion":1,"sum":"\#(StateCoding.checksum(body))","body":"#.utf8) + body + Array("}\n".utf8)
    }

    @Test func journals() throws {
        let records = try Sample.records()
        let lines = try records.map { try $0.line() }
        let trees = try records.map { try StateCoding.decode(JSONValue.self, StateCoding.encode($0)) }
        let validator = JSONSchemaValidator(StateJSONSchema.journalLine)
        let start = StateDocument(try Sample.state())
        var accepted = 0
        for seed in 0..<UInt64(Self.journals) {
            var generator = SeededGenerator(seed: seed)
            let bytes: [UInt8]
            if !Self.isResealed(seed) {
                let first = Int.random(in: 0..<lines.count - 1, using: &generator)
                bytes = Mutation.bytes(lines[first] + lines[first + 1], parts: Self.parts, &generator)
            } else {
                let first = Int.random(in: trees.indices, using: &generator)
                var lines = Array(trees[first..<min(trees.count, first + 2)])
                lines[lines.count - 1] = Mutation.json(lines[lines.count - 1], &generator)
                bytes = try lines.flatMap { try Self.line($0) }
            }
            do {
                let journal = try Journal(bytes)
                accepted += 1
                for (index, line) in bytes.split(separator: JournalRecord.newline).prefix(journal.records.count).enumerated()
                where Self.isResealed(seed) {
                    let problems = validator.problems(try StateCoding.decode(JSONValue.self, line))
                    #expect(problems.isEmpty, "seed \(seed), line \(index + 1): \(problems)")
                }
                var document = start
                try document.replay(journal)
            } catch is StateDamage {}
        }
        print("journal: \(Self.journals) inputs, \(accepted) accepted")
        #expect(accepted > Self.journals / 100, "the damage leaves too few readable")
    }

    private static func line(_ record: JSONValue) throws -> [UInt8] {
        let bytes = try StateCoding.encode(record)
        return Array(#"{"sum":"\#(StateCoding.checksum(bytes, bytes: 8))","record":"#.utf8) + bytes + Array("}\n".utf8)
    }

    @Test func secretsAreTheSameOrRefused() throws {
        let key = StoreKey([UInt8](repeating: 7, count: 32))
        let whole = try SecretsDocument(sealing: ["a": Secret("b")], lineage: "l", key: key, derivation: Derivation(rounds: 16)).bytes()
        for seed in 0..<UInt64(Self.secrets) {
            var generator = SeededGenerator(seed: seed)
            let bytes = Mutation.bytes(whole, parts: Self.parts, &generator)
            guard let opened = try? SecretsDocument(bytes, cluster: "demo").open(with: key, at: "k", cluster: "demo") else { continue }
            #expect(opened == ["a": Secret("b")], "seed \(seed)")
        }
    }
}
