import Bootstrap
import ClusterModel

/// What `Bootstrap` renders, for the machines and the cluster that a state describes.
enum NodeContents {
    /// - Throws: `.failed` while the machine or the network does not exist.
    static func input(_ machine: String, state: ClusterState, secretsVersion: String) throws -> NodeContentInput {
        guard let entry = state.machines[machine], let providerID = entry.providerID, let address = entry.address,
            let network = state.network
        else {
            throw SlipwayError(
                .failed, at: Address(.host, machine), doing: "rendering its content", cause: "the machine or its network was not made yet")
        }
        let late = LateValues(address: address, providerID: providerID, network: network)
        return try NodeContentInput(
            cluster: state.identity, spec: state.desired.spec, machine: MachineDesign(entry), secretsVersion: secretsVersion, late: late)
    }

    static func manifests(_ state: ClusterState) throws -> [JSONValue] {
        guard let version = state.desired.spec.kubernetesVersion else {
            throw SlipwayError(.bug, doing: "rendering the manifests", cause: "the Kubernetes version was not resolved")
        }
        return ClusterManifests.objects(cluster: state.identity, version: version)
    }
}

extension MachineDesign {
    init(_ entry: MachineEntry) {
        self.init(
            name: entry.name, pool: entry.pool, zone: entry.zone, role: entry.role, ordinal: entry.ordinal,
            instanceType: entry.instanceType, market: entry.market, podCIDR: entry.podCIDR)
    }
}
