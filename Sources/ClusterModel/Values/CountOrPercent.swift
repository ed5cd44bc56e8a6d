/// A number of machines, or a share of them (`2`, `10%`).
public enum CountOrPercent: Hashable, Sendable {
    /// At least 0.
    case count(Int)
    /// 0 to 100.
    case percent(Int)

    /// Parses `2` or `10%`. Digits only: no sign, no space.
    public init?(_ text: some StringProtocol) {
        let isShare = text.hasSuffix("%")
        let digits = isShare ? text.dropLast() : text[...]
        guard digits.utf8.allSatisfy({ (48...57).contains($0) }), let number = Int(digits), !isShare || number <= 100 else { return nil }
        self = isShare ? .percent(number) : .count(number)
    }

    /// The number of machines that it means for a pool of `total`. Kubernetes rounds a surge up and unavailable machines down.
    public func count(of total: Int, roundingUp: Bool) -> Int {
        switch self {
        case .count(let count): count
        case .percent(let share): (total * share + (roundingUp ? 99 : 0)) / 100
        }
    }
}

extension CountOrPercent: CustomStringConvertible {
    public var description: String {
        switch self {
        case .count(let count): "\(count)"
        case .percent(let share): "\(share)%"
        }
    }
}

extension CountOrPercent: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let count = try? container.decode(Int.self), count >= 0 {
            self = .count(count)
        } else if let text = try? container.decode(String.self), let value = CountOrPercent(text) {
            self = value
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "expected a count or a percentage")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .count(let count): try container.encode(count)
        case .percent: try container.encode(description)
        }
    }
}
