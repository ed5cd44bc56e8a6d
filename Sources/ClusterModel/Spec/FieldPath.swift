/// The place of a value in a spec, printed as `spec.pools[0].labels[example.com/tier]`.
struct FieldPath: Hashable, Sendable {
    enum Component: Hashable, Sendable {
        case field(String)
        case index(Int)
        /// A key that the user chose, as a label's.
        case key(String)
    }

    var components: [Component]

    static let root = FieldPath(components: [])
    static let name = FieldPath("metadata", "name")
    static let spec = FieldPath("spec")

    init(components: [Component]) { self.components = components }
    init(_ fields: String...) { components = fields.map { .field($0) } }

    func field(_ name: String) -> FieldPath { FieldPath(components: components + [.field(name)]) }
    func index(_ index: Int) -> FieldPath { FieldPath(components: components + [.index(index)]) }
    func key(_ key: String) -> FieldPath { FieldPath(components: components + [.key(key)]) }

    var parent: FieldPath? { components.isEmpty ? nil : FieldPath(components: components.dropLast()) }

    /// True when both lie on one line from the root: the same place, or one inside the other.
    func isRelated(to other: FieldPath) -> Bool {
        zip(components, other.components).allSatisfy { $0 == $1 }
    }
}

extension FieldPath: CustomStringConvertible {
    var description: String {
        var text = ""
        for component in components {
            switch component {
            case .field(let name): text += text.isEmpty ? name : ".\(name)"
            case .index(let index): text += "[\(index)]"
            case .key(let key): text += "[\(TerminalText.clean(key))]"
            }
        }
        return text
    }
}

/// The paths of the fields that rules look at by name.
extension FieldPath {
    static let kubernetesVersion = spec.field("kubernetesVersion")
    static let cloud = spec.field("cloud")
    static let provider = cloud.field("provider")
    static let localCIDR = cloud.field("local").field("cidr")
    static let aws = cloud.field("aws")
    static let awsRegion = aws.field("region")
    static let vpcID = aws.field("vpcID")
    static let vpcCIDR = aws.field("vpcCIDR")
    static let subnets = aws.field("subnets")
    static let publicSubnets = aws.field("publicSubnets")
    static let topology = aws.field("topology")
    static let natGateways = aws.field("natGateways")
    static let bastionType = aws.field("bastionType")
    static let awsImage = aws.field("image")
    static let volumeSize = aws.field("volumeSize")
    static let apiExposure = aws.field("apiExposure")
    static let dnsName = aws.field("dnsName")
    static let hostedZone = aws.field("hostedZone")
    static let access = spec.field("access")
    static let accessAPI = access.field("api")
    static let accessSSH = access.field("ssh")
    static let sshPublicKeys = access.field("sshPublicKeys")
    static let controlPlane = spec.field("controlPlane")
    static let controlPlaneCount = controlPlane.field("count")
    static let controlPlaneZones = controlPlane.field("zones")
    static let controlPlaneInstanceType = controlPlane.field("instanceType")
    static let controlPlaneStrategy = controlPlane.field("update").field("strategy")
    static let pools = spec.field("pools")
    static let network = spec.field("network")
    static let podCIDR = network.field("podCIDR")
    static let serviceCIDR = network.field("serviceCIDR")
    static let assetsSource = spec.field("assets").field("source")
    static let deletionProtection = spec.field("deletionProtection")
}
