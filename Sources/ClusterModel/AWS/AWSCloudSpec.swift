/// Settings of a cluster on AWS.
public struct AWSCloudSpec: Codable, Sendable, Equatable {
    /// As `us-east-1`. All zones are in it.
    public var region: String
    /// A VPC that is there and stays, as `vpc-0a1b`: the cluster makes subnets of its own in it. Nil: one is made for the cluster.
    public var vpcID: String?
    /// The range of the VPC that is made for the cluster, or the part of the one that is there that its subnets are cut from.
    public var vpcCIDR: IPv4CIDR
    /// Subnets that are there and stay, by zone: machines are in these. Nil: the cluster has some of its own.
    public var subnets: [String: String]?
    /// The same for what is before machines in private ones: the bastion, and the balancer that faces the internet.
    public var publicSubnets: [String: String]?
    /// Nil: `public`.
    public var topology: AWSTopology?
    /// How private subnets reach the outside. Nil: `perZone`, where they are private.
    public var natGateways: AWSNATGateways?
    /// The instance type of the bastion that logins lead through. Nil: there is none.
    public var bastionType: String?
    /// What machines boot from. Nil: Debian 12, for the architecture of their instance type.
    public var image: AWSImage?
    /// Of each machine's root volume, in GiB.
    public var volumeSize: Int
    public var apiExposure: AWSAPIExposure
    /// Under which people reach the API, besides the load balancer's own name: a record of Route 53.
    public var dnsName: String?
    /// The id of the hosted zone that the record is in. Nil: the one with the longest name that holds it.
    public var hostedZone: String?

    public init(
        region: String, vpcID: String? = nil, vpcCIDR: IPv4CIDR = SpecDefaults.vpcCIDR, subnets: [String: String]? = nil,
        publicSubnets: [String: String]? = nil, topology: AWSTopology? = nil, natGateways: AWSNATGateways? = nil,
        bastionType: String? = nil, image: AWSImage? = nil,
        volumeSize: Int = SpecDefaults.volumeSize, apiExposure: AWSAPIExposure = SpecDefaults.apiExposure, dnsName: String? = nil,
        hostedZone: String? = nil
    ) {
        self.region = region
        self.vpcID = vpcID
        self.vpcCIDR = vpcCIDR
        self.subnets = subnets
        self.publicSubnets = publicSubnets
        self.topology = topology
        self.natGateways = natGateways
        self.bastionType = bastionType
        self.image = image
        self.volumeSize = volumeSize
        self.apiExposure = apiExposure
        self.dnsName = dnsName
        self.hostedZone = hostedZone
    }

    public var isPrivate: Bool { topology == .private }
}

extension ClusterSpec {
    /// Whether logins to its nodes lead through another machine.
    public var hasBastion: Bool { cloud.aws?.bastionType != nil }

    /// Names that machines are counted under: those of its pools, and what is called so besides.
    public var poolNames: [String] {
        [MachineRole.controlPlanePool] + (hasBastion ? [MachineRole.bastionPool] : []) + pools.map(\.name)
    }
}

/// Where machines are.
public enum AWSTopology: String, Codable, Sendable, CaseIterable {
    /// In public subnets, with a public address each.
    case `public`
    /// In private subnets: nobody outside reaches them, and they reach the outside through NAT gateways.
    case `private`
}

/// How many NAT gateways private subnets share.
public enum AWSNATGateways: String, Codable, Sendable, CaseIterable {
    /// One in each zone: the loss of a zone costs no other one its way out, and traffic stays in its zone.
    case perZone
    /// One for all, in the first zone.
    case one
}

/// Ids of things on EC2 by their form.
public enum AWSID {
    public static func isVPC(_ text: String) -> Bool { isID(text, of: "vpc-") }
    public static func isSubnet(_ text: String) -> Bool { isID(text, of: "subnet-") }

    /// The kind and hexadecimal digits, of which there were eight once and are seventeen now.
    private static func isID(_ text: String, of kind: String) -> Bool {
        guard text.hasPrefix(kind) else { return false }
        let digits = text.dropFirst(kind.count)
        return (8...17).contains(digits.count) && digits.allSatisfy { $0.isASCII && $0.isHexDigit && !$0.isUppercase }
    }
}

/// From where the API's endpoint can be reached. Who may use it is said by `access`.
public enum AWSAPIExposure: String, Codable, Sendable, CaseIterable {
    /// By public addresses: one load balancer for people, and one inside of the VPC for the machines.
    case internetFacing
    /// Inside of the VPC and of networks connected to it only.
    case `internal`

    /// Part of the name of the load balancer that is for it.
    public var suffix: String { self == .internal ? "internal" : "public" }
}

/// A way to name a machine image: `ami-ID`, `ssm:PARAMETER`, or `OWNER/NAME` where the name may hold `*` and the newest counts.
public enum AWSImage: Sendable, Hashable {
    case id(String)
    /// A parameter of Systems Manager whose value is an image's id.
    case parameter(String)
    case newest(owner: String, name: String)

    public init?(_ text: String) {
        if text.hasPrefix("ami-"), text.count > 4 {
            self = .id(text)
        } else if text.hasPrefix("ssm:"), text.count > 4 {
            self = .parameter(String(text.dropFirst(4)))
        } else if let slash = text.firstIndex(of: "/"), slash != text.startIndex, text.index(after: slash) != text.endIndex {
            self = .newest(owner: String(text[..<slash]), name: String(text[text.index(after: slash)...]))
        } else {
            return nil
        }
    }

    /// Debian's own account publishes these; https://wiki.debian.org/Cloud/AmazonEC2Image/Bookworm
    public static func debian12(_ architecture: AWSArchitecture) -> AWSImage {
        .newest(owner: "136693071363", name: "debian-12-\(architecture == .arm64 ? "arm64" : "amd64")-*")
    }
}

extension AWSImage: TextCodable {
    public init?(text: String) { self.init(text) }

    public var description: String {
        switch self {
        case .id(let id): id
        case .parameter(let name): "ssm:\(name)"
        case .newest(let owner, let name): "\(owner)/\(name)"
        }
    }
}

/// Of processors, as EC2 calls them.
public enum AWSArchitecture: String, Codable, Sendable {
    case x86_64, arm64
}

/// Zones and regions by their names: `us-east-1a` is a zone of `us-east-1`.
public enum AWSZone {
    /// Nil for a text that is no availability zone's name.
    public static func region(of zone: String) -> String? {
        guard let letter = zone.last, letter.isASCII, letter.isLowercase else { return nil }
        let region = String(zone.dropLast())
        return isRegion(region) ? region : nil
    }

    /// A region's name ends with a number: `eu-central-1`, `us-gov-west-1`.
    public static func isRegion(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 3, let number = parts.last, !number.isEmpty, number.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            return false
        }
        return parts.dropLast().allSatisfy { !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isLowercase } }
    }
}
