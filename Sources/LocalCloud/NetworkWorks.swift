import ClusterModel
import Glibc

/// The cluster's part of the host's network: one namespace with a bridge that is also the router, one link to the host,
/// and a namespace with one link into the bridge for each machine. Every function looks first and does what is missing.
/// The caller holds the cluster's lock.
struct NetworkWorks: Sendable {
    static let namespaces = "/run/netns"

    let names: LocalNames
    let addresses: AddressPlan

    init(_ network: NetworkFile) throws {
        names = try LocalNames(uid: network.identity.uid)
        addresses = try network.addresses()
    }

    private var prefix: Int { addresses.cidr.prefix }

    // MARK: Looking

    /// Whether bridge and host link are as they should be.
    func isUp() async throws -> Bool {
        guard Self.namespaceExists(names.namespace) else { return false }
        async let bridge = Self.link(names.bridge, in: names.namespace)
        async let host = Self.link(names.hostLink)
        async let uplink = Self.link(names.uplink, in: names.namespace)
        let (onBridge, onHost, inside) = (try await bridge, try await host, try await uplink)
        return onBridge?.isUp == true && onBridge?.has(addresses.router, prefix: prefix) == true && onHost?.isUp == true
            && onHost?.has(addresses.host, prefix: prefix) == true && inside?.master == names.bridge && inside?.isUp == true
    }

    /// The routes that the router really has: gateway by pod range.
    func routes() async throws -> [IPv4CIDR: IPv4Address] {
        let report = try await Tool.output(
            "ip", ["-n", names.namespace, "-j", "-4", "route", "show"], doing: "reading the routes of the cluster's router")
        return try IPReport.decode(IPReport.Route.self, from: report).reduce(into: [:]) { routes, route in
            guard let cidr = route.dst.flatMap({ IPv4CIDR($0) }), let via = route.gateway.flatMap({ IPv4Address($0) }) else { return }
            routes[cidr] = via
        }
    }

    // MARK: Bringing up

    func bringUp() async throws {
        let doing = "bringing up the cluster's network"
        try await ensureNamespace(names.namespace)
        let space = names.namespace
        try await Tool.output(
            "ip",
            [
                "netns", "exec", space, "sh", "-c",
                """
                for setting in all/rp_filter default/rp_filter all/send_redirects default/send_redirects; do
                    echo 0 >/proc/sys/net/ipv4/conf/$setting
                done
                echo 1 >/proc/sys/net/ipv4/ip_forward
                """,
            ], doing: doing)
        if try await Self.link(names.bridge, in: space) == nil {
            // A bridge without an address of its own takes one of a port, and changes it when that leaves.
            try await Tool.output(
                "ip",
                [
                    "-n", space, "link", "add", names.bridge, "address", LocalNames.hardwareAddress(addresses.router), "type", "bridge",
                ], doing: doing)
        }
        if try await Self.link(names.uplink, in: space) == nil {
            // Of an earlier namespace, whose removal is still under way.
            if try await Self.link(names.hostLink) != nil { try await removeHostLink() }
            try await Tool.output(
                "ip",
                [
                    "link", "add", names.hostLink, "address", LocalNames.hardwareAddress(addresses.host), "type", "veth", "peer", "name",
                    names.uplink, "netns", space,
                ], doing: doing)
        }
        try await Tool.output(
            "ip", ["-n", space, "-batch", "-"],
            input: """
                link set lo up
                address replace \(addresses.router)/\(prefix) dev \(names.bridge)
                link set \(names.bridge) up
                link set \(names.uplink) master \(names.bridge)
                link set \(names.uplink) up

                """, doing: doing)
        try await Tool.output(
            "ip", ["-batch", "-"],
            input: """
                address replace \(addresses.host)/\(prefix) dev \(names.hostLink)
                link set \(names.hostLink) up

                """, doing: doing)
    }

    /// Gives a machine its namespace, link and address. `leader` is its process 1 if it runs: its namespace may have lost
    /// its name. `fresh` starts from an empty namespace, as a machine that boots does.
    func connect(_ machine: MachineFile, leader: Int32?, fresh: Bool = false) async throws {
        let doing = "connecting the machine to its network"
        let space = names.machine(machine.name)
        let port = names.port(of: machine.address, in: addresses.cidr)
        if fresh { try await disconnect(machine) }
        try await ensureNamespace(space, of: leader)
        if try await Self.link(LocalNames.machineLink, in: space) == nil {
            if try await Self.link(port, in: names.namespace) != nil {
                try await Tool.output("ip", ["-n", names.namespace, "link", "del", port], doing: doing)
            }
            try await Tool.output(
                "ip",
                [
                    "-n", names.namespace, "link", "add", port, "type", "veth", "peer", "name", LocalNames.machineLink, "address",
                    LocalNames.hardwareAddress(machine.address), "netns", space,
                ], doing: doing)
        }
        try await Tool.output(
            "ip", ["-n", names.namespace, "-batch", "-"],
            input: """
                link set \(port) master \(names.bridge)
                link set \(port) up

                """, doing: doing)
        try await Tool.output(
            "ip", ["-n", space, "-batch", "-"],
            input: """
                link set lo up
                address replace \(machine.address)/\(prefix) dev \(LocalNames.machineLink)
                link set \(LocalNames.machineLink) up
                route replace default via \(addresses.router) dev \(LocalNames.machineLink)

                """, doing: doing)
    }

    func setRoute(_ podCIDR: IPv4CIDR, via: IPv4Address) async throws {
        try await Tool.output(
            "ip", ["-n", names.namespace, "route", "replace", podCIDR.description, "via", via.description, "dev", names.bridge],
            doing: "setting the route of \(podCIDR)")
    }

    // MARK: Taking down

    func removeRoute(_ podCIDR: IPv4CIDR) async throws {
        guard Self.namespaceExists(names.namespace), try await routes()[podCIDR] != nil else { return }
        try await Tool.output(
            "ip", ["-n", names.namespace, "route", "del", podCIDR.description], doing: "removing the route of \(podCIDR)")
    }

    /// Removes the machine's link and namespace.
    func disconnect(_ machine: MachineFile) async throws {
        let port = names.port(of: machine.address, in: addresses.cidr)
        if Self.namespaceExists(names.namespace), try await Self.link(port, in: names.namespace) != nil {
            try await Tool.output("ip", ["-n", names.namespace, "link", "del", port], doing: "disconnecting the machine")
        }
        try await Self.removeNamespace(names.machine(machine.name))
    }

    /// Removes the host's link and the cluster's namespace. Needs no record.
    static func takeDown(_ names: LocalNames) async throws {
        if try await link(names.hostLink) != nil { try await removeHostLink(names) }
        try await removeNamespace(names.namespace)
    }

    private func removeHostLink() async throws { try await Self.removeHostLink(names) }

    private static func removeHostLink(_ names: LocalNames) async throws {
        let outcome = try await Tool.attempt("ip", ["link", "del", names.hostLink])
        // It also goes by itself, with the namespace at its other end.
        guard !outcome.succeeded, try await link(names.hostLink) != nil else { return }
        throw SlipwayError(.failed, doing: "removing the link \(names.hostLink)", cause: outcome.lastWords, retry: .transient)
    }

    // MARK: Namespaces

    /// True when a namespace is mounted under this name; the name alone can outlive it.
    static func namespaceExists(_ name: String) -> Bool {
        guard let found = Files.status("\(namespaces)/\(name)") else { return false }
        return found.device == Files.status("/proc/self/ns/net", followLinks: true)?.device
    }

    private func ensureNamespace(_ name: String, of process: Int32? = nil) async throws {
        if Self.namespaceExists(name) { return }
        unlink("\(Self.namespaces)/\(name)")
        let arguments = process.map { ["netns", "attach", name, "\($0)"] } ?? ["netns", "add", name]
        try await Tool.output("ip", arguments, doing: "making the network namespace \(name)")
    }

    static func removeNamespace(_ name: String) async throws {
        let path = "\(namespaces)/\(name)"
        guard Files.exists(path) else { return }
        if namespaceExists(name) {
            let outcome = try await Tool.attempt("ip", ["netns", "del", name])
            guard !outcome.succeeded, Files.exists(path) else { return }
            throw SlipwayError(.failed, doing: "removing the network namespace \(name)", cause: outcome.lastWords, retry: .transient)
        }
        unlink(path)
    }

    private static func link(_ name: String, in namespace: String? = nil) async throws -> IPReport.Link? {
        let place = namespace.map { ["-n", $0] } ?? []
        let outcome = try await Tool.attempt("ip", place + ["-j", "addr", "show", "dev", name])
        guard outcome.succeeded else {
            if outcome.errorOutput.contains("does not exist") || outcome.errorOutput.contains("Cannot find device") { return nil }
            throw SlipwayError(.failed, doing: "looking at the link \(name)", cause: outcome.lastWords)
        }
        return try IPReport.decode(IPReport.Link.self, from: outcome.output).first { $0.ifname == name }
    }
}
