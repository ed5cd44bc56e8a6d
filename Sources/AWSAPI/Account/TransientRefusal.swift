/// A no that passes by itself, for what an account was just told spreads through AWS bit by bit. Each says of which
/// operations, by which words it is known, why, and how long it may last; after that it is a no like any other.
struct TransientRefusal: Sendable, Equatable {
    /// As `EC2.RunInstances`; empty stands for all.
    var operations: Set<String>
    var codes: Set<String>
    /// Words that the message holds, in whatever case, where the code says too little.
    var mentioning: String?
    var patience: Duration
    /// For people.
    var reason: String

    /// The first that fits.
    static func of(_ error: AWSError) -> TransientRefusal? {
        // EC2 says with status 503 that too much is asked for.
        guard (400..<500).contains(error.status) || RetryTable.isThrottling(error), let operation = error.operation else { return nil }
        return all.first { $0.fits(operation, error) }
    }

    private func fits(_ operation: String, _ error: AWSError) -> Bool {
        guard operations.isEmpty || operations.contains(operation), codes.contains(error.code) else { return false }
        guard let mentioning else { return true }
        return error.message.lowercased().contains(mentioning.lowercased())
    }

    private init(
        _ service: String, _ operations: [String], _ codes: Set<String>, mentioning: String? = nil, for patience: Duration, _ reason: String
    ) {
        self.operations = Set(operations.map { "\(service).\($0)" })
        self.codes = codes
        self.mentioning = mentioning
        self.patience = patience
        self.reason = reason
    }

    /// Only operations that build on what was just made are named for something that is not found: what is only asked for,
    /// or to be removed, may well be gone.
    static let all: [TransientRefusal] = [
        // MARK: EC2
        TransientRefusal(
            "EC2", ["RunInstances"], ["InvalidParameterValue", "InvalidParameterCombination"], mentioning: "iamInstanceProfile",
            for: .seconds(300), "a new instance profile takes up to a minute or two until EC2 knows it"),
        TransientRefusal(
            "EC2", ["RunInstances"], ["InvalidParameterValue", "InvalidParameterCombination"], mentioning: "IAM Instance Profile",
            for: .seconds(300), "a new instance profile takes up to a minute or two until EC2 knows it"),
        TransientRefusal(
            "EC2",
            [
                "ModifyVpcAttribute", "CreateSubnet", "CreateRouteTable", "CreateSecurityGroup", "AttachInternetGateway", "CreateTags",
            ], ["InvalidVpcID.NotFound"], for: .seconds(30), "a new VPC is not known everywhere at once"),
        TransientRefusal(
            "EC2", ["ModifySubnetAttribute", "AssociateRouteTable", "CreateNatGateway", "RunInstances", "CreateTags"],
            ["InvalidSubnetID.NotFound", "InvalidSubnet"], mentioning: "not exist", for: .seconds(30),
            "a new subnet is not known everywhere at once"),
        TransientRefusal(
            "EC2", ["AttachInternetGateway", "CreateRoute", "ReplaceRoute", "CreateTags"],
            ["InvalidInternetGatewayID.NotFound", "InvalidGatewayID.NotFound"], for: .seconds(30),
            "a new internet gateway is not known everywhere at once"),
        TransientRefusal(
            "EC2", ["AssociateRouteTable", "CreateRoute", "ReplaceRoute", "CreateTags"],
            ["InvalidRouteTableID.NotFound", "InvalidRouteTableId.NotFound"], for: .seconds(30),
            "a new route table is not known everywhere at once"),
        TransientRefusal(
            "EC2", ["CreateNatGateway", "CreateTags"], ["InvalidAllocationID.NotFound", "InvalidElasticIpID.NotFound"],
            for: .seconds(30), "a new address is not known everywhere at once"),
        TransientRefusal(
            "EC2", ["CreateRoute", "ReplaceRoute", "CreateTags"], ["InvalidNatGatewayID.NotFound", "NatGatewayNotFound"],
            for: .seconds(60), "routes take a NAT gateway some time after it was made"),
        TransientRefusal(
            "EC2",
            [
                "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress",
                "RunInstances", "ModifyInstanceAttribute", "CreateTags",
            ], ["InvalidGroup.NotFound", "InvalidGroupId.NotFound", "InvalidSecurityGroupID.NotFound"], for: .seconds(30),
            "a new security group is not known everywhere at once"),
        TransientRefusal(
            "EC2", ["CreateRoute", "ReplaceRoute", "CreateTags"],
            ["InvalidInstanceID.NotFound"], for: .seconds(60), "a new instance is not known everywhere at once"),
        TransientRefusal(
            "EC2", ["ModifyInstanceAttribute"], ["InvalidInstanceID.NotFound"], for: .seconds(300),
            "a new instance is not known everywhere at once"),
        TransientRefusal(
            "EC2", ["RunInstances"], ["InvalidKeyPair.NotFound"], for: .seconds(30), "a new key pair is not known everywhere at once"),
        TransientRefusal(
            "EC2", ["CreateTags"],
            ["InvalidVolume.NotFound", "InvalidNetworkInterfaceID.NotFound", "InvalidID", "InvalidSecurityGroupRuleId.NotFound"],
            for: .seconds(30), "what was just made is not known everywhere at once"),
        TransientRefusal(
            "EC2", ["CreateTags", "DeleteTags"], ["ConcurrentTagAccess"], for: .seconds(30), "somebody else is writing tags of the same"),
        TransientRefusal(
            "EC2",
            [
                "DeleteVpc", "DeleteSubnet", "DeleteSecurityGroup", "DeleteInternetGateway", "DetachInternetGateway", "DeleteRouteTable",
                "DisassociateRouteTable",
            ], ["DependencyViolation"], for: .seconds(300),
            "something still uses it: network interfaces of load balancers and NAT gateways go some minutes after these"),
        TransientRefusal(
            "EC2", ["DeleteSecurityGroup"], ["InvalidGroup.InUse"], for: .seconds(300),
            "something still uses it: network interfaces of load balancers go some minutes after these"),
        TransientRefusal(
            "EC2",
            ["DeleteInternetGateway", "DetachInternetGateway", "AttachInternetGateway", "CreateRoute", "ReplaceRoute", "DeleteRoute"],
            ["IncorrectState", "Gateway.NotAttached"], for: .seconds(60), "it is just changing its state"),
        TransientRefusal(
            "EC2", ["StartInstances", "StopInstances", "TerminateInstances", "ModifyInstanceAttribute"],
            ["IncorrectInstanceState", "IncorrectState"], for: .seconds(300), "the instance is just changing its state"),
        TransientRefusal(
            "EC2", ["ReleaseAddress"], ["InvalidIPAddress.InUse", "AuthFailure"], for: .seconds(180),
            "a NAT gateway lets go of its address some time after it was deleted; meanwhile EC2 says that it is another's"),
        TransientRefusal(
            "EC2", ["DeleteVolume"], ["VolumeInUse", "IncorrectState"], for: .seconds(60), "the volume is just being detached"),
        TransientRefusal(
            "EC2", ["DeleteNetworkInterface"], ["InvalidNetworkInterface.InUse", "InvalidParameterValue"], mentioning: "in use",
            for: .seconds(180), "the network interface is just being detached"),
        TransientRefusal(
            "EC2", ["DeleteNatGateway", "CreateNatGateway"], ["InvalidState", "IncorrectState"], for: .seconds(60),
            "the NAT gateway is just changing its state"),
        // MARK: Load balancers
        TransientRefusal(
            "ELBv2", ["CreateListener", "RegisterTargets", "ModifyTargetGroup", "AddTags"], ["TargetGroupNotFound"], for: .seconds(30),
            "a new target group is not known everywhere at once"),
        TransientRefusal(
            "ELBv2", ["CreateListener", "ModifyLoadBalancerAttributes", "AddTags"], ["LoadBalancerNotFound"], for: .seconds(30),
            "a new load balancer is not known everywhere at once"),
        TransientRefusal(
            "ELBv2", ["CreateLoadBalancer"], ["SubnetNotFound", "InvalidSubnet", "InvalidSecurityGroup"], for: .seconds(60),
            "new subnets, their way to the internet and new security groups are not known everywhere at once"),
        TransientRefusal(
            "ELBv2", ["RegisterTargets"], ["InvalidTarget"], for: .seconds(120), "targets must run before they are registered"),
        TransientRefusal(
            "ELBv2", ["DeleteTargetGroup", "DeleteLoadBalancer"], ["ResourceInUse"], for: .seconds(300),
            "a listener's end takes a moment to be known everywhere"),
        // MARK: IAM
        TransientRefusal(
            "IAM", ["PutRolePolicy", "TagRole", "AddRoleToInstanceProfile"], ["NoSuchEntity"], for: .seconds(30),
            "new roles and instance profiles are not known everywhere at once"),
        TransientRefusal(
            "IAM", ["DeleteRole", "DeleteInstanceProfile"], ["DeleteConflict"], for: .seconds(60),
            "what was just taken from it is still remembered somewhere"),
        TransientRefusal(
            "IAM",
            [
                "CreateRole", "DeleteRole", "TagRole", "PutRolePolicy", "DeleteRolePolicy", "CreateInstanceProfile",
                "DeleteInstanceProfile", "AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile",
            ], ["ConcurrentModification", "ConcurrentModificationException", "EntityTemporarilyUnmodifiable"], for: .seconds(60),
            "an earlier change of the same is still going on"),
        // MARK: Everywhere
        TransientRefusal(
            "Route53", ["ChangeResourceRecordSets"], ["PriorRequestNotComplete"], for: .seconds(120),
            "an earlier change of the zone is still going on"),
        everywhere(
            ["RequestLimitExceeded", "Throttling", "ThrottlingException", "TooManyRequestsException", "EC2ThrottledException"],
            for: .seconds(120), "the account asks for more than AWS lets it just now"),
    ]

    private static func everywhere(_ codes: Set<String>, for patience: Duration, _ reason: String) -> TransientRefusal {
        TransientRefusal("", [], codes, for: patience, reason)
    }
}
