/// A spec as far as its user wrote it: nil is what they left to Slipway. File and flags both become one of these.
struct ClusterDraft {
    var name: String?
    var kubernetesVersion: KubernetesVersion?
    var provider: CloudProvider?
    var localCIDR: IPv4CIDR?
    var aws = AWSDraft()
    var accessAPI: [IPv4CIDR]?
    var accessSSH: [IPv4CIDR]?
    var sshPublicKeys: [String]?
    var controlPlane = MachinesDraft()
    var controlPlaneStrategy: UpdateStrategy?
    var pools: [PoolDraft]?
    var podCIDR: IPv4CIDR?
    var serviceCIDR: IPv4CIDR?
    var assetsSource: String?
    var deletionProtection: Bool?

    struct AWSDraft {
        var region: String?
        var vpcID: String?
        var vpcCIDR: IPv4CIDR?
        var subnets: [String: String]?
        var publicSubnets: [String: String]?
        var topology: AWSTopology?
        var natGateways: AWSNATGateways?
        var bastionType: String?
        var image: AWSImage?
        var volumeSize: Int?
        var apiExposure: AWSAPIExposure?
        var dnsName: String?
        var hostedZone: String?
    }

    struct MachinesDraft {
        var zones: [String]?
        var count: Int?
        var instanceType: String?
    }

    struct PoolDraft {
        var name: String?
        var machines = MachinesDraft()
        var labels: [String: String]?
        var taints: [Taint]?
        var spot: Bool?
        var maxSurge: CountOrPercent?
        var maxUnavailable: CountOrPercent?
        var drainTimeout: Seconds?
        var strategy: UpdateStrategy?
    }
}
