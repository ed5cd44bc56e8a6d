public import Bootstrap
public import ClusterModel

extension ContentDesign {
    /// What `Bootstrap` renders for the desired spec.
    /// - Parameters:
    ///   - secretsVersion: nil while the cluster's secrets were never made; digests then compare equal to nothing.
    ///   - digests: those that are known already.
    /// - Throws: `.bug` when the spec's Kubernetes version is not resolved.
    public init(desired: Cluster, state: ClusterState, secretsVersion: String?, digests: NodeDigests = NodeDigests()) throws {
        guard let version = desired.spec.kubernetesVersion else {
            throw SlipwayError(.bug, doing: "planning", cause: "the Kubernetes version was not resolved")
        }
        let cluster = state.identity
        let spec = desired.spec
        self.init(
            specDigest: { machine in
                try digests.specDigest(
                    of: NodeContentInput(cluster: cluster, spec: spec, machine: machine, secretsVersion: secretsVersion ?? "not made yet"))
            },
            node: { NodeDesigns.node(for: $0, of: spec, version: version) },
            manifestsDigest: ClusterManifests.digest(cluster: cluster, version: version),
            recoveryDigest: RecoveryKit.digest(
                cluster: cluster, desired: desired, secretsVersion: secretsVersion ?? "not made yet"))
    }
}
