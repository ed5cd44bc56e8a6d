import AWSAPI
import AWSRequests
import ClusterModel

/// Makes what is missing of a cluster's network. Every part is looked for before it is made, by name or by tag, so that a run
/// that goes on after a kill finds what an earlier one has made.
struct NetworkBuild: Sendable {
    let cloud: AWSCloud
    let request: NetworkRequest
    let design: AWSNetworkDesign
    let found: AWSInventory

    var aws: AWSAccount { cloud.aws }
    var names: AWSNames { AWSNames(cluster: request.cluster) }

    func tags(_ name: String) -> [String: String] { AWSTags.owned(request.tags, cluster: request.cluster, name: name) }

    /// All of it, as AWS has it afterwards.
    func complete() async throws -> AWSInventory {
        async let profiles: Void = profiles()
        async let keyPair: Void = keyPair()
        let vpc = try await vpc()
        async let gateway = design.sharesSubnets ? "" : gateway(vpc)
        async let subnets = subnets(vpc)
        async let groups: Void = groups(vpc)
        async let targets = targetGroups(vpc)
        let ids = try await subnets
        let targetIDs = try await targets
        async let balancers: Void = balancers(subnets: ids, targets: targetIDs)
        let doors = try await natGateways(subnets: ids[.edge] ?? [:])
        try await routeTables(vpc, subnets: ids, gateway: try await gateway, natGateways: doors)
        try await balancers
        try await groups
        try await keyPair
        try await profiles
        try await noteSharedSubnets()
        return try await record(try await cloud.inventory(request.cluster))
    }

    // MARK: VPC

    private func vpc() async throws -> String {
        if let shared = design.sharedVPC {
            guard found.vpc?.vpcId == shared else {
                throw SlipwayError(
                    .refused, doing: "making the network",
                    cause: found.vpc?.vpcId.map { "the cluster is in \($0), not in \(shared)" } ?? "there is no VPC \(shared)",
                    hint: "list those that there are: aws ec2 describe-vpcs")
            }
            return shared
        }
        if let id = found.vpc?.vpcId { return id }
        let owned = [AWSInventory.owned(request.cluster)]
        return try await cloud.once(
            find: { try await aws.pages(EC2.DescribeVpcsRequest(filters: owned)).flatMap(\.vpcs).first?.vpcId },
            make: {
                try await $0.send(
                    EC2.CreateVpcRequest(
                        cidrBlock: "\(design.vpcCIDR)", tagSpecifications: [AWSTags.spec("vpc", tags("slipway-\(request.cluster.name)"))])
                ).vpc?.vpcId
            })
    }

    private func gateway(_ vpc: String) async throws -> String {
        let name = "slipway-\(request.cluster.name)"
        let owned = [AWSInventory.owned(request.cluster)]
        var id = found.gateway?.internetGatewayId
        if found.sharesVPC, id == nil {
            throw SlipwayError(
                .refused, doing: "making the network", cause: "the VPC \(vpc) has no internet gateway", hint: SharedVPC.gatewayHint)
        }
        if id == nil {
            id = try await cloud.once(
                find: {
                    try await aws.pages(EC2.DescribeInternetGatewaysRequest(filters: owned)).flatMap(\.internetGateways).first?
                        .internetGatewayId
                },
                make: {
                    try await $0.send(
                        EC2.CreateInternetGatewayRequest(tagSpecifications: [AWSTags.spec("internet-gateway", tags(name))])
                    ).internetGateway?.internetGatewayId
                })
        }
        let gateway = id ?? ""
        if found.gateway?.attachments.contains(where: { $0.vpcId == vpc }) != true {
            try await cloud.unlessDone("Resource.AlreadyAssociated") {
                _ = try await aws.send(EC2.AttachInternetGatewayRequest(internetGatewayId: gateway, vpcId: vpc))
            }
        }
        return gateway
    }

    // MARK: Logins and roles

    private func keyPair() async throws {
        guard found.keyPair == nil, let key = request.sshKey else { return }
        try await cloud.unlessDone("InvalidKeyPair.Duplicate") {
            _ = try await aws.send(
                EC2.ImportKeyPairRequest(
                    keyName: names.keyPair, publicKeyMaterial: Array(key.utf8),
                    tagSpecifications: [AWSTags.spec("key-pair", tags(names.keyPair))]))
        }
    }

    /// A role for each kind of machine. Slipway's own programs on machines ask AWS for nothing, so they permit nothing: what
    /// people install may be given more.
    private func profiles() async throws {
        try await each(MachineRole.ofNodes.filter { found.profiles[$0]?.roles.isEmpty != false }) { role in
            let name = names.profile(role)
            let tags = AWSTags.iam(self.tags(name))
            try await cloud.unlessDone("EntityAlreadyExists") {
                _ = try await aws.send(
                    IAM.CreateRoleRequest(
                        assumeRolePolicyDocument: Self.trustPolicy, description: "Machines of the cluster \(request.cluster.name)",
                        roleName: name, tags: tags))
            }
            try await cloud.unlessDone("EntityAlreadyExists") {
                _ = try await aws.send(IAM.CreateInstanceProfileRequest(instanceProfileName: name, tags: tags))
            }
            try await cloud.unlessDone("LimitExceeded") {
                _ = try await aws.send(IAM.AddRoleToInstanceProfileRequest(instanceProfileName: name, roleName: name))
            }
        }
    }

    private static let trustPolicy =
        #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#
}
