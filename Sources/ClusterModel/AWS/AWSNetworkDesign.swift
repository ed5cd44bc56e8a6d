/// The network that a cluster on AWS has, as its spec asks for it: pure, so that preview, creation, update and validation go by
/// the same list.
///
/// One VPC, of the cluster's own or one that is there and left as it is, with a public subnet a zone; machines have public addresses, and nobody reaches them but who `access` names.
public struct AWSNetworkDesign: Sendable, Equatable {
    public struct Subnet: Sendable, Hashable {
        public var zone: String
        public var cidr: IPv4CIDR
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
    /// Sorted by zone.
    public let subnets: [Subnet]
    public let rules: [SecurityRule]
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

    /// - Throws: `.bug` for a spec that is none of AWS or was not checked.
    public init(_ spec: ClusterSpec) throws {
        guard let aws = spec.cloud.aws else {
            throw SlipwayError(.bug, doing: "designing the network", cause: "the spec has no settings of AWS")
        }
        sharedVPC = aws.vpcID
        vpcCIDR = aws.vpcCIDR
        controlPlaneZones = Set(spec.controlPlane.zones).sorted()
        let zones = Set(spec.controlPlane.zones + spec.pools.flatMap(\.zones)).sorted()
        subnets = try zones.map { zone in
            guard let cidr = Self.subnet(of: aws.vpcCIDR, zone: zone) else {
                throw SlipwayError(.bug, doing: "designing the network", cause: "\(aws.vpcCIDR) has no subnet for the zone \(zone)")
            }
            return Subnet(zone: zone, cidr: cidr)
        }
        rules = SecurityRule.all(spec, vpcCIDR: aws.vpcCIDR)
        exposure = aws.apiExposure
        dnsName = aws.dnsName
        hostedZone = aws.hostedZone
        balancers =
            aws.apiExposure == .internal
            ? [Balancer(exposure: .internal)] : [Balancer(exposure: .internal), Balancer(exposure: .internetFacing)]
    }

    /// A zone's share is fixed by its letter: zones that come or go move no other's.
    static func subnet(of vpc: IPv4CIDR, zone: String) -> IPv4CIDR? {
        guard let letter = zone.utf8.last, letter >= UInt8(ascii: "a"), vpc.prefix + subnetBits <= 28 else { return nil }
        return vpc.subrange(prefix: vpc.prefix + subnetBits, at: Int(letter - UInt8(ascii: "a")))
    }

    /// What there has to be, by name.
    public var parts: [String: String] {
        var parts: [String: String] = [
            AWSNetworkPart.vpc: sharedVPC.map(AWSNetworkPart.shared) ?? "\(vpcCIDR)", AWSNetworkPart.gateway: "attached",
            AWSNetworkPart.defaultRoute: "internet gateway",
            AWSNetworkPart.keyPair: "present",
        ]
        for subnet in subnets { parts[AWSNetworkPart.subnet(subnet.zone)] = "\(subnet.cidr)" }
        for role in MachineRole.allCases {
            parts[AWSNetworkPart.group(role)] = "present"
            parts[AWSNetworkPart.profile(role)] = "present"
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
        let zones = subnets.count == 1 ? "1 subnet" : "\(subnets.count) subnets"
        let balancing = balancers.count == 1 ? "1 load balancer" : "\(balancers.count) load balancers"
        let vpc = sharedVPC.map { "\(vpcCIDR) of the shared VPC \($0)" } ?? "VPC \(vpcCIDR)"
        return "\(vpc), \(zones), 2 security groups, \(balancing)" + (dnsName.map { ", record \($0)" } ?? "")
    }
}

/// Names of the parts of a network on AWS, as people read them.
public enum AWSNetworkPart {
    public static let vpc = "vpc"
    public static let gateway = "internet gateway"
    public static let keyPair = "key pair"
    public static let defaultRoute = "route 0.0.0.0/0"
    /// What stands for a VPC that is not the cluster's own.
    public static func shared(_ vpc: String) -> String { "\(vpc), shared" }
    public static func isRule(_ part: String) -> Bool { part.hasPrefix("rule ") }
    public static func record(_ dnsName: String) -> String { "record \(dnsName)" }
    public static func isRecord(_ part: String) -> Bool { part.hasPrefix("record ") }
    /// Of a record that is as it should be.
    public static let leadsToAPI = "leads to the API"
    public static func subnet(_ zone: String) -> String { "subnet \(zone)" }
    public static func group(_ role: MachineRole) -> String { "security group \(role.groupName)" }
    public static func profile(_ role: MachineRole) -> String { "instance profile \(role.groupName)" }
    public static func balancer(_ suffix: String) -> String { "load balancer \(suffix)" }
    public static func listener(_ suffix: String) -> String { "listener \(suffix)" }
}

extension MachineRole {
    /// What its machines share on AWS is called by.
    public var groupName: String { self == .controlPlane ? "control-plane" : "nodes" }
}
