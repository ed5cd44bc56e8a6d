import AWSRequests
import ClusterModel

/// What AWS calls the parts of a cluster's network.
struct NetworkIDs: Sendable {
    var vpc: String?
    /// What the network's tags are on.
    var home: String?
    /// By zone.
    var subnets: [String: String] = [:]
    var groups: [MachineRole: String] = [:]
    var routeTable: String?
    /// Of each load balancer.
    var targetGroups: [String] = []

    init(_ inventory: AWSInventory) {
        vpc = inventory.vpc?.vpcId
        home = inventory.home?.id
        for subnet in inventory.subnets { if let zone = subnet.availabilityZone { subnets[zone] = subnet.subnetId } }
        groups = inventory.groups.compactMapValues(\.groupId)
        routeTable = inventory.routeTable?.routeTableId
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
