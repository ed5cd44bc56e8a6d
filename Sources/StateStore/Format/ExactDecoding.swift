import ClusterModel
import Foundation

extension StateCoding {
    /// What a value was read from says more than the value: written again it would be lost.
    struct SaysMore: Error, Equatable {}

    /// Decodes a value that says all that the bytes say. A newer version may have added something that this one does not
    /// know; decoding alone would drop it silently, and the next write would make that final.
    static func decodeWhole<Value: Codable>(_ type: Value.Type, _ bytes: some Sequence<UInt8>) throws -> Value {
        let bytes = Data(bytes)
        let value = try decode(type, bytes)
        let again = try encoder().encode(value)
        // What this version wrote is the same to the byte; the comparison of what it means is for everything else.
        if again == bytes { return value }
        let before = try decode(JSONValue.self, bytes)
        guard try decode(JSONValue.self, again).contains(before) else { throw SaysMore() }
        return value
    }
}

extension JSONValue {
    /// Everything that `other` says is here as well; members of objects may be here that it has not.
    fileprivate func contains(_ other: JSONValue) -> Bool {
        switch (self, other) {
        case (.object(let mine), .object(let theirs)):
            theirs.allSatisfy { key, value in mine[key]?.contains(value) ?? false }
        case (.array(let mine), .array(let theirs)):
            mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.contains($1) }
        default: self == other
        }
    }
}
