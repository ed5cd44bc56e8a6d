import AWSAPI
import AWSRequests
import ClusterModel

/// The way out of private subnets.
extension NetworkBuild {
    /// Ids by zone, once they work: AWS takes a minute or two for that.
    /// - Parameter subnets: the public ones, by zone.
    func natGateways(subnets: [String: String]) async throws -> [String: String] {
        try await withThrowingTaskGroup(of: (String, String).self) { tasks in
            for zone in design.natZones { tasks.addTask { (zone, try await natGateway(zone, subnet: subnets[zone])) } }
            return try await tasks.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func natGateway(_ zone: String, subnet: String?) async throws -> String {
        if let known = found.natGateway(zone), let id = known.natGatewayId {
            return known.state == "available" ? id : try await available(id, zone)
        }
        // One that failed holds its address for as long as it is listed.
        for failed in found.natGateways where failed.zone == zone && failed.state == "failed" {
            try await cloud.end([failed])
        }
        let address = try await address(zone)
        let there = owned(zone) + [AWSInventory.filter("state", "pending", "available")]
        cloud.say("making the NAT gateway of \(zone), which takes AWS a minute or two")
        let id = try await cloud.once(
            find: { try await aws.pages(EC2.DescribeNatGatewaysRequest(filter: there)).flatMap(\.natGateways).first?.natGatewayId },
            make: {
                try await $0.send(
                    EC2.CreateNatGatewayRequest(
                        allocationId: address, connectivityType: "public", subnetId: subnet,
                        tagSpecifications: [AWSTags.spec("natgateway", natTags(zone))])
                ).natGateway?.natGatewayId
            })
        return try await available(id, zone)
    }

    /// The address that it has outside: an Elastic IP, of which an account has five in a region unless it asks for more.
    private func address(_ zone: String) async throws -> String {
        if let id = found.addresses.first(where: { $0.natZone == zone })?.allocationId { return id }
        let there = owned(zone)
        do {
            return try await cloud.once(
                find: { try await aws.send(EC2.DescribeAddressesRequest(filters: there)).addresses.first?.allocationId },
                make: {
                    try await $0.send(
                        EC2.AllocateAddressRequest(domain: "vpc", tagSpecifications: [AWSTags.spec("elastic-ip", natTags(zone))])
                    ).allocationId
                })
        } catch let error as AWSError where error.code == "AddressLimitExceeded" {
            throw SlipwayError(
                .failed, doing: "asking for the address of the NAT gateway of \(zone)", cause: "\(error)",
                hint: "ask for more in Service Quotas (EC2-VPC Elastic IPs), or have one gateway for all zones: natGateways: one")
        }
    }

    /// What is on a zone's gateway and on its address, and how each is found again by it.
    private func natTags(_ zone: String) -> [String: String] {
        tags("slipway-\(request.cluster.name)-\(zone)").merging([AWSTags.nat: zone]) { _, new in new }
    }

    private func owned(_ zone: String) -> [EC2.Filter] {
        [AWSInventory.owned(request.cluster), AWSInventory.filter("tag:\(AWSTags.nat)", zone)]
    }

    private func available(_ id: String, _ zone: String) async throws -> String {
        let there = try await cloud.context.poll(every: .seconds(3), for: AWSCloud.patience, ridingOut: { _ in }) {
            () async throws -> Bool? in
            let seen = try await AWSInventory.missing("NatGatewayNotFound") {
                try await aws.pages(EC2.DescribeNatGatewaysRequest(natGatewayIds: [id])).flatMap(\.natGateways).first
            }
            guard seen?.state == "failed" else { return seen?.state == "available" ? true : nil }
            throw SlipwayError(
                .failed, doing: "making the NAT gateway of \(zone)",
                cause: "AWS gave it up: \(seen?.failureMessage ?? seen?.failureCode ?? "it does not say why")",
                hint: "mend that and run the same command again: it makes another")
        }
        guard there == true else {
            throw SlipwayError(
                .failed, doing: "making the NAT gateway of \(zone)", cause: "it did not work within \(AWSCloud.patience)",
                hint: "run it again", retry: .transient)
        }
        return id
    }
}

extension AWSCloud {
    /// Deletes gateways and returns when they are gone: until then their addresses and subnets are in use.
    func end(_ gateways: [EC2.NatGateway]) async throws {
        let ids = gateways.compactMap(\.natGatewayId)
        guard !ids.isEmpty else { return }
        try await each(ids) { id in
            try await self.unlessDone("NatGatewayNotFound") {
                _ = try await self.aws.send(EC2.DeleteNatGatewayRequest(natGatewayId: id))
            }
        }
        let gone = try await context.poll(every: .seconds(3), for: Self.patience, ridingOut: { _ in }) { () async throws -> Bool? in
            let left = try await AWSInventory.missing("NatGatewayNotFound") {
                try await self.aws.pages(EC2.DescribeNatGatewaysRequest(natGatewayIds: ids)).flatMap(\.natGateways)
            }
            return (left ?? []).allSatisfy { $0.state == "deleted" } ? true : nil
        }
        guard gone == true else {
            throw SlipwayError(
                .failed, doing: "removing NAT gateways",
                cause: "AWS did not let go of \(ids.joined(separator: ", ")) within \(Self.patience)",
                hint: "run it again", retry: .transient)
        }
    }
}
