public import ClusterModel

/// Objects in the cluster that its own parts need, and a note of what was applied.
public enum ClusterManifests {
    /// The user that the API server is towards kubelets.
    public static let kubeletClientUser = "slipway:apiserver-kubelet-client"
    /// API path of the ConfigMap that `digest(in:)` reads.
    public static let notePath = "/api/v1/namespaces/kube-system/configmaps/slipway"

    /// To be applied in this order; the note comes last, so it speaks of what is there.
    public static func objects(cluster: ClusterIdentity, version: KubernetesVersion) -> [JSONValue] {
        bindings + [note(cluster: cluster, version: version, digest: digest(cluster: cluster, version: version))]
    }

    /// SHA-256 in lower-case hex over all objects, the note's own digest left out.
    public static func digest(cluster: ClusterIdentity, version: KubernetesVersion) -> String {
        CanonicalJSON.digest(bindings + [note(cluster: cluster, version: version, digest: "")])
    }

    /// The digest in the ConfigMap at `notePath`. Nil when there is none, or when the note is another cluster's.
    public static func digest(in note: JSONValue?, cluster: ClusterIdentity) -> String? {
        guard note?["data"]?["clusterUID"]?.text == cluster.uid else { return nil }
        return note?["data"]?["manifestsDigest"]?.text
    }

    private static let bindings: [JSONValue] = [
        binding("slipway:apiserver-kubelet-client", role: "system:kubelet-api-admin", kind: "User", subject: kubeletClientUser),
        binding(
            "slipway:kubelet-certificate-rotation", role: "system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
            kind: "Group", subject: "system:nodes"),
    ]

    private static let labels: JSONValue = ["app.kubernetes.io/managed-by": "slipway"]

    private static func binding(_ name: String, role: String, kind: String, subject: String) -> JSONValue {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRoleBinding",
            "metadata": ["name": .string(name), "labels": labels],
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": .string(role)],
            "subjects": [["apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(subject)]],
        ]
    }

    private static func note(cluster: ClusterIdentity, version: KubernetesVersion, digest: String) -> JSONValue {
        [
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": ["name": "slipway", "namespace": "kube-system", "labels": labels],
            "data": ["clusterUID": .string(cluster.uid), "manifestsDigest": .string(digest), "version": .string(version.description)],
        ]
    }
}
