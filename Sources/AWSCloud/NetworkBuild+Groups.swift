import AWSAPI
import AWSRequests
import ClusterModel

extension NetworkBuild {
    /// Security groups with the rules of the design, and none of Slipway's besides.
    func groups(_ vpc: String) async throws {
        var ids: [MachineRole: String] = [:]
        for (role, group) in found.groups { ids[role] = group.groupId }
        try await withThrowingTaskGroup(of: (MachineRole, String).self) { tasks in
            for role in design.roles where ids[role] == nil {
                tasks.addTask { (role, try await group(role, vpc)) }
            }
            for try await (role, id) in tasks { ids[role] = id }
        }
        let all = ids
        try await each(all.keys) { try await rules($0, all) }
    }

    private func group(_ role: MachineRole, _ vpc: String) async throws -> String {
        let name = names.group(role)
        let there = [AWSInventory.filter("vpc-id", vpc), AWSInventory.filter("group-name", name)]
        var tags = tags(name)
        if role == .controlPlane, let shared = SharedSubnets(design) {
            tags[AWSTags.sharedSubnets] = shared.tag
            // What leads to pods is taken out of others' tables by it.
            tags[ClusterModel.Tag.podCIDR] = "\(request.podCIDR)"
        }
        let all = tags
        return try await cloud.once(
            find: { try await aws.pages(EC2.DescribeSecurityGroupsRequest(filters: there)).flatMap(\.securityGroups).first?.groupId },
            make: {
                try await $0.send(
                    EC2.CreateSecurityGroupRequest(
                        description: "Machines of the cluster \(request.cluster.name): \(role.groupName)", groupName: name,
                        tagSpecifications: [AWSTags.spec("security-group", all)], vpcId: vpc)
                ).groupId
            })
    }

    /// Adds first and takes away then: nobody who may come in is locked out meanwhile.
    private func rules(_ role: MachineRole, _ groups: [MachineRole: String]) async throws {
        guard let id = groups[role] else { return }
        let wanted = design.rules.filter { $0.group == role }
        // A fresh group has the rule for everything that goes out.
        let existing =
            found.groups[role].map { found.rules(of: $0, role) }
            ?? wanted.filter { $0.direction == .egress && $0.purpose == SecurityRule.egressPurpose }
        let missing = wanted.filter { rule in !existing.contains { $0.part == rule.part } }
        let surplus = existing.filter { rule in !wanted.contains { $0.part == rule.part } }
        for (direction, rules) in Dictionary(grouping: missing, by: \.direction).sorted(by: { $0.key.rawValue > $1.key.rawValue }) {
            let permissions = rules.compactMap { $0.permission(groups) }
            try await cloud.unlessDone("InvalidPermission.Duplicate") {
                if direction == .ingress {
                    _ = try await aws.send(EC2.AuthorizeSecurityGroupIngressRequest(groupId: id, ipPermissions: permissions))
                } else {
                    _ = try await aws.send(EC2.AuthorizeSecurityGroupEgressRequest(groupId: id, ipPermissions: permissions))
                }
            }
        }
        for (direction, rules) in Dictionary(grouping: surplus, by: \.direction) {
            let permissions = rules.compactMap { $0.permission(groups) }
            try await cloud.unlessDone("InvalidPermission.NotFound") {
                if direction == .ingress {
                    _ = try await aws.send(EC2.RevokeSecurityGroupIngressRequest(groupId: id, ipPermissions: permissions))
                } else {
                    _ = try await aws.send(EC2.RevokeSecurityGroupEgressRequest(groupId: id, ipPermissions: permissions))
                }
            }
        }
    }
}

extension SecurityRule {
    /// As EC2 takes it; nil while the group of its peer does not exist.
    func permission(_ groups: [MachineRole: String]) -> EC2.IpPermission? {
        let description = SecurityRule.mark + purpose
        // For ICMP the "ports" are type and code, -1 for all.
        let port = ipProtocol == "-1" ? nil : ipProtocol == "icmp" ? -1 : self.port
        var permission = EC2.IpPermission(fromPort: port, ipProtocol: ipProtocol, toPort: port)
        switch peer {
        case .range(let range): permission.ipRanges = [EC2.IpRange(cidrIp: "\(range)", description: description)]
        case .group(let role):
            guard let id = groups[role] else { return nil }
            permission.userIdGroupPairs = [EC2.UserIdGroupPair(description: description, groupId: id)]
        }
        return permission
    }
}
