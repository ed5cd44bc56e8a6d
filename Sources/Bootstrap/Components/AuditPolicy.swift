import ClusterModel

/// Who did what, without bodies (they hold secrets) and without what the cluster's parts do all the time.
enum AuditPolicy {
    static let object: JSONValue = [
        "apiVersion": "audit.k8s.io/v1",
        "kind": "Policy",
        "omitStages": ["RequestReceived"],
        "rules": [
            ["level": "None", "nonResourceURLs": ["/healthz*", "/livez*", "/readyz*", "/version", "/openapi/*"]],
            [
                "level": "None",
                "resources": [["group": "", "resources": ["events"]], ["group": "events.k8s.io", "resources": ["events"]]],
            ],
            [
                "level": "None", "users": ["system:kube-proxy"], "verbs": ["get", "list", "watch"],
                "resources": [
                    ["group": "", "resources": ["endpoints", "services", "nodes"]],
                    ["group": "discovery.k8s.io", "resources": ["endpointslices"]],
                ],
            ],
            [
                "level": "None", "userGroups": ["system:nodes"], "verbs": ["get", "list", "watch", "update", "patch"],
                "resources": [
                    ["group": "", "resources": ["nodes", "nodes/status"]], ["group": "coordination.k8s.io", "resources": ["leases"]],
                ],
            ],
            [
                "level": "None",
                "users": ["system:kube-controller-manager", "system:kube-scheduler", "system:apiserver"],
                "verbs": ["get", "list", "watch", "update"],
                "resources": [["group": "coordination.k8s.io", "resources": ["leases"]]],
            ],
            ["level": "Metadata"],
        ],
    ]
}
