import AWSAPI
import AWSRequests
import ClusterModel

/// Everything that AWS has of one cluster, read by its tags and names in a number of calls that does not grow with it.
struct AWSInventory: Sendable {
    /// A load balancer with what makes it work.
    struct Balancer: Sendable {
        var balancer: ELBv2.LoadBalancer?
        var group: ELBv2.TargetGroup?
        var listener: ELBv2.Listener?
        /// By instance id.
        var health: [String: String] = [:]
    }

    var vpc: EC2.Vpc?
    /// The VPC is somebody else's, and so is its gateway: nothing about them is changed.
    var sharesVPC = false
    /// The cluster's own, and those that it shares.
    var subnets: [EC2.Subnet] = []
    var sharedSubnets: SharedSubnets?
    var gateway: EC2.InternetGateway?
    var routeTables: [AWSRouteTable: EC2.RouteTable] = [:]
    /// Those that are not deleted; and the addresses that they have outside.
    var natGateways: [EC2.NatGateway] = []
    var addresses: [EC2.Address] = []
    var groups: [MachineRole: EC2.SecurityGroup] = [:]
    /// Live ones and those that AWS still lists.
    var instances: [EC2.Instance] = []
    var keyPair: EC2.KeyPairInfo?
    /// By suffix.
    var balancers: [String: Balancer] = [:]
    var profiles: [MachineRole: IAM.InstanceProfile] = [:]
    /// Nil where no record was ever made.
    var dns: RecordSets?

    static let suffixes = ["internal", "public"]

    /// Reads it all, at once.
    static func read(_ cluster: ClusterIdentity, _ aws: AWSAccount) async throws -> AWSInventory {
        let names = AWSNames(cluster: cluster)
        let owned = [owned(cluster)]
        async let vpcs = aws.pages(EC2.DescribeVpcsRequest(filters: owned))
        async let subnets = aws.pages(EC2.DescribeSubnetsRequest(filters: owned))
        async let gateways = aws.pages(EC2.DescribeInternetGatewaysRequest(filters: owned))
        async let tables = aws.pages(EC2.DescribeRouteTablesRequest(filters: owned))
        async let groups = aws.pages(EC2.DescribeSecurityGroupsRequest(filters: owned))
        async let instances = aws.instances(owned)
        async let keyPairs = aws.send(EC2.DescribeKeyPairsRequest(filters: owned))
        async let balancers = balancers(names, aws)
        async let profiles = profiles(names, aws)

        var inventory = AWSInventory()
        inventory.vpc = try await vpcs.flatMap(\.vpcs).first
        inventory.subnets = try await subnets.flatMap(\.subnets).sorted { ($0.availabilityZone ?? "") < ($1.availabilityZone ?? "") }
        inventory.gateway = try await gateways.flatMap(\.internetGateways).first
        for table in try await tables.flatMap(\.routeTables) {
            if let kind = AWSRouteTable(AWSTags.read(table.tags)[AWSTags.routeTable]) { inventory.routeTables[kind] = table }
        }
        for group in try await groups.flatMap(\.securityGroups) {
            if let role = MachineRole.allCases.first(where: { names.group($0) == group.groupName }) { inventory.groups[role] = group }
        }
        inventory.instances = try await instances
        inventory.keyPair = try await keyPairs.keyPairs.first
        inventory.balancers = try await balancers
        inventory.profiles = try await profiles
        if inventory.vpc == nil, let shared = inventory.groups.values.first?.vpcId ?? inventory.subnets.first?.vpcId {
            try await inventory.readShared(shared, aws, cluster)
        }
        if let shared = AWSTags.read(inventory.home?.tags ?? [])[AWSTags.sharedSubnets].flatMap(SharedSubnets.init(tag:)) {
            try await inventory.readShared(shared, aws)
        }
        // Gateways and addresses are made after the subnets that they are for, and go before them.
        if inventory.ownSubnets.contains(where: { inventory.use(of: $0) == .edge }) { try await inventory.readNAT(aws, owned) }
        if let record = inventory.apiRecord { inventory.dns = try await RecordSets.read(record, aws) }
        return inventory
    }

    /// Adds a VPC that is there without the cluster: its parts in it say which.
    mutating func readShared(_ id: String, _ aws: AWSAccount, _ cluster: ClusterIdentity) async throws {
        let found = try await SharedVPC.read(id, aws)
        vpc = found.vpc
        // One of the cluster's own that a list did not show yet.
        guard AWSTags.read(vpc?.tags ?? [])[ClusterModel.Tag.clusterUID] != cluster.uid else { return }
        gateway = found.gateway
        sharesVPC = true
    }

    private mutating func readNAT(_ aws: AWSAccount, _ owned: [EC2.Filter]) async throws {
        async let gateways = aws.pages(EC2.DescribeNatGatewaysRequest(filter: owned)).flatMap(\.natGateways)
        async let addresses = aws.send(EC2.DescribeAddressesRequest(filters: owned)).addresses
        natGateways = try await gateways.filter { $0.state != "deleted" }
        self.addresses = try await addresses
    }

    /// What carries the tags of the network as a whole: the VPC, or where that is shared the control plane's group.
    var home: (id: String, tags: [EC2.Tag])? {
        if !sharesVPC { return vpc.flatMap { vpc in vpc.vpcId.map { ($0, vpc.tags) } } }
        return groups[.controlPlane].flatMap { group in group.groupId.map { ($0, group.tags) } }
    }

    static func owned(_ cluster: ClusterIdentity) -> EC2.Filter { filter("tag:\(Tag.clusterUID)", cluster.uid) }

    static func filter(_ name: String, _ values: String...) -> EC2.Filter { EC2.Filter(name: name, values: values) }

    private static func balancers(_ names: AWSNames, _ aws: AWSAccount) async throws -> [String: Balancer] {
        try await withThrowingTaskGroup(of: (String, Balancer).self) { tasks in
            for suffix in suffixes {
                tasks.addTask { (suffix, try await balancer(named: names.balancer(suffix), aws)) }
            }
            return try await tasks.reduce(into: [:]) { found, next in
                if next.1.balancer != nil || next.1.group != nil { found[next.0] = next.1 }
            }
        }
    }

    private static func balancer(named name: String, _ aws: AWSAccount) async throws -> Balancer {
        async let balancer = missing("LoadBalancerNotFound") {
            try await aws.send(ELBv2.DescribeLoadBalancersRequest(names: [name])).loadBalancers.first
        }
        async let group = missing("TargetGroupNotFound") {
            try await aws.send(ELBv2.DescribeTargetGroupsRequest(names: [name])).targetGroups.first
        }
        var found = Balancer(balancer: try await balancer, group: try await group)
        let (arn, groupArn) = (found.balancer?.loadBalancerArn, found.group?.targetGroupArn)
        async let listener = arn.asyncMap { arn in
            try await aws.pages(ELBv2.DescribeListenersRequest(loadBalancerArn: arn)).flatMap(\.listeners).first {
                $0.port == NodePorts.api
            }
        }
        async let health = groupArn.asyncMap { arn in
            try await aws.send(ELBv2.DescribeTargetHealthRequest(targetGroupArn: arn)).targetHealthDescriptions
        }
        found.listener = try await listener.flatMap { $0 }
        for target in try await health ?? [] {
            if let id = target.target?.id { found.health[id] = target.targetHealth?.state ?? "unknown" }
        }
        return found
    }

    private static func profiles(_ names: AWSNames, _ aws: AWSAccount) async throws -> [MachineRole: IAM.InstanceProfile] {
        try await withThrowingTaskGroup(of: (MachineRole, IAM.InstanceProfile?).self) { tasks in
            for role in MachineRole.ofNodes {
                tasks.addTask {
                    (
                        role,
                        try await missing("NoSuchEntity") {
                            try await aws.send(IAM.GetInstanceProfileRequest(instanceProfileName: names.profile(role))).instanceProfile
                        }
                    )
                }
            }
            return try await tasks.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    /// Nil where AWS says, by this code, that there is no such thing.
    static func missing<Value: Sendable>(_ code: String, _ ask: @Sendable () async throws -> Value?) async throws -> Value? {
        do {
            return try await ask()
        } catch let error as AWSError where error.code == code {
            return nil
        }
    }
}

extension AWSAccount {
    /// All instances that fit.
    func instances(_ filters: [EC2.Filter]) async throws -> [EC2.Instance] {
        try await pages(EC2.DescribeInstancesRequest(filters: filters)).flatMap(\.reservations).flatMap(\.instances)
    }

    /// Those of the cluster that carry a tag, the one that counts first (`isBetter`).
    /// - Parameter living: leaves out those that end or have ended.
    func instances(of cluster: ClusterIdentity, tag key: String, _ value: String, living: Bool = false) async throws -> [EC2.Instance] {
        var filters = [AWSInventory.owned(cluster), AWSInventory.filter("tag:\(key)", value)]
        if living { filters.append(AWSInventory.filter("instance-state-name", "pending", "running", "stopping", "stopped")) }
        return try await instances(filters).sorted { $0.isBetter(than: $1) }
    }
}

extension Optional where Wrapped: Sendable {
    func asyncMap<Value: Sendable>(_ transform: @Sendable (Wrapped) async throws -> Value) async throws -> Value? {
        if let self { try await transform(self) } else { nil }
    }
}
