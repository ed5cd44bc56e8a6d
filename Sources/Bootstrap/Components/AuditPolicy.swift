import ClusterModel

/// Who did what. Left out is what the cluster's parts do all the time (probes, leases, status, events); bodies are
/// written down for writes to kinds of Kubernetes' own that hold no secrets, and for nothing else: what an extension's
/// objects hold nobody knows here.
enum AuditPolicy {
    static func object(_ gates: VersionGates) -> JSONValue {
        var object: [String: JSONValue] = [
            "apiVersion": "audit.k8s.io/v1", "kind": "Policy", "omitStages": ["RequestReceived"], "rules": .array(noise + recorded),
        ]
        if gates.omitsManagedFields { object["omitManagedFields"] = true }
        return .object(object)
    }

    private static let reads: JSONValue = ["get", "list", "watch"]
    private static let writes: JSONValue = ["create", "update", "patch", "delete", "deletecollection"]
    private static let leases: JSONValue = ["group": "coordination.k8s.io", "resources": ["leases"]]

    private static let noise: [JSONValue] = [
        ["level": "None", "nonResourceURLs": ["/healthz*", "/livez*", "/readyz*", "/version", "/openapi/*"]],
        [
            "level": "None",
            "resources": [["group": "", "resources": ["events"]], ["group": "events.k8s.io", "resources": ["events"]]],
        ],
        [
            "level": "None", "users": ["system:kube-proxy"], "verbs": reads,
            "resources": [
                ["group": "", "resources": ["endpoints", "services", "nodes"]],
                ["group": "discovery.k8s.io", "resources": ["endpointslices"]],
            ],
        ],
        ["level": "None", "userGroups": ["system:nodes"], "verbs": reads, "resources": [["group": "", "resources": ["nodes"]]]],
        [
            "level": "None", "userGroups": ["system:nodes"], "verbs": ["get", "update", "patch"],
            "resources": [["group": "", "resources": ["nodes/status"]], leases],
        ],
        [
            "level": "None", "users": ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"],
            "verbs": ["get", "list", "watch", "update"], "resources": [leases],
        ],
    ]

    private static let recorded: [JSONValue] = [
        // Their bodies hold secrets, or may.
        [
            "level": "Metadata",
            "resources": [
                ["group": "", "resources": ["secrets", "configmaps", "serviceaccounts/token"]],
                ["group": "authentication.k8s.io", "resources": ["tokenreviews"]],
            ],
        ],
        // What is done in pods and through them has no body that says more than its address.
        [
            "level": "Metadata",
            "resources": [
                [
                    "group": "",
                    "resources": ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy", "nodes/proxy"],
                ]
            ],
        ],
        // The cluster's own parts only carry out what others wrote.
        ["level": "Metadata", "userGroups": ["system:nodes", "system:serviceaccounts:kube-system"]],
        ["level": "Metadata", "users": ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"]],
        // Who may do what, and who stands between: with what came of it.
        [
            "level": "RequestResponse", "verbs": writes,
            "resources": [
                ["group": "rbac.authorization.k8s.io"], ["group": "admissionregistration.k8s.io"], ["group": "apiregistration.k8s.io"],
                ["group": "certificates.k8s.io"],
            ],
        ],
        [
            "level": "Request", "verbs": writes,
            "resources": [
                ["group": ""], ["group": "apps"], ["group": "autoscaling"], ["group": "batch"], ["group": "networking.k8s.io"],
                ["group": "node.k8s.io"], ["group": "policy"], ["group": "scheduling.k8s.io"], ["group": "storage.k8s.io"],
            ],
        ],
        ["level": "Metadata"],
    ]
}
