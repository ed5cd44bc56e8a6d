import ClusterModel

/// What an object passes before it is stored, besides the plugins that Kubernetes has on by default.
enum Admission {
    static func plugins(_ gates: VersionGates) -> [String] {
        ["EventRateLimit", "NodeRestriction"] + (gates.hasDenyServiceExternalIPs ? ["DenyServiceExternalIPs"] : [])
    }

    /// A namespace may have a burst of 1000 events and 50 a second after it: far more than a healthy one makes, and far
    /// less than what would fill etcd. Clients do without an event that is refused.
    static let configuration: JSONValue = [
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "AdmissionConfiguration",
        "plugins": [
            [
                "name": "EventRateLimit",
                "configuration": [
                    "apiVersion": "eventratelimit.admission.k8s.io/v1alpha1", "kind": "Configuration",
                    "limits": [["type": "Namespace", "qps": 50, "burst": 1000, "cacheSize": 2000]],
                ],
            ]
        ],
    ]
}
