import AWSAPI
import AWSRequests
public import ClusterModel

extension AWSCloud {
    public func deleteNetwork(_ cluster: ClusterIdentity) async throws {
        try await at(Address(.network, cluster.name), doing: "removing the network") {
            let inventory = try await inventory(cluster)
            let living = inventory.instances.filter { $0.state?.name != "terminated" }.compactMap { $0.machineName ?? $0.instanceId }
            guard living.isEmpty else {
                throw SlipwayError(
                    .refused, doing: "removing the network", cause: "it still has \(living.sorted().joined(separator: ", "))",
                    hint: "its machines go first: slipway delete cluster \(cluster.name)")
            }
            try await NetworkRemoval(cloud: self, cluster: cluster, found: inventory).all()
        }
    }
}
