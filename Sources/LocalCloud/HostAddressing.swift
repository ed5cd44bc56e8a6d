import ClusterModel
import Foundation

/// What `ip` says of links, addresses and routes; the few fields that are used.
enum IPReport {
    struct Link: Decodable {
        struct Inet: Decodable {
            var local: String?
            var prefixlen: Int?
        }

        var ifname: String?
        var operstate: String?
        var flags: [String]?
        var master: String?
        var addr_info: [Inet]?

        var isUp: Bool { flags?.contains("UP") ?? false }
        func has(_ address: IPv4Address, prefix: Int) -> Bool {
            addr_info?.contains { $0.local == address.description && $0.prefixlen == prefix } ?? false
        }
    }

    struct Route: Decodable {
        var dst: String?
        var dev: String?
        var gateway: String?
        var table: String?
    }

    /// Empty output, which `ip` gives when there is nothing, is an empty list.
    static func decode<Element: Decodable>(_ type: Element.Type, from text: String) throws -> [Element] {
        if text.allSatisfy(\.isWhitespace) { return [] }
        return try JSONDecoder().decode([Element].self, from: Data(text.utf8))
    }
}

/// The ranges that this host has routes or addresses in.
enum HostAddressing {
    /// Reads the reports of `ip -j -4 addr` and `ip -j -4 route show table all`. The default route and multicast count
    /// as no use. `ignoring` names the link whose ranges are the cluster's own.
    static func usedRanges(links: String, routes: String, ignoring: String?) throws -> [UsedRange] {
        var used: [UsedRange] = []
        for link in try IPReport.decode(IPReport.Link.self, from: links) where link.ifname != nil && link.ifname != ignoring {
            for inet in link.addr_info ?? [] {
                guard let local = inet.local.flatMap({ IPv4Address($0) }), let prefix = inet.prefixlen,
                    let cidr = IPv4CIDR(containing: local, prefix: prefix)
                else { continue }
                used.append(UsedRange(cidr: cidr, by: "an address of \(link.ifname ?? "a link")"))
            }
        }
        for route in try IPReport.decode(IPReport.Route.self, from: routes) where ignoring == nil || route.dev != ignoring {
            guard let dst = route.dst, dst != "default", dst != "0.0.0.0/0",
                let cidr = IPv4CIDR(dst) ?? IPv4Address(dst).flatMap({ IPv4CIDR(base: $0, prefix: 32) }),
                cidr.prefix > 0, !used.contains(where: { $0.cidr.contains(cidr) })
            else { continue }
            used.append(UsedRange(cidr: cidr, by: "a route over \(route.dev ?? "no link")"))
        }
        return used
    }
}

extension IPv4CIDR {
    /// The range with this prefix that the address lies in. Nil when `prefix` is outside 0...32.
    init?(containing address: IPv4Address, prefix: Int) {
        guard (0...32).contains(prefix) else { return nil }
        let mask = prefix == 0 ? 0 : ~UInt32(0) << UInt32(32 - prefix)
        self.init(base: IPv4Address(rawValue: address.rawValue & mask), prefix: prefix)
    }
}
