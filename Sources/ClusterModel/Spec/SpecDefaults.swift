/// What a field is when its user said nothing. The only place that knows.
///
/// `kubernetesVersion` and the local cloud's range have no default here: create resolves them once and writes them down.
public enum SpecDefaults {
    public static let zones = ["local-a"]
    public static let poolName = "nodes"
    public static let podCIDR = constant(NetworkSpec.defaultPodCIDR)
    public static let serviceCIDR = constant(NetworkSpec.defaultServiceCIDR)
    public static let update = UpdateSpec()
    public static let spot = false
    public static let assetsSource = AssetsSpec.official
    public static let deletionProtection = false
    public static let vpcCIDR = constant("172.20.0.0/16")
    /// In GiB: the system, binaries and images of a small node.
    public static let volumeSize = 20
    /// What `--bastion` asks for.
    public static let bastionType = "t3.micro"
    public static let apiExposure = AWSAPIExposure.internetFacing

    /// The size of machines that name none.
    public static func instanceType(_ provider: CloudProvider) -> String {
        switch provider {
        case .local, .simulated: InstanceType.local[0].name
        case .aws: "t3.medium"
        }
    }

    /// One control plane node a zone, one fewer when that would be an even number.
    public static func controlPlaneCount(zones: Int) -> Int {
        zones <= 0 ? 1 : zones.isMultiple(of: 2) ? zones - 1 : zones
    }

    /// One machine a zone.
    public static func poolCount(zones: Int) -> Int { max(1, zones) }

    static func fill(_ draft: ClusterDraft) -> Cluster {
        let provider = draft.provider ?? .local
        // The zones of AWS are its user's choice.
        let zones = draft.controlPlane.zones ?? (provider == .aws ? [] : zones)
        let controlPlane = ControlPlaneSpec(
            count: draft.controlPlane.count ?? controlPlaneCount(zones: zones.count), zones: zones,
            instanceType: draft.controlPlane.instanceType ?? instanceType(provider),
            update: draft.controlPlaneStrategy.map(ControlPlaneUpdateSpec.init))
        let pools = (draft.pools ?? [ClusterDraft.PoolDraft()]).map { pool in
            let poolZones = pool.machines.zones ?? zones
            return PoolSpec(
                name: pool.name ?? poolName, zones: poolZones, count: pool.machines.count ?? poolCount(zones: poolZones.count),
                instanceType: pool.machines.instanceType ?? instanceType(provider), labels: pool.labels ?? [:], taints: pool.taints ?? [],
                spot: pool.spot ?? spot,
                update: UpdateSpec(
                    maxSurge: pool.maxSurge ?? update.maxSurge, maxUnavailable: pool.maxUnavailable ?? update.maxUnavailable,
                    drainTimeout: pool.drainTimeout ?? update.drainTimeout, strategy: pool.strategy ?? update.strategy))
        }
        return Cluster(
            name: draft.name ?? "",
            spec: ClusterSpec(
                kubernetesVersion: draft.kubernetesVersion,
                cloud: cloud(draft, provider: provider, zones: zones),
                access: AccessSpec(api: draft.accessAPI ?? [], ssh: draft.accessSSH ?? [], sshPublicKeys: draft.sshPublicKeys ?? []),
                controlPlane: controlPlane, pools: pools,
                network: NetworkSpec(podCIDR: draft.podCIDR ?? podCIDR, serviceCIDR: draft.serviceCIDR ?? serviceCIDR),
                assets: AssetsSpec(source: draft.assetsSource ?? assetsSource),
                deletionProtection: draft.deletionProtection ?? deletionProtection))
    }

    private static func cloud(_ draft: ClusterDraft, provider: CloudProvider, zones: [String]) -> CloudSpec {
        guard provider == .aws else { return CloudSpec(provider: provider, local: LocalCloudSpec(cidr: draft.localCIDR)) }
        return CloudSpec(
            provider: provider,
            aws: AWSCloudSpec(
                region: draft.aws.region ?? zones.first.flatMap { AWSZone.region(of: $0) } ?? "", vpcID: draft.aws.vpcID,
                vpcCIDR: draft.aws.vpcCIDR ?? vpcCIDR, subnets: draft.aws.subnets, publicSubnets: draft.aws.publicSubnets,
                topology: draft.aws.topology, natGateways: draft.aws.natGateways,
                bastionType: draft.aws.bastionType, image: draft.aws.image, volumeSize: draft.aws.volumeSize ?? volumeSize,
                apiExposure: draft.aws.apiExposure ?? apiExposure, dnsName: draft.aws.dnsName, hostedZone: draft.aws.hostedZone))
    }

    private static func constant(_ text: String) -> IPv4CIDR {
        guard let range = IPv4CIDR(text) else { preconditionFailure("\(text) is not a range") }
        return range
    }
}
