/// The network that a cluster on AWS has, as its spec asks for it: pure, so that preview, creation, update and validation go by
/// the same list.
///
/// One VPC, of the cluster's own or one that is there and left as it is, with a subnet a zone for machines. These are public, and
/// machines have public addresses that nobody reaches but who `access` names; or they are private, and lead out through NAT
/// gateways, which are in public subnets of their own, as is what faces the internet.
public struct AWSNetworkDesign: Sendable, Equatable {
    public struct Subnet: Sendable, Hashable {
        public enum Place: Sendable, Hashable {
            /// It is made, with this range.
            case own(IPv4CIDR)
            /// It is there, under this id, and stays as it is.
            case shared(String)
        }

        public var zone: String
        public var place: Place
        /// Whether it is for machines, or for what leads to them and out.
        public var use: AWSSubnetUse

        /// As a part of the network.
        public var text: String {
            switch place {
            case .own(let cidr): "\(cidr)"
            case .shared(let id): AWSNetworkPart.shared(id)
            }
        }

        public var sharedID: String? { if case .shared(let id) = place { id } else { nil } }
    }

    /// A network load balancer in front of the control plane.
    public struct Balancer: Sendable, Hashable {
        public var exposure: AWSAPIExposure
        /// Part of its name, which has at most 32 characters.
        public var suffix: String { exposure.suffix }
    }

    /// Of a VPC that is shared with others; nil for one that is made for the cluster.
    public let sharedVPC: String?
    public let vpcCIDR: IPv4CIDR
    public let isPrivate: Bool
    /// Its subnets are there, and their route tables, too.
    public let sharesSubnets: Bool
    /// Those for machines before the others, each sorted by zone.
    public let subnets: [Subnet]
    /// Those that machines' subnets use: each has a route to every machine's pods.
    public let machineTables: [AWSRouteTable]
    /// Zones with a NAT gateway, sorted; empty where machines are in public subnets.
    public let natZones: [String]
    public let rules: [SecurityRule]
    /// Of machines that there can be.
    public let roles: [MachineRole]
    /// The one inside of the VPC first: machines use it, so that none of their packets has to leave and come back.
    public let balancers: [Balancer]
    /// Zones with control plane machines, sorted: those that balancers are in.
    public let controlPlaneZones: [String]
    public let exposure: AWSAPIExposure
    /// Of the record under which people reach the API; nil without one.
    public let dnsName: String?
    /// The hosted zone that it is to be in; nil for the one with the longest name.
    public let hostedZone: String?
    /// Before a record's name it is that of the text which says whose the record is.
    public static let ownerLabel = "_slipway"
    /// How many of the VPC's bits number its subnets.
    private static let subnetBits = 4
    /// The last of the parts that subnets are cut from: it holds the public ones where machines are in private ones.
    private static let publicPart = 15
    /// What is smaller has no public subnets of 16 addresses, the least that AWS makes.
    static let smallestPrivateVPC = 20

    /// - Throws: `.bug` for a spec that is none of AWS or was not checked.
    public init(_ spec: ClusterSpec) throws {
        guard let aws = spec.cloud.aws else {
            throw SlipwayError(.bug, doing: "designing the network", cause: "the spec has no settings of AWS")
        }
        sharedVPC = aws.vpcID
        vpcCIDR = aws.vpcCIDR
        isPrivate = aws.isPrivate
        controlPlaneZones = Set(spec.controlPlane.zones).sorted()
        let zones = Set(spec.controlPlane.zones + spec.pools.flatMap(\.zones)).sorted()
        let uses: [AWSSubnetUse] = aws.isPrivate ? [.machines, .edge] : [.machines]
        sharesSubnets = aws.subnets != nil
        let given: [AWSSubnetUse: [String: String]] = [.machines: aws.subnets ?? [:], .edge: aws.publicSubnets ?? [:]]
        subnets = try uses.flatMap { use in
            try zones.compactMap { zone in
                guard aws.subnets == nil else {
                    // Not every zone has something before its machines.
                    return given[use]?[zone].map { Subnet(zone: zone, place: .shared($0), use: use) }
                }
                guard let cidr = Self.subnet(of: aws.vpcCIDR, zone: zone, use: use) else {
                    throw SlipwayError(.bug, doing: "designing the network", cause: "\(aws.vpcCIDR) has no subnet for the zone \(zone)")
                }
                return Subnet(zone: zone, place: .own(cidr), use: use)
            }
        }
        natZones = !aws.isPrivate || sharesSubnets ? [] : aws.natGateways == .one ? Array(controlPlaneZones.prefix(1)) : zones
        machineTables = sharesSubnets ? [] : aws.isPrivate ? natZones.map(AWSRouteTable.nat) : [.main]
        rules = SecurityRule.all(spec, vpcCIDR: aws.vpcCIDR)
        roles = MachineRole.ofNodes + (spec.hasBastion ? [.bastion] : [])
        exposure = aws.apiExposure
        dnsName = aws.dnsName
        hostedZone = aws.hostedZone
        balancers =
            aws.apiExposure == .internal
            ? [Balancer(exposure: .internal)] : [Balancer(exposure: .internal), Balancer(exposure: .internetFacing)]
    }

    /// A zone's share is fixed by its letter: zones that come or go move no other's.
    static func subnet(of vpc: IPv4CIDR, zone: String, use: AWSSubnetUse = .machines) -> IPv4CIDR? {
        guard let letter = zone.utf8.last, letter >= UInt8(ascii: "a"), vpc.prefix + subnetBits <= 28 else { return nil }
        let number = Int(letter - UInt8(ascii: "a"))
        guard use == .edge else { return vpc.subrange(prefix: vpc.prefix + subnetBits, at: number) }
        guard vpc.prefix <= smallestPrivateVPC, number < publicPart else { return nil }
        return vpc.subrange(prefix: vpc.prefix + 2 * subnetBits, at: publicPart << subnetBits + number)
    }

    /// The table of a subnet that is made.
    public func table(of subnet: Subnet) -> AWSRouteTable {
        if !isPrivate { return .main }
        if subnet.use == .edge { return .edge }
        return machineTables.first { $0 == .nat(subnet.zone) } ?? machineTables.first ?? .main
    }

    /// Those that are made.
    public var tables: [AWSRouteTable] { machineTables + (isPrivate && !sharesSubnets ? [.edge] : []) }

    /// Where a load balancer is.
    public func use(by balancer: Balancer) -> AWSSubnetUse { isPrivate && balancer.exposure == .internetFacing ? .edge : .machines }

    /// What there has to be, by name.
    public var parts: [String: String] {
        var parts: [String: String] = [
            AWSNetworkPart.vpc: sharedVPC.map(AWSNetworkPart.shared) ?? "\(vpcCIDR)", AWSNetworkPart.keyPair: "present",
        ]
        if !sharesSubnets { parts[AWSNetworkPart.gateway] = "attached" }
        for table in tables { parts[AWSNetworkPart.defaultRoute(table)] = AWSNetworkPart.target(table) }
        for zone in natZones { parts[AWSNetworkPart.nat(zone)] = "available" }
        for subnet in subnets { parts[AWSNetworkPart.subnet(subnet.zone, subnet.use)] = subnet.text }
        for role in roles {
            parts[AWSNetworkPart.group(role)] = "present"
            if role.isOfNodes { parts[AWSNetworkPart.profile(role)] = "present" }
        }
        for rule in rules { parts[rule.part] = rule.purpose }
        for balancer in balancers {
            parts[AWSNetworkPart.balancer(balancer.suffix)] = controlPlaneZones.joined(separator: ", ")
            parts[AWSNetworkPart.listener(balancer.suffix)] = "tcp \(NodePorts.api)"
        }
        if let dnsName { parts[AWSNetworkPart.record(dnsName)] = AWSNetworkPart.leadsToAPI }
        return parts
    }

    /// All of it in a few words, for previews.
    public var summary: String {
        let kind = isPrivate ? "private and public " : ""
        let nats = natZones.isEmpty ? "" : ", \(TerminalText.counted(natZones.count, "NAT gateway"))"
        let balancing = TerminalText.counted(balancers.count, "load balancer")
        let vpc = sharedVPC.map { "\(vpcCIDR) of the shared VPC \($0)" } ?? "VPC \(vpcCIDR)"
        let shared = sharesSubnets ? "shared " : ""
        let count = TerminalText.counted(subnets.count, "\(shared)\(kind)subnet")
        return "\(vpc), \(count)\(nats), \(roles.count) security groups, \(balancing)" + (dnsName.map { ", record \($0)" } ?? "")
    }
}

/// What a subnet is for.
public enum AWSSubnetUse: String, Sendable, Hashable, CaseIterable {
    case machines
    /// NAT gateways, the bastion, and balancers that face the internet, before machines in private subnets.
    case edge
}

/// A route table by what its subnets are led out by.
public enum AWSRouteTable: Sendable, Hashable {
    /// Of machines in public subnets: the internet gateway.
    case main
    /// Of what is before machines in private ones: the internet gateway.
    case edge
    /// Of machines in private subnets: the NAT gateway of this zone.
    case nat(String)
    /// Of subnets that are shared, by its id: what its owner has chosen. Routes to pods are added to it, and nothing else is changed.
    case shared(String)

    public var isShared: Bool { if case .shared = self { true } else { false } }

    /// As a tag has it.
    public var text: String {
        switch self {
        case .main: "main"
        case .edge: "edge"
        case .nat(let zone): "nat \(zone)"
        case .shared(let id): "shared \(id)"
        }
    }

    /// - Parameter text: nil for a table without the tag, which is one of machines.
    public init?(_ text: String?) {
        switch text {
        case nil, "main": self = .main
        case "edge": self = .edge
        case let text? where text.hasPrefix("nat "): self = .nat(String(text.dropFirst(4)))
        default: return nil
        }
    }
}

/// Names of the parts of a network on AWS, as people read them.
public enum AWSNetworkPart {
    public static let vpc = "vpc"
    public static let gateway = "internet gateway"
    public static let keyPair = "key pair"
    public static func defaultRoute(_ table: AWSRouteTable) -> String {
        switch table {
        case .main: "route 0.0.0.0/0"
        case .edge: "route 0.0.0.0/0 of public subnets"
        case .nat(let zone): "route 0.0.0.0/0 of private subnets, \(zone)"
        case .shared(let id): "route 0.0.0.0/0 of \(id)"
        }
    }
    /// What its default route leads to.
    public static func target(_ table: AWSRouteTable) -> String {
        if case .nat(let zone) = table { nat(zone) } else { gateway }
    }
    public static func nat(_ zone: String) -> String { "NAT gateway \(zone)" }
    /// From which machines of the zone are seen outside.
    public static func natAddress(_ zone: String) -> String { "address of NAT gateway \(zone)" }
    public static func table(_ table: AWSRouteTable) -> String {
        switch table {
        case .main: "route table"
        case .edge: "route table of public subnets"
        case .nat(let zone): "route table of private subnets, \(zone)"
        case .shared(let id): "route table \(id), shared"
        }
    }
    /// What stands for a VPC that is not the cluster's own.
    public static func shared(_ vpc: String) -> String { "\(vpc), shared" }
    public static func isRule(_ part: String) -> Bool { part.hasPrefix("rule ") }
    public static func record(_ dnsName: String) -> String { "record \(dnsName)" }
    public static func isRecord(_ part: String) -> Bool { part.hasPrefix("record ") }
    /// Of a record that is as it should be.
    public static let leadsToAPI = "leads to the API"
    public static func subnet(_ zone: String, _ use: AWSSubnetUse = .machines) -> String {
        use == .edge ? "public subnet \(zone)" : "subnet \(zone)"
    }
    public static func group(_ role: MachineRole) -> String { "security group \(role.groupName)" }
    public static func profile(_ role: MachineRole) -> String { "instance profile \(role.groupName)" }
    public static func balancer(_ suffix: String) -> String { "load balancer \(suffix)" }
    public static func listener(_ suffix: String) -> String { "listener \(suffix)" }
}

extension MachineRole {
    /// What its machines share on AWS is called by.
    public var groupName: String { self == .worker ? "nodes" : rawValue }
}
