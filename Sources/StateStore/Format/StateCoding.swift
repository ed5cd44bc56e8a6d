public import ClusterModel
import Crypto
import Foundation

/// How values are written in a store: JSON on one line with sorted keys and times in UTC, so that equal values are
/// equal bytes.
public enum StateCoding {
    static func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(text(of: date))
        }
        return encoder
    }

    static func decoder() -> JSONDecoder {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let container = try decoder.singleValueContainer()
            let text = try container.decode(String.self)
            guard let date = date(of: text) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "'\(text)' is not a time")
            }
            return date
        }
        return decoder
    }

    static func encode(_ value: some Encodable) throws -> [UInt8] { Array(try encoder().encode(value)) }

    static func decode<Value: Decodable>(_ type: Value.Type, _ bytes: some Sequence<UInt8>) throws -> Value {
        try decoder().decode(type, from: Data(bytes))
    }

    /// `2026-01-31T12:00:00.250Z`
    static func text(of date: Date) -> String {
        // What is formatted is cut off after the milliseconds, and most of them are a little less than they should be.
        let rounded = Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded() / 1000 + 0.0001)
        return rounded.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    static func date(of text: String) -> Date? {
        (try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text))
            ?? (try? Date.ISO8601FormatStyle().parse(text))
    }

    /// Lower-case hexadecimal digits of the first `bytes` bytes of the SHA-256.
    static func checksum(_ content: some Sequence<UInt8>, bytes: Int = 32) -> String {
        var hash = SHA256()
        if content.withContiguousStorageIfAvailable({ hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }) == nil {
            hash.update(data: Data(content))
        }
        return hash.finalize().prefix(bytes).hexadecimal
    }

    /// One event as a line of a run's log, with its newline. Standard output shows events in the same form.
    public static func line(of event: RunEvent) throws -> [UInt8] { try encode(event) + [UInt8(ascii: "\n")] }

    /// The events of a log. A last line that was not finished is left out, as is what no event can be read from.
    public static func events(in log: [UInt8]) -> [RunEvent] {
        log.split(separator: UInt8(ascii: "\n")).compactMap { try? decode(RunEvent.self, $0) }
    }
}
