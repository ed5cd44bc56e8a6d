import ClusterModel
import Foundation

/// The JSON that a JSON service's requests are.
enum JSONBody {
    static func encode(_ fields: AWSFields) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(value(.fields(fields))))
    }

    private static func value(_ field: AWSField) -> JSONValue {
        switch field {
        case .text(let text): .string(text)
        case .bare("true"): .bool(true)
        case .bare("false"): .bool(false)
        case .bare(let text): Int(text).map { .int($0) } ?? Double(text).map { .double($0) } ?? .null
        case .time(let time): .double(time.timeIntervalSince1970)
        case .fields(let fields): .object(Dictionary(fields.members.map { ($0.name, value($0.value)) }, uniquingKeysWith: { $1 }))
        case .list(let values, _): .array(values.map(value))
        case .map(let values): .object(values.mapValues(value))
        }
    }
}
