import ClusterModel

/// A range of addresses that is in use, and by what, in words.
struct UsedRange: Sendable, Equatable {
    var cidr: IPv4CIDR
    var by: String
}

/// Chooses the range of a cluster's machines, or judges one that was given.
enum RangeChoice {
    /// Ranges are chosen from here, /24 each, from the ninth upward. Shared address space (RFC 6598): rarely used on hosts.
    static let pool = [100, 96].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << 16
    static let indices = 8..<256

    static var candidates: [IPv4CIDR] {
        indices.compactMap { IPv4CIDR(base: IPv4Address(rawValue: pool | UInt32($0) << 8), prefix: 24) }
    }

    /// The first candidate that overlaps nothing. Throws `.refused` when there is none.
    static func choose(used: [UsedRange]) throws -> IPv4CIDR {
        if let free = candidates.first(where: { candidate in !used.contains { $0.cidr.overlaps(candidate) } }) { return free }
        let blockers = Set(used.filter { range in candidates.contains { $0.overlaps(range.cidr) } }.map { "\($0.cidr) (\($0.by))" })
        throw SlipwayError(
            .refused, doing: "choosing a free range for the machines",
            cause: "100.96.8.0 to 100.96.255.255 is in use by \(blockers.sorted().prefix(5).joined(separator: ", "))",
            hint: "set spec.cloud.local.cidr to a range that is free on this host")
    }

    /// Throws `.refused`, naming by what, when a part of the range is in use.
    static func check(_ cidr: IPv4CIDR, used: [UsedRange]) throws {
        let conflicts = used.filter { $0.cidr.overlaps(cidr) }
        guard !conflicts.isEmpty else { return }
        throw SlipwayError(
            .refused, doing: "taking the range \(cidr) for the machines",
            cause: "it is in use: " + conflicts.map { "\($0.cidr) by \($0.by)" }.joined(separator: ", "),
            hint: "choose another cidr, or none: then a free one is chosen")
    }
}
