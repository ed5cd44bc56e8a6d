import AWSAPI
import AWSRequests
import ClusterModel

/// Takes a network apart, in the order in which its parts use each other. What AWS is still letting go of is waited for.
struct NetworkRemoval: Sendable {
    let cloud: AWSCloud
    let cluster: ClusterIdentity
    let found: AWSInventory

    var aws: AWSAccount { cloud.aws }
    private var names: AWSNames { AWSNames(cluster: cluster) }

    func all() async throws {
        async let profiles: Void = profiles()
        async let keyPair: Void = keyPair()
        async let volumes: Void = volumes()
        if let dns = found.dns { try await cloud.remove(dns, of: cluster) }
        try await balancers()
        try await controllersBalancers()
        // Before the group whose tags tell of them.
        try await podRoutes()
        try await groups()
        try await controllersGroups()
        try await natGateways()
        try await subnets()
        try await gateway()
        try await vpc()
        try await volumes
        try await keyPair
        try await profiles
    }

    private func balancers() async throws {
        try await each(found.balancers.values) { balancer in
            if let arn = balancer.balancer?.loadBalancerArn {
                // Its listeners go with it.
                _ = try await aws.send(ELBv2.DeleteLoadBalancerRequest(loadBalancerArn: arn))
            }
            if let group = balancer.group?.targetGroupArn { try await remove(targetGroup: group) }
        }
    }

    func remove(targetGroup: String) async throws {
        try await insist("ResourceInUse", on: "target group") {
            try await cloud.unlessDone("TargetGroupNotFound") {
                _ = try await aws.send(ELBv2.DeleteTargetGroupRequest(targetGroupArn: targetGroup))
            }
        }
    }

    /// Groups that name each other in rules cannot go: the rules go first.
    private func groups() async throws {
        for group in found.groups.values {
            let naming = group.ipPermissions.filter { !$0.userIdGroupPairs.isEmpty }
            guard !naming.isEmpty else { continue }
            let permissions = naming.map { permission in
                var only = permission
                only.ipRanges = []
                only.ipv6Ranges = []
                // Outside of a default VPC a group is known by its id alone.
                only.userIdGroupPairs = permission.userIdGroupPairs.map {
                    EC2.UserIdGroupPair(description: $0.description, groupId: $0.groupId)
                }
                return only
            }
            try await cloud.unlessDone("InvalidPermission.NotFound") {
                _ = try await aws.send(EC2.RevokeSecurityGroupIngressRequest(groupId: group.groupId, ipPermissions: permissions))
            }
        }
        for group in found.groups.values {
            try await insist("DependencyViolation", on: "security group \(group.groupName ?? "")") {
                try await cloud.unlessDone("InvalidGroup.NotFound") {
                    _ = try await aws.send(EC2.DeleteSecurityGroupRequest(groupId: group.groupId))
                }
            }
        }
    }

    private func natGateways() async throws {
        try await cloud.end(found.natGateways)
        try await each(found.addresses.compactMap(\.allocationId)) { id in
            try await insist("InvalidIPAddress.InUse", on: "address of a NAT gateway") {
                try await cloud.unlessDone("InvalidAllocationID.NotFound") {
                    _ = try await aws.send(EC2.ReleaseAddressRequest(allocationId: id))
                }
            }
        }
    }

    private func subnets() async throws {
        for association in found.ownTables.flatMap(\.associations) where association.main != true {
            try await cloud.unlessDone("InvalidAssociationID.NotFound") {
                _ = try await aws.send(EC2.DisassociateRouteTableRequest(associationId: association.routeTableAssociationId))
            }
        }
        try await each(found.ownSubnets) { subnet in
            try await insist("DependencyViolation", on: "subnet \(subnet.availabilityZone ?? "")") {
                try await cloud.unlessDone("InvalidSubnetID.NotFound") {
                    _ = try await aws.send(EC2.DeleteSubnetRequest(subnetId: subnet.subnetId))
                }
            }
        }
        for table in found.ownTables.compactMap(\.routeTableId) {
            try await insist("DependencyViolation", on: "route table") {
                try await cloud.unlessDone("InvalidRouteTableID.NotFound") {
                    _ = try await aws.send(EC2.DeleteRouteTableRequest(routeTableId: table))
                }
            }
        }
    }

    /// What leads to the cluster's pods from tables that stay. Machines that are gone have left it there.
    private func podRoutes() async throws {
        guard let pods = AWSTags.read(found.home?.tags ?? [])[Tag.podCIDR].flatMap({ IPv4CIDR($0) }) else { return }
        for table in found.sharedTables {
            let ranges = table.routes.compactMap(\.destinationCidrBlock).filter { IPv4CIDR($0).map { pods.contains($0) } ?? false }
            try await each(ranges) { range in
                try await cloud.unlessDone("InvalidRoute.NotFound") {
                    _ = try await aws.send(EC2.DeleteRouteRequest(destinationCidrBlock: range, routeTableId: table.routeTableId))
                }
            }
        }
    }

    private func gateway() async throws {
        guard !found.sharesVPC, let id = found.gateway?.internetGatewayId else { return }
        for attachment in found.gateway?.attachments ?? [] {
            // Public addresses that were just given back hold it for a while.
            try await insist("DependencyViolation", on: "internet gateway") {
                try await cloud.unlessDone("Gateway.NotAttached") {
                    _ = try await aws.send(EC2.DetachInternetGatewayRequest(internetGatewayId: id, vpcId: attachment.vpcId))
                }
            }
        }
        try await cloud.unlessDone("InvalidInternetGatewayID.NotFound") {
            _ = try await aws.send(EC2.DeleteInternetGatewayRequest(internetGatewayId: id))
        }
    }

    private func vpc() async throws {
        guard !found.sharesVPC, let id = found.vpc?.vpcId else { return }
        try await insist("DependencyViolation", on: "VPC \(id)") {
            try await cloud.unlessDone("InvalidVpcID.NotFound") { _ = try await aws.send(EC2.DeleteVpcRequest(vpcId: id)) }
        }
    }

    private func keyPair() async throws {
        guard found.keyPair != nil else { return }
        try await cloud.unlessDone("InvalidKeyPair.NotFound") { _ = try await aws.send(EC2.DeleteKeyPairRequest(keyName: names.keyPair)) }
    }

    private func profiles() async throws {
        try await each(MachineRole.ofNodes) { role in
            let name = names.profile(role)
            if let profile = found.profiles[role] {
                for its in profile.roles {
                    try await cloud.unlessDone("NoSuchEntity") {
                        _ = try await aws.send(
                            IAM.RemoveRoleFromInstanceProfileRequest(instanceProfileName: name, roleName: its.roleName))
                    }
                }
                try await cloud.unlessDone("NoSuchEntity") {
                    _ = try await aws.send(IAM.DeleteInstanceProfileRequest(instanceProfileName: name))
                }
            }
            // A role without its profile is what a run has left that was killed in between. Permissions that people gave it
            // are theirs to take away, and AWS says so.
            try await cloud.unlessDone("NoSuchEntity") { _ = try await aws.send(IAM.DeleteRoleRequest(roleName: name)) }
        }
    }

    /// Volumes that controllers of the cluster have made: those of machines go with them.
    private func volumes() async throws {
        let owned = [AWSInventory.filter("tag:kubernetes.io/cluster/\(cluster.name)", "owned"), AWSInventory.filter("status", "available")]
        let left = try await aws.pages(EC2.DescribeVolumesRequest(filters: owned)).flatMap(\.volumes)
        for volume in left {
            cloud.say("removing the volume \(volume.volumeId ?? ""), made for the cluster")
            try await cloud.unlessDone("InvalidVolume.NotFound") {
                _ = try await aws.send(EC2.DeleteVolumeRequest(volumeId: volume.volumeId))
            }
        }
    }

    /// Says what uses a thing that AWS calls in use for longer than its users take to go.
    func insist(_ code: String, on what: String, _ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as AWSError where error.code == code {
            let blockers = await blockers()
            throw SlipwayError(
                .failed, doing: "removing the \(what)",
                cause: "\(error)" + (blockers.isEmpty ? "" : "; in its VPC there are still: \(blockers.joined(separator: ", "))"),
                hint: "remove what is not Slipway's, and run the same again")
        }
    }

    /// What still has a network interface where the cluster's network is.
    private func blockers() async -> [String] {
        guard let id = found.vpc?.vpcId else { return [] }
        // Of a shared VPC what is in the cluster's own subnets.
        let place =
            found.sharesVPC
            ? EC2.Filter(name: "subnet-id", values: found.subnets.compactMap(\.subnetId)) : AWSInventory.filter("vpc-id", id)
        let seen = try? await aws.pages(EC2.DescribeNetworkInterfacesRequest(filters: [place]))
        return (seen ?? []).flatMap(\.networkInterfaces).map { interface in
            [interface.networkInterfaceId, interface.description].compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " ")
        }.sorted()
    }
}
