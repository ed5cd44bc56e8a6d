import AWSAPI
import AWSRequests
import ClusterModel

/// What controllers in the cluster have made for its Services, and left: they do not run any more who could remove it.
extension NetworkRemoval {
    /// Load balancers with their target groups. In subnets that others use as well nothing is removed: by its name alone a cluster
    /// is not known from another's.
    func controllersBalancers() async throws {
        guard let vpc = found.vpc?.vpcId, found.sharedSubnets == nil else { return }
        let own = Set(found.ownSubnets.compactMap(\.subnetId))
        let ours = Set(found.balancers.values.compactMap { $0.balancer?.loadBalancerArn })
        let balancers = try await aws.pages(ELBv2.DescribeLoadBalancersRequest()).flatMap(\.loadBalancers).filter { balancer in
            balancer.vpcId == vpc && !ours.contains(balancer.loadBalancerArn ?? "")
                && balancer.availabilityZones.allSatisfy { own.contains($0.subnetId ?? "") }
        }
        guard !balancers.isEmpty else { return }
        let left = try await owned(balancers.compactMap(\.loadBalancerArn))
        for balancer in balancers {
            guard let arn = balancer.loadBalancerArn, left.contains(arn) else { continue }
            cloud.say("removing the load balancer \(balancer.loadBalancerName ?? arn), made for the cluster")
            let groups = try await aws.pages(ELBv2.DescribeTargetGroupsRequest(loadBalancerArn: arn)).flatMap(\.targetGroups)
            _ = try await aws.send(ELBv2.DeleteLoadBalancerRequest(loadBalancerArn: arn))
            for group in groups.compactMap(\.targetGroupArn) { try await remove(targetGroup: group) }
        }
    }

    /// Security groups, once nothing has them any more.
    func controllersGroups() async throws {
        guard let vpc = found.vpc?.vpcId, !found.sharesVPC else { return }
        let filters = [AWSInventory.filter("vpc-id", vpc), AWSInventory.filter("tag:\(ownerTag)", "owned")]
        let left = try await aws.pages(EC2.DescribeSecurityGroupsRequest(filters: filters)).flatMap(\.securityGroups).filter { group in
            !group.tags.contains { $0.key == Tag.clusterUID }
        }
        for group in left {
            cloud.say("removing the security group \(group.groupName ?? group.groupId ?? ""), made for the cluster")
            try await insist("DependencyViolation", on: "security group \(group.groupName ?? "")") {
                try await cloud.unlessDone("InvalidGroup.NotFound") {
                    _ = try await aws.send(EC2.DeleteSecurityGroupRequest(groupId: group.groupId))
                }
            }
        }
    }

    private var ownerTag: String { "kubernetes.io/cluster/\(cluster.name)" }

    /// Those of them that say that they are the cluster's.
    private func owned(_ arns: [String]) async throws -> Set<String> {
        var owned: Set<String> = []
        // AWS tells of 20 at a time.
        for start in stride(from: 0, to: arns.count, by: 20) {
            let some = Array(arns[start..<min(start + 20, arns.count)])
            for description in try await aws.send(ELBv2.DescribeTagsRequest(resourceArns: some)).tagDescriptions {
                let isOwned = description.tags.contains { tag in
                    (tag.key == ownerTag && tag.value == "owned") || (tag.key == "elbv2.k8s.aws/cluster" && tag.value == cluster.name)
                }
                if isOwned, let arn = description.resourceArn { owned.insert(arn) }
            }
        }
        return owned
    }
}
