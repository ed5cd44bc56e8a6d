/// An IPv4 address. Ordered by its numeric value.
public struct IPv4Address: Hashable, Comparable, Sendable {
    /// The address as a number, most significant octet first (`10.0.0.1` is `0x0A000001`).
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Parses dotted-quad notation. Leading zeros are refused, as some parsers read them as octal.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard !part.isEmpty, part.utf8.allSatisfy({ (48...57).contains($0) }), part == "0" || !part.hasPrefix("0"),
                let octet = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(octet)
        }
        rawValue = value
    }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension IPv4Address: CustomStringConvertible {
    public var description: String {
        "\(rawValue >> 24).\(rawValue >> 16 & 255).\(rawValue >> 8 & 255).\(rawValue & 255)"
    }
}

/// A range of IPv4 addresses in CIDR notation. Host bits are always zero.
public struct IPv4CIDR: Hashable, Sendable {
    /// The first address of the range.
    public let base: IPv4Address
    /// How many leading bits are fixed, 0 to 32.
    public let prefix: Int

    /// Nil when `prefix` is outside 0...32 or `base` has host bits set.
    public init?(base: IPv4Address, prefix: Int) {
        guard (0...32).contains(prefix), base.rawValue & ~Self.mask(prefix) == 0 else { return nil }
        self.base = base
        self.prefix = prefix
    }

    /// Parses `10.0.0.0/8`. Nil when malformed or when host bits are set.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let base = IPv4Address(parts[0]), parts[1].count <= 2, parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
            let prefix = Int(parts[1])
        else { return nil }
        self.init(base: base, prefix: prefix)
    }

    static func mask(_ prefix: Int) -> UInt32 { prefix == 0 ? 0 : ~UInt32(0) << UInt32(32 - prefix) }

    private init() {
        base = IPv4Address(rawValue: 0)
        prefix = 0
    }

    /// `0.0.0.0/0`
    public static let everywhere = IPv4CIDR()

    /// The number of addresses, network and broadcast address included.
    public var count: Int { 1 << (32 - prefix) }
    /// The last address (the broadcast address of a subnet).
    public var last: IPv4Address { IPv4Address(rawValue: base.rawValue | ~Self.mask(prefix)) }

    public func contains(_ address: IPv4Address) -> Bool { address.rawValue & Self.mask(prefix) == base.rawValue }
    public func contains(_ other: IPv4CIDR) -> Bool { other.prefix >= prefix && contains(other.base) }
    public func overlaps(_ other: IPv4CIDR) -> Bool { contains(other.base) || other.contains(base) }

    /// The address `offset` places after the first, nil when it lies outside.
    public func address(at offset: Int) -> IPv4Address? {
        guard offset >= 0, offset < count else { return nil }
        return IPv4Address(rawValue: base.rawValue + UInt32(offset))
    }

    /// The `index`-th subrange with `prefix` bits, nil when there is none.
    public func subrange(prefix: Int, at index: Int) -> IPv4CIDR? {
        guard (self.prefix...32).contains(prefix), index >= 0, index < 1 << (prefix - self.prefix) else { return nil }
        return IPv4CIDR(base: IPv4Address(rawValue: base.rawValue + UInt32(index << (32 - prefix))), prefix: prefix)
    }
}

extension IPv4CIDR: CustomStringConvertible {
    public var description: String { "\(base)/\(prefix)" }
}
