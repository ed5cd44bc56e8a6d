import AWSRequests
import ClusterModel

extension AWSInventory {
    /// What the network consists of, named as `AWSNetworkDesign.parts` names it.
    var parts: [String: String] {
        var parts: [String: String] = [:]
        let tables = tableOfSubnet
        if let id = vpc?.vpcId, let cidr = vpc?.cidrBlock { parts[AWSNetworkPart.vpc] = sharesVPC ? AWSNetworkPart.shared(id) : cidr }
        for subnet in subnets {
            guard let zone = subnet.availabilityZone, let cidr = subnet.cidrBlock else { continue }
            let (id, use) = (subnet.subnetId ?? "", use(of: subnet))
            guard sharedSubnets?.use(of: id) == nil else {
                parts[AWSNetworkPart.subnet(zone, use)] = AWSNetworkPart.shared(id)
                continue
            }
            // Which one it has to be, the design says; a zone's own, or one for all.
            let fits = tables[id].map { use == .edge ? $0 == .edge : $0 != .edge } ?? false
            parts[AWSNetworkPart.subnet(zone, use)] = fits ? cidr : "\(cidr), without its route table"
        }
        for zone in Set(natGateways.compactMap(\.zone)) {
            parts[AWSNetworkPart.nat(zone)] = natGateway(zone)?.state ?? natGateways.first { $0.zone == zone }?.state
        }
        if sharedSubnets == nil, gateway?.attachments.contains(where: { $0.vpcId == vpc?.vpcId }) == true {
            parts[AWSNetworkPart.gateway] = "attached"
        }
        for table in routeTables.keys where !table.isShared { parts[AWSNetworkPart.defaultRoute(table)] = target(of: table) }
        for (role, group) in groups {
            parts[AWSNetworkPart.group(role)] = "present"
            for rule in rules(of: group, role) { parts[rule.part] = rule.purpose }
        }
        if keyPair != nil { parts[AWSNetworkPart.keyPair] = "present" }
        for (role, profile) in profiles where !profile.roles.isEmpty { parts[AWSNetworkPart.profile(role)] = "present" }
        for (suffix, balancer) in balancers {
            if let made = balancer.balancer {
                parts[AWSNetworkPart.balancer(suffix)] = made.availabilityZones.compactMap(\.zoneName).sorted().joined(separator: ", ")
            }
            if let group = balancer.group?.targetGroupArn, balancer.listener?.targets.contains(group) == true {
                parts[AWSNetworkPart.listener(suffix)] = "tcp \(NodePorts.api)"
            }
        }
        if let dns { parts[AWSNetworkPart.record(dns.record.name)] = condition(of: dns) }
        return parts
    }

    /// As the network's tags have it.
    var apiRecord: APIRecord? { AWSTags.read(home?.tags ?? [])[APIRecord.tag].flatMap(APIRecord.init(tag:)) }

    /// How the record is; nil where there is none, or nothing but what somebody else has put into its place.
    private func condition(of sets: RecordSets) -> String? {
        let uid = AWSTags.read(home?.tags ?? [])[Tag.clusterUID]
        guard let owner = sets.owner, owner.uid == uid else { return nil }
        return sets.leads(to: balancers[sets.record.suffix]?.balancer) ? AWSNetworkPart.leadsToAPI : "leads elsewhere"
    }

    /// Those of Slipway's: its mark is in their description. The egress to everywhere comes with a group and has none.
    func rules(of group: EC2.SecurityGroup, _ role: MachineRole) -> [SecurityRule] {
        let roles = Dictionary(
            groups.compactMap { role, group in group.groupId.map { ($0, role) } }, uniquingKeysWith: { first, _ in first })
        return group.ipPermissions.flatMap { $0.rules(role, .ingress, groups: roles) }
            + group.ipPermissionsEgress.flatMap { $0.rules(role, .egress, groups: roles) }
    }
}

extension EC2.Route {
    var isDefault: Bool { destinationCidrBlock == "\(IPv4CIDR.everywhere)" }
}

extension ELBv2.Listener {
    /// Target groups that it forwards to.
    var targets: [String] {
        defaultActions.flatMap { action in
            [action.targetGroupArn].compactMap { $0 } + (action.forwardConfig?.targetGroups.compactMap(\.targetGroupArn) ?? [])
        }
    }
}

extension EC2.IpPermission {
    /// One for each peer.
    func rules(_ role: MachineRole, _ direction: SecurityRule.Direction, groups: [String: MachineRole]) -> [SecurityRule] {
        let name = ipProtocol ?? "-1"
        let port = ["tcp", "udp"].contains(name) ? fromPort : nil
        func rule(_ peer: SecurityRule.Peer, _ description: String?) -> SecurityRule? {
            let purpose: String
            if let description, description.hasPrefix(SecurityRule.mark) {
                purpose = String(description.dropFirst(SecurityRule.mark.count))
            } else if direction == .egress, name == "-1", peer == .range(.everywhere) {
                purpose = SecurityRule.egressPurpose
            } else {
                return nil
            }
            return SecurityRule(group: role, direction: direction, ipProtocol: name, port: port, peer: peer, purpose: purpose)
        }
        let ranges = ipRanges.compactMap { range in
            range.cidrIp.flatMap { IPv4CIDR($0) }.flatMap { rule(.range($0), range.description) }
        }
        let pairs = userIdGroupPairs.compactMap { pair in
            pair.groupId.flatMap { groups[$0] }.flatMap { rule(.group($0), pair.description) }
        }
        return ranges + pairs
    }
}
