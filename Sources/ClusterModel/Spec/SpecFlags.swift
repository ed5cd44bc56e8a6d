/// A spec as flags of the command line give it. Makes the same cluster as a file that says the same.
public struct SpecFlags: Sendable, Equatable {
    public var name: String
    /// `--cloud`
    public var cloud: String?
    /// `--zones`: of the control plane and of the pool.
    public var zones: [String]?
    /// `--control-plane-count`
    public var controlPlaneCount: Int?
    /// `--control-plane-size`
    public var controlPlaneSize: String?
    /// `--node-count`
    public var nodeCount: Int?
    /// `--node-size`
    public var nodeSize: String?
    /// `--kubernetes-version`
    public var kubernetesVersion: String?
    /// `--access`: ranges that may reach both API and SSH.
    public var access: [String]?
    /// `--open-to-world`: access from everywhere.
    public var openToWorld: Bool
    /// `--ssh-public-key`: whole lines, as of a .pub file.
    public var sshPublicKeys: [String]?
    /// `--assets`
    public var assets: String?
    /// `--pod-cidr`
    public var podCIDR: String?
    /// `--service-cidr`
    public var serviceCIDR: String?
    /// `--local-cidr`: the machines' range on the local cloud.
    public var localCIDR: String?
    /// `--topology`: of machines on AWS.
    public var topology: String?
    /// `--bastion`: one of the usual size.
    public var bastion: Bool
    /// `--deletion-protection`
    public var deletionProtection: Bool?

    public init(
        name: String, cloud: String? = nil, zones: [String]? = nil, controlPlaneCount: Int? = nil, controlPlaneSize: String? = nil,
        nodeCount: Int? = nil, nodeSize: String? = nil, kubernetesVersion: String? = nil, access: [String]? = nil,
        openToWorld: Bool = false, sshPublicKeys: [String]? = nil, assets: String? = nil, podCIDR: String? = nil,
        serviceCIDR: String? = nil, localCIDR: String? = nil, topology: String? = nil, bastion: Bool = false,
        deletionProtection: Bool? = nil
    ) {
        self.name = name
        self.cloud = cloud
        self.zones = zones
        self.controlPlaneCount = controlPlaneCount
        self.controlPlaneSize = controlPlaneSize
        self.nodeCount = nodeCount
        self.nodeSize = nodeSize
        self.kubernetesVersion = kubernetesVersion
        self.access = access
        self.openToWorld = openToWorld
        self.sshPublicKeys = sshPublicKeys
        self.assets = assets
        self.podCIDR = podCIDR
        self.serviceCIDR = serviceCIDR
        self.localCIDR = localCIDR
        self.topology = topology
        self.bastion = bastion
        self.deletionProtection = deletionProtection
    }

    /// The cluster, every default filled in, or everything that is wrong with the flags.
    /// - Parameter instanceTypes: the sizes that the cloud offers; nil for those that Slipway knows by itself.
    public func read(instanceTypes: [InstanceType]? = nil) -> Result<ReadSpec, SpecDiagnostics> {
        var reader = FlagReader()
        let draft = reader.draft(self)
        return SpecAssembly(
            draft: draft, findings: reader.findings, unreadable: reader.unreadable, locator: FindingLocator(flags: reader.flags)
        ).result(expectedName: nil, instanceTypes: instanceTypes)
    }
}

/// Makes a draft of flags, and remembers which flag each field came from.
private struct FlagReader {
    private(set) var findings: [Finding] = []
    private(set) var unreadable: [FieldPath] = []
    private(set) var flags: [FieldPath: String] = [.name: "NAME"]

    mutating func draft(_ given: SpecFlags) -> ClusterDraft {
        var draft = ClusterDraft(name: given.name)
        draft.provider = value(given.cloud, .provider, "--cloud", CloudProvider.init(rawValue:), SpecTextProblem.provider)
        if given.cloud == nil {
            flags[.cloud] = "--cloud"
            lost(.provider, SpecTextProblem("no cloud is named", "--cloud local"))
        }
        draft.kubernetesVersion = value(
            given.kubernetesVersion, .kubernetesVersion, "--kubernetes-version", { KubernetesVersion($0) }, SpecTextProblem.version)
        draft.localCIDR = range(given.localCIDR, .localCIDR, "--local-cidr")
        readAccess(given, into: &draft)
        readTopology(given, into: &draft)
        draft.controlPlane = ClusterDraft.MachinesDraft(
            zones: plain(given.zones, .controlPlaneZones, "--zones"),
            count: plain(given.controlPlaneCount, .controlPlaneCount, "--control-plane-count"),
            instanceType: plain(given.controlPlaneSize, .controlPlaneInstanceType, "--control-plane-size"))
        let pool = FieldPath.pools.index(0)
        draft.pools = [
            ClusterDraft.PoolDraft(
                machines: ClusterDraft.MachinesDraft(
                    count: plain(given.nodeCount, pool.field("count"), "--node-count"),
                    instanceType: plain(given.nodeSize, pool.field("instanceType"), "--node-size")))
        ]
        draft.podCIDR = range(given.podCIDR, .podCIDR, "--pod-cidr")
        draft.serviceCIDR = range(given.serviceCIDR, .serviceCIDR, "--service-cidr")
        draft.assetsSource = plain(given.assets, .assetsSource, "--assets")
        draft.deletionProtection = plain(given.deletionProtection, .deletionProtection, "--deletion-protection")
        return draft
    }

    private mutating func readAccess(_ given: SpecFlags, into draft: inout ClusterDraft) {
        draft.sshPublicKeys = plain(given.sshPublicKeys, .sshPublicKeys, "--ssh-public-key")?.map { String($0.trimmingSpaces) }
        let texts = given.openToWorld ? ["0.0.0.0/0"] : given.access
        guard let texts else { return }
        flags[.access] = given.openToWorld ? "--open-to-world" : "--access"
        if given.openToWorld, given.access != nil {
            lost(.access, SpecTextProblem("--open-to-world and --access contradict each other", "one of them"))
        }
        var ranges: [IPv4CIDR] = []
        for (index, text) in texts.enumerated() {
            if let range = IPv4CIDR(text) {
                ranges.append(range)
            } else {
                lost(.accessAPI.index(index), SpecTextProblem.range(text))
            }
        }
        draft.accessAPI = ranges
        draft.accessSSH = ranges
    }

    private mutating func readTopology(_ given: SpecFlags, into draft: inout ClusterDraft) {
        draft.aws.topology = value(given.topology, .topology, "--topology", AWSTopology.init(rawValue:), SpecTextProblem.topology)
        if given.bastion { draft.aws.bastionType = plain(SpecDefaults.bastionType, .bastionType, "--bastion") }
        guard draft.provider != .aws, draft.provider != nil, given.topology != nil || given.bastion else { return }
        let path = given.topology == nil ? FieldPath.bastionType : .topology
        lost(path, SpecTextProblem("only on AWS machines are in public or private subnets", "--cloud aws, or leave it out"))
    }

    private mutating func plain<Value>(_ value: Value?, _ path: FieldPath, _ flag: String) -> Value? {
        if value != nil { flags[path] = flag }
        return value
    }

    private mutating func range(_ text: String?, _ path: FieldPath, _ flag: String) -> IPv4CIDR? {
        value(text, path, flag, { IPv4CIDR($0) }, SpecTextProblem.range)
    }

    private mutating func value<Value>(
        _ text: String?, _ path: FieldPath, _ flag: String, _ parse: (String) -> Value?, _ explain: (String) -> SpecTextProblem
    ) -> Value? {
        guard let text else { return nil }
        flags[path] = flag
        let value = parse(text)
        if value == nil { lost(path, explain(text)) }
        return value
    }

    private mutating func lost(_ path: FieldPath, _ problem: SpecTextProblem) {
        findings.append(Finding(path: path, message: problem.message, suggestion: problem.suggestion))
        unreadable.append(path)
    }
}
