import AWSAPI
import AWSRequests
public import ClusterModel

extension AWSCloud {
    public func setRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR, machine: String) async throws {
        try await at(Address(.route, machine), doing: "setting the route of \(podCIDR)") {
            let instance = try await id(of: machine, cluster)
            let tables = try await ids(cluster).routeTables
            guard !tables.isEmpty else { throw Self.missing("route table", cluster) }
            try await each(tables) { try await self.setRoute(podCIDR, to: instance, in: $0) }
        }
    }

    private func setRoute(_ podCIDR: IPv4CIDR, to instance: String, in table: String) async throws {
        do {
            _ = try await aws.send(EC2.CreateRouteRequest(destinationCidrBlock: "\(podCIDR)", instanceId: instance, routeTableId: table))
        } catch let error as AWSError where error.code == "RouteAlreadyExists" {
            _ = try await aws.send(EC2.ReplaceRouteRequest(destinationCidrBlock: "\(podCIDR)", instanceId: instance, routeTableId: table))
        } catch let error as AWSError where error.code == "RouteLimitExceeded" {
            throw SlipwayError(
                .failed, doing: "setting the route of \(podCIDR)", cause: "\(error)",
                hint: "a route table holds 500 routes unless the account's quota was raised, and never more than 1,000")
        }
    }

    public func deleteRoute(_ cluster: ClusterIdentity, podCIDR: IPv4CIDR) async throws {
        try await at(Address(.network, cluster.name), doing: "removing the route of \(podCIDR)") {
            try await each(try await ids(cluster).routeTables) { table in
                try await self.unlessDone("InvalidRoute.NotFound") {
                    _ = try await self.aws.send(EC2.DeleteRouteRequest(destinationCidrBlock: "\(podCIDR)", routeTableId: table))
                }
            }
        }
    }
}
