import AWSAPI
import AWSRequests
public import ClusterModel

extension AWSCloud {
    public func ensureNetwork(_ request: NetworkRequest) async throws -> NetworkRecord {
        let cluster = request.cluster
        return try await at(Address(.network, cluster.name), doing: "making the network") {
            var inventory = try await inventory(cluster)
            // Networks on AWS do not go down: one that exists is up.
            guard let spec = request.spec else { return try record(inventory, cluster) }
            let design = try AWSNetworkDesign(spec)
            if let shared = design.sharedVPC, inventory.vpc == nil { try await inventory.readShared(shared, aws, cluster) }
            let build = NetworkBuild(cloud: self, request: request, design: design, found: inventory)
            return try record(try await build.complete(), cluster)
        }
    }

    public func tagNetwork(_ cluster: ClusterIdentity, tags: [String: String]) async throws {
        let address = Address(.network, cluster.name)
        try await at(address, doing: "tagging the network") {
            guard let id = try await ids(cluster).home else {
                throw Self.missing("network", cluster)
            }
            _ = try await aws.send(EC2.CreateTagsRequest(resources: [id], tags: AWSTags.ec2(tags)))
        }
    }

    static func missing(_ what: String, _ cluster: ClusterIdentity) -> SlipwayError {
        SlipwayError(
            .notFound, at: Address(.network, cluster.name), doing: "looking for the \(what)", cause: "none carries the cluster's tags",
            hint: "run: slipway update cluster \(cluster.name)", retry: .transient)
    }

    func record(_ inventory: AWSInventory, _ cluster: ClusterIdentity) throws -> NetworkRecord {
        guard let record = inventory.record else {
            throw SlipwayError(
                .failed, at: Address(.network, cluster.name), doing: "making the network", cause: "AWS does not show all of it yet",
                hint: "run it again", retry: .transient)
        }
        return record
    }
}

extension AWSInventory {
    /// Nil while the VPC or a load balancer is missing.
    var record: NetworkRecord? {
        guard let id = vpc?.vpcId, let cidr = vpc?.cidrBlock.flatMap({ IPv4CIDR($0) }),
            let inside = balancers["internal"]?.balancer?.dnsName
        else { return nil }
        return NetworkRecord(
            id: id, cidr: cidr, gateway: cidr.address(at: 1) ?? cidr.base, apiAddress: inside,
            accessAddress: balancers["public"]?.balancer?.dnsName, ids: ids)
    }

    /// For whoever lets the cluster in elsewhere: into a database's security group, or through a firewall.
    private var ids: [String: String] {
        var ids: [String: String] = [:]
        ids[AWSNetworkPart.vpc] = vpc?.vpcId
        ids[AWSNetworkPart.gateway] = gateway?.internetGatewayId
        for subnet in subnets {
            if let zone = subnet.availabilityZone { ids[AWSNetworkPart.subnet(zone, use(of: subnet))] = subnet.subnetId }
        }
        for (role, group) in groups { ids[AWSNetworkPart.group(role)] = group.groupId }
        for (kind, table) in routeTables { ids[AWSNetworkPart.table(kind)] = table.routeTableId }
        for gateway in natGateways where gateway.state == "available" {
            guard let zone = gateway.zone else { continue }
            ids[AWSNetworkPart.nat(zone)] = gateway.natGatewayId
            ids[AWSNetworkPart.natAddress(zone)] = gateway.natGatewayAddresses.first?.publicIp
        }
        return ids
    }
}
