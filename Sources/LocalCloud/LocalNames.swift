import ClusterModel

/// Names of what a cluster has on its host, all derived from its uid: namespaces, links and cgroups are global there.
struct LocalNames: Sendable, Equatable {
    /// What every such name begins with.
    static let prefix = "slw"

    let uid: String

    /// Throws `.refused` when the uid could not be part of a link's name (15 characters at most).
    init(uid: String) throws {
        guard (1...12).contains(uid.utf8.count), uid.utf8.allSatisfy(Self.isLowerAlphanumeric) else {
            throw SlipwayError(
                .refused, doing: "naming what the cluster has on this host",
                cause: "the uid '\(uid)' is not 1 to 12 lower-case letters and digits")
        }
        self.uid = uid
    }

    /// The network namespace that holds the cluster's bridge and router.
    var namespace: String { "\(Self.prefix)-\(uid)" }
    /// The one link of the cluster on the host.
    var hostLink: String { "\(Self.prefix)\(uid)" }
    /// The bridge, inside the namespace.
    var bridge: String { "br0" }
    /// The bridge's port to the host, inside the namespace.
    var uplink: String { "up0" }
    /// A machine's link, inside the machine's namespace.
    static let machineLink = "host0"

    /// A machine's network namespace, and its cgroup in every hierarchy.
    func machine(_ name: String) -> String { "\(machinePrefix)\(name)" }
    var machinePrefix: String { "\(Self.prefix)-\(uid)-" }

    /// The bridge's port to the machine with this address, inside the cluster's namespace.
    func port(of address: IPv4Address, in cidr: IPv4CIDR) -> String { "m\(address.rawValue - cidr.base.rawValue)" }

    /// Always the same hardware address for an address, so that nobody's neighbour table goes stale when it is given to
    /// another machine. Locally administered.
    static func hardwareAddress(_ address: IPv4Address) -> String {
        let octets = [0x02, 0x53] + stride(from: 24, through: 0, by: -8).map { address.rawValue >> UInt32($0) & 255 }
        return octets.map { octet in
            let text = String(octet, radix: 16)
            return text.count == 1 ? "0\(text)" : text
        }.joined(separator: ":")
    }

    /// Throws `.refused` for a name that is not a DNS label.
    static func check(machine name: String) throws {
        let edges = [name.utf8.first, name.utf8.last].compactMap { $0 }
        guard (1...63).contains(name.utf8.count), name.utf8.allSatisfy({ isLowerAlphanumeric($0) || $0 == UInt8(ascii: "-") }),
            edges.allSatisfy(isLowerAlphanumeric)
        else {
            throw SlipwayError(
                .refused, at: Address(.machine, name), doing: "naming a machine", cause: "'\(name)' is not a lower-case DNS label")
        }
    }

    private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
