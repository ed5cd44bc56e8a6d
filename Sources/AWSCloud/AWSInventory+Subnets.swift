import AWSRequests
import ClusterModel

extension AWSInventory {
    /// A subnet of the cluster's without the tag is one of machines.
    func use(of subnet: EC2.Subnet) -> AWSSubnetUse {
        sharedSubnets?.use(of: subnet.subnetId ?? "")
            ?? AWSTags.read(subnet.tags)[AWSTags.subnet].flatMap(AWSSubnetUse.init(rawValue:)) ?? .machines
    }

    func subnets(for use: AWSSubnetUse) -> [EC2.Subnet] { subnets.filter { self.use(of: $0) == use } }

    var ownSubnets: [EC2.Subnet] { subnets.filter { sharedSubnets?.use(of: $0.subnetId ?? "") == nil } }
    var ownTables: [EC2.RouteTable] { routeTables.filter { !$0.key.isShared }.map(\.value) }
    var sharedTables: [EC2.RouteTable] { routeTables.filter(\.key.isShared).map(\.value) }

    /// Whether nodes have no address outside.
    var isPrivate: Bool { sharedSubnets?.isPrivate ?? subnets.contains { use(of: $0) == .edge } }

    /// Those that machines' subnets use.
    var machineTables: [EC2.RouteTable] { routeTables.filter { $0.key != .edge }.map(\.value) }

    /// By subnet id, the table that it is associated with.
    var tableOfSubnet: [String: AWSRouteTable] {
        var tables: [String: AWSRouteTable] = [:]
        for (kind, table) in routeTables { for id in table.associations.compactMap(\.subnetId) { tables[id] = kind } }
        return tables
    }

    /// The gateway of a zone that works or is about to.
    func natGateway(_ zone: String) -> EC2.NatGateway? {
        natGateways.first { $0.works && $0.zone == zone }
    }

    /// What a table's default route leads to, as a part of the network is called; nil for none, or what is none of them.
    func target(of table: AWSRouteTable) -> String? {
        guard let route = routeTables[table]?.routes.first(where: \.isDefault) else { return nil }
        if let id = route.gatewayId, id == gateway?.internetGatewayId { return AWSNetworkPart.gateway }
        guard let id = route.natGatewayId else { return nil }
        return natGateways.first { $0.works && $0.natGatewayId == id }?.zone.map(AWSNetworkPart.nat)
    }
}

extension EC2.NatGateway {
    /// Or is about to.
    var works: Bool { ["pending", "available"].contains(state ?? "") }
    var zone: String? { AWSTags.read(tags)[AWSTags.nat] }
}

extension EC2.Address {
    var natZone: String? { AWSTags.read(tags)[AWSTags.nat] }
}
