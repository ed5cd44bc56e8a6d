import AWSRequests
import ClusterModel

/// What AWS calls the parts of a cluster's network.
struct NetworkIDs: Sendable {
    var vpc: String?
    /// What the network's tags are on.
    var home: String?
    /// Of each use, by zone.
    var subnets: [AWSSubnetUse: [String: String]] = [:]
    var groups: [MachineRole: String] = [:]
    /// Those that machines' subnets use.
    var routeTables: [String] = []
    /// Of each load balancer.
    var targetGroups: [String] = []

    /// Machines are in private subnets.
    var isPrivate = false

    /// Where a machine of a role is: in private subnets, but for the bastion, where there are public ones besides.
    func place(of role: MachineRole) -> (use: AWSSubnetUse, isPublic: Bool) {
        guard isPrivate else { return (.machines, true) }
        return role == .bastion ? (.edge, true) : (.machines, false)
    }

    init(_ inventory: AWSInventory) {
        vpc = inventory.vpc?.vpcId
        home = inventory.home?.id
        for subnet in inventory.subnets {
            if let zone = subnet.availabilityZone { subnets[inventory.use(of: subnet), default: [:]][zone] = subnet.subnetId }
        }
        isPrivate = inventory.isPrivate
        groups = inventory.groups.compactMapValues(\.groupId)
        routeTables = inventory.machineTables.compactMap(\.routeTableId).sorted()
        targetGroups = inventory.balancers.values.compactMap(\.group?.targetGroupArn).sorted()
    }
}

extension AWSInventory {
    /// Instance id by machine name, of those that live.
    var living: [String: String] {
        var ids: [String: String] = [:]
        for instance in instances.sorted(by: { $0.isBetter(than: $1) }) where instance.status != .terminated {
            guard let name = instance.machineName, let id = instance.instanceId, ids[name] == nil else { continue }
            ids[name] = id
        }
        return ids
    }
}
