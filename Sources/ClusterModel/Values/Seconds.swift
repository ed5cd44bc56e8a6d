/// A duration in whole seconds, written as Kubernetes and Go write it (`15m`, `1h30m`, `45s`).
public struct Seconds: Hashable, Comparable, Sendable {
    public let value: Int

    public init(_ value: Int) { self.value = value }

    /// Parses a sequence of numbers with the units h, m and s, each unit at most once and in that order.
    public init?(text: String) {
        var total = 0
        var digits = ""
        var units = "hms"[...]
        for character in text {
            if character.isASCII, character.isNumber {
                digits.append(character)
                continue
            }
            guard let number = Int(digits), number <= 1_000_000, let place = units.firstIndex(of: character) else { return nil }
            total += number * (character == "h" ? 3600 : character == "m" ? 60 : 1)
            units = units[units.index(after: place)...]
            digits = ""
        }
        guard digits.isEmpty, !text.isEmpty else { return nil }
        value = total
    }

    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }

    public var duration: Duration { .seconds(value) }
}

extension Seconds: TextCodable {
    public var description: String {
        let parts = [(value / 3600, "h"), (value / 60 % 60, "m"), (value % 60, "s")]
        let text = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
        return text.isEmpty ? "0s" : text
    }
}
