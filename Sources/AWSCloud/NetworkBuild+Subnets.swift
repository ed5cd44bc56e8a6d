import AWSAPI
import AWSRequests
import ClusterModel

extension NetworkBuild {
    /// Ids of each use, by zone.
    func subnets(_ vpc: String) async throws -> [AWSSubnetUse: [String: String]] {
        try await withThrowingTaskGroup(of: (AWSNetworkDesign.Subnet, String).self) { tasks in
            for wanted in design.subnets { tasks.addTask { (wanted, try await subnet(wanted, vpc)) } }
            return try await tasks.reduce(into: [:]) { $0[$1.0.use, default: [:]][$1.0.zone] = $1.1 }
        }
    }

    private func subnet(_ wanted: AWSNetworkDesign.Subnet, _ vpc: String) async throws -> String {
        guard case .own(let cidr) = wanted.place else { return wanted.sharedID ?? "" }
        if let id = found.subnets(for: wanted.use).first(where: { $0.availabilityZone == wanted.zone })?.subnetId { return id }
        let there = [AWSInventory.filter("vpc-id", vpc), AWSInventory.filter("cidr-block", "\(cidr)")]
        let suffix = wanted.use == .edge ? "-public" : ""
        var tags = tags("slipway-\(request.cluster.name)-\(wanted.zone)\(suffix)")
        if design.isPrivate {
            tags[AWSTags.subnet] = wanted.use.rawValue
            // By these a controller of load balancers finds where its own may be.
            tags[wanted.use == .edge ? "kubernetes.io/role/elb" : "kubernetes.io/role/internal-elb"] = "1"
        }
        let all = tags
        return try await cloud.once(
            find: { try await aws.pages(EC2.DescribeSubnetsRequest(filters: there)).flatMap(\.subnets).first?.subnetId },
            make: {
                try await $0.send(
                    EC2.CreateSubnetRequest(
                        availabilityZone: wanted.zone, cidrBlock: "\(cidr)", tagSpecifications: [AWSTags.spec("subnet", all)],
                        vpcId: vpc)
                ).subnet?.subnetId
            })
    }

    /// A group that is made has the note from the start; a zone that comes later adds to it.
    func noteSharedSubnets() async throws {
        guard let shared = SharedSubnets(design), let group = found.groups[.controlPlane], found.sharedSubnets != shared else { return }
        _ = try await aws.send(
            EC2.CreateTagsRequest(resources: [group.groupId ?? ""], tags: AWSTags.ec2([AWSTags.sharedSubnets: shared.tag])))
    }

    // MARK: Route tables

    /// Each leads to the outside, and those of machines to the pods of each machine, which is not done here.
    func routeTables(
        _ vpc: String, subnets: [AWSSubnetUse: [String: String]], gateway: String, natGateways: [String: String]
    ) async throws {
        let associated = found.tableOfSubnet
        try await each(design.tables) { kind in
            let ids = design.subnets.filter { design.table(of: $0) == kind }.compactMap { subnets[$0.use]?[$0.zone] }
            let id = try await routeTable(kind, vpc)
            for subnet in ids where associated[subnet] != kind { try await associate(subnet, id) }
            var door = EC2.CreateRouteRequest(destinationCidrBlock: "\(IPv4CIDR.everywhere)", routeTableId: id)
            if case .nat(let zone) = kind { door.natGatewayId = natGateways[zone] } else { door.gatewayId = gateway }
            try await lead(kind, by: door)
        }
    }

    private func routeTable(_ kind: AWSRouteTable, _ vpc: String) async throws -> String {
        if let id = found.routeTables[kind]?.routeTableId { return id }
        var wanted = [AWSInventory.owned(request.cluster)]
        var tags = tags("slipway-\(request.cluster.name)")
        if kind != .main {
            tags["Name"] = "slipway-\(request.cluster.name)-\(kind.text.replacing(" ", with: "-"))"
            tags[AWSTags.routeTable] = kind.text
            wanted.append(AWSInventory.filter("tag:\(AWSTags.routeTable)", kind.text))
        }
        let (all, there) = (tags, wanted)
        return try await cloud.once(
            find: { try await aws.pages(EC2.DescribeRouteTablesRequest(filters: there)).flatMap(\.routeTables).first?.routeTableId },
            make: {
                try await $0.send(EC2.CreateRouteTableRequest(tagSpecifications: [AWSTags.spec("route-table", all)], vpcId: vpc))
                    .routeTable?.routeTableId
            })
    }

    /// A subnet that uses another table of the cluster's leaves that one first.
    private func associate(_ subnet: String, _ table: String) async throws {
        let old = found.routeTables.values.flatMap(\.associations).filter { $0.subnetId == subnet && $0.main != true }
        for association in old {
            try await cloud.unlessDone("InvalidAssociationID.NotFound") {
                _ = try await aws.send(EC2.DisassociateRouteTableRequest(associationId: association.routeTableAssociationId))
            }
        }
        try await cloud.unlessDone("Resource.AlreadyAssociated") {
            _ = try await aws.send(EC2.AssociateRouteTableRequest(routeTableId: table, subnetId: subnet))
        }
    }

    private func lead(_ kind: AWSRouteTable, by door: EC2.CreateRouteRequest) async throws {
        let known = found.routeTables[kind]?.routes.first(where: \.isDefault)
        if known == nil {
            try await cloud.unlessDone("RouteAlreadyExists") { _ = try await aws.send(door) }
        } else if known?.gatewayId != door.gatewayId || known?.natGatewayId != door.natGatewayId || known?.state == "blackhole" {
            _ = try await aws.send(
                EC2.ReplaceRouteRequest(
                    destinationCidrBlock: door.destinationCidrBlock, gatewayId: door.gatewayId, natGatewayId: door.natGatewayId,
                    routeTableId: door.routeTableId))
        }
    }
}
