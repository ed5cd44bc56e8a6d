/// A number of machines, or a share of them (`2`, `10%`).
public enum CountOrPercent: Hashable, Sendable {
    /// At least 0.
    case count(Int)
    /// 0 to 100.
    case percent(Int)

    /// Parses `2` or `10%`.
    public init?(_ text: some StringProtocol) {
        if text.hasSuffix("%") {
            guard let share = Int(text.dropLast()), (0...100).contains(share) else { return nil }
            self = .percent(share)
        } else {
            guard let count = Int(text), count >= 0 else { return nil }
            self = .count(count)
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
