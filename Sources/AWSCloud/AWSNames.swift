import ClusterModel

/// What things of a cluster are called on AWS where a name has to be unique. By the cluster's uid, as two clusters of one name
/// are told apart by it, and as names of balancers and roles are short.
struct AWSNames {
    let cluster: ClusterIdentity

    func group(_ role: MachineRole) -> String { "slipway-\(cluster.name)-\(cluster.uid)-\(role.groupName)" }
    /// At most 32 characters. A target group has its balancer's name.
    func balancer(_ suffix: String) -> String { "slipway-\(cluster.uid)-\(suffix)" }
    /// At most 64 characters. A role has its profile's name.
    func profile(_ role: MachineRole) -> String { "slipway-\(cluster.uid)-\(role.groupName)" }
    var keyPair: String { "slipway-\(cluster.name)-\(cluster.uid)" }
}
