import ClusterModel

/// Everything that differs between Kubernetes releases, 1.20 to 1.36. Nothing else asks for a version. `FactsTests` holds
/// what is rendered for each of them against what its programs accept.
struct VersionGates: Sendable {
    var version: KubernetesVersion

    init(_ version: KubernetesVersion) { self.version = version }

    /// Ports without TLS had to be closed by a flag until the flags went with 1.24.
    var closesInsecurePorts: Bool { !version.isAtLeast(1, 24) }
    /// Until dockershim went with 1.24, a CRI runtime had to be asked for.
    var asksForRemoteRuntime: Bool { !version.isAtLeast(1, 24) }
    /// The admission plugin that keeps Services from taking over addresses by `externalIPs`.
    var hasDenyServiceExternalIPs: Bool { version.isAtLeast(1, 21) }
    /// The audit policy can leave out who manages which field, a good half of many bodies.
    var omitsManagedFields: Bool { version.isAtLeast(1, 23) }
    /// `containerRuntimeEndpoint` in kubelet's configuration, the flag before.
    var configuresRuntimeEndpoint: Bool { version.isAtLeast(1, 27) }
    /// `registerWithTaints` in kubelet's configuration, the flag before.
    var configuresTaints: Bool { version.isAtLeast(1, 23) }
    /// The field is known from 1.22 on, but until 1.25 only behind a feature gate that is off.
    var hasSeccompDefault: Bool { version.isAtLeast(1, 25) }
    /// Kubelet refuses cgroup v1 hosts unless told otherwise. The field is known from 1.31 on.
    var hasFailCgroupV1: Bool { version.isAtLeast(1, 31) }
    /// Keeps kubelet's image garbage collection from the pause image; later releases ask the runtime.
    var namesPauseImage: Bool { !version.isAtLeast(1, 35) }
    /// Kubelet looks for a cloud's registry credentials by itself, by asking the cloud's metadata service.
    var asksCloudForCredentials: Bool { !version.isAtLeast(1, 27) }
    /// Control plane nodes are tainted by the old key, both, or the new one, as kubeadm did it.
    var controlPlaneTaintKeys: [String] {
        let old = "node-role.kubernetes.io/master"
        let new = "node-role.kubernetes.io/control-plane"
        if version.isAtLeast(1, 25) { return [new] }
        return version.isAtLeast(1, 24) ? [new, old] : [old]
    }
    /// Labels of control plane nodes; the old key went with 1.24.
    var controlPlaneLabelKeys: [String] {
        let new = "node-role.kubernetes.io/control-plane"
        return version.isAtLeast(1, 24) ? [new] : [new, "node-role.kubernetes.io/master"]
    }
}
