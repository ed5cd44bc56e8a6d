import AWSAPI
import AWSRequests
public import ClusterModel

extension AWSCloud {
    public func joinEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {
        try await at(Address(.machine, machine), doing: "adding it to the API's endpoint") {
            let instance = try await id(of: machine, cluster)
            for group in try await ids(cluster).targetGroups {
                _ = try await aws.send(
                    ELBv2.RegisterTargetsRequest(targetGroupArn: group, targets: [ELBv2.TargetDescription(id: instance)]))
            }
        }
    }

    public func leaveEndpoint(_ cluster: ClusterIdentity, machine: String) async throws {
        try await at(Address(.machine, machine), doing: "taking it out of the API's endpoint") {
            try await leave(cluster, instances: [try await id(of: machine, cluster)])
        }
    }

    /// Returns when no new connection is led to them: from then on they drain, or are none of its targets any more.
    func leave(_ cluster: ClusterIdentity, instances: [String]) async throws {
        for group in try await ids(cluster).targetGroups {
            let targets = instances.map { ELBv2.TargetDescription(id: $0) }
            try await unlessDone("InvalidTarget") {
                _ = try await aws.send(ELBv2.DeregisterTargetsRequest(targetGroupArn: group, targets: targets))
            }
            let isOut = try await context.poll(every: .seconds(2), for: Self.patience, ridingOut: { _ in }) { () async throws -> Bool? in
                let health = try await self.aws.send(ELBv2.DescribeTargetHealthRequest(targetGroupArn: group)).targetHealthDescriptions
                let led = health.filter { !["draining", "unused"].contains($0.targetHealth?.state ?? "") }.compactMap { $0.target?.id }
                return led.contains { instances.contains($0) } ? nil : true
            }
            guard isOut == true else {
                throw SlipwayError(
                    .failed, doing: "taking it out of the API's endpoint",
                    cause: "the load balancer still led to it after \(Self.patience)",
                    hint: "run it again", retry: .transient)
            }
        }
    }

    public func endpointLeads(_ cluster: ClusterIdentity, to machine: String) async throws -> Bool {
        try await at(Address(.machine, machine), doing: "asking the API's endpoint") {
            let instance = try await id(of: machine, cluster)
            for group in try await ids(cluster).targetGroups {
                let health = try await aws.send(
                    ELBv2.DescribeTargetHealthRequest(targetGroupArn: group, targets: [ELBv2.TargetDescription(id: instance)]))
                guard health.targetHealthDescriptions.contains(where: { $0.targetHealth?.state == "healthy" }) else { return false }
            }
            return true
        }
    }
}
