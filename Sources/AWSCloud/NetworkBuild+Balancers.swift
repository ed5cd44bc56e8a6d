import AWSAPI
import AWSRequests
import ClusterModel

extension NetworkBuild {
    /// A target group for each balancer, by its suffix: the masters' API servers, asked for a connection every ten seconds.
    func targetGroups(_ vpc: String) async throws -> [String: String] {
        try await withThrowingTaskGroup(of: (String, String).self) { tasks in
            for balancer in design.balancers {
                tasks.addTask { (balancer.suffix, try await targetGroup(balancer.suffix, vpc)) }
            }
            return try await tasks.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func targetGroup(_ suffix: String, _ vpc: String) async throws -> String {
        if let arn = found.balancers[suffix]?.group?.targetGroupArn { return arn }
        let name = names.balancer(suffix)
        return try await cloud.once(
            find: {
                try await AWSInventory.missing("TargetGroupNotFound") {
                    try await aws.send(ELBv2.DescribeTargetGroupsRequest(names: [name])).targetGroups.first?.targetGroupArn
                }
            },
            make: {
                try await $0.send(
                    ELBv2.CreateTargetGroupRequest(
                        healthCheckEnabled: true, healthCheckIntervalSeconds: 10, healthCheckProtocol: "TCP", healthyThresholdCount: 2,
                        name: name, port: NodePorts.api, protocol: "TCP", tags: AWSTags.elb(tags(name)), targetType: "instance",
                        unhealthyThresholdCount: 2, vpcId: vpc)
                ).targetGroups.first?.targetGroupArn
            })
    }

    func balancers(subnets: [AWSSubnetUse: [String: String]], targets: [String: String]) async throws {
        try await each(design.balancers) { balancer in
            let own = subnets[design.use(by: balancer)] ?? [:]
            let zones = design.controlPlaneZones.compactMap { own[$0] }
            try await self.balancer(balancer, subnets: zones, target: targets[balancer.suffix])
        }
    }

    private func balancer(_ wanted: AWSNetworkDesign.Balancer, subnets: [String], target: String?) async throws {
        let known = found.balancers[wanted.suffix]
        let name = names.balancer(wanted.suffix)
        var arn = known?.balancer?.loadBalancerArn
        if arn == nil {
            arn = try await cloud.once(
                find: {
                    try await AWSInventory.missing("LoadBalancerNotFound") {
                        try await aws.send(ELBv2.DescribeLoadBalancersRequest(names: [name])).loadBalancers.first?.loadBalancerArn
                    }
                },
                make: {
                    try await $0.send(
                        ELBv2.CreateLoadBalancerRequest(
                            name: name, scheme: wanted.exposure == .internal ? "internal" : "internet-facing", subnets: subnets,
                            tags: AWSTags.elb(tags(name)), type: "network")
                    ).loadBalancers.first?.loadBalancerArn
                })
        } else if Set(known?.balancer?.availabilityZones.compactMap(\.subnetId) ?? []) != Set(subnets) {
            _ = try await aws.send(ELBv2.SetSubnetsRequest(loadBalancerArn: arn, subnets: subnets))
        }
        if let target, known?.listener?.targets.contains(target) != true {
            try await cloud.unlessDone("DuplicateListener") {
                _ = try await aws.send(
                    ELBv2.CreateListenerRequest(
                        defaultActions: [ELBv2.Action(targetGroupArn: target, type: "forward")], loadBalancerArn: arn,
                        port: NodePorts.api, protocol: "TCP"))
            }
        }
    }
}
