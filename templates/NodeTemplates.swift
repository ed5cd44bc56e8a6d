/// The text templates of a node's units and scripts, as embedded into the binary.
public enum NodeTemplates {
    public static var apiAddressUnit: String { text(PackageResources.node_api_address_service) }
    public static var apiAddressScript: String { text(PackageResources.node_api_address_sh) }
    public static var apiReadyScript: String { text(PackageResources.node_api_ready_sh) }
    public static var containerdUnit: String { text(PackageResources.node_containerd_service) }
    public static var containerdConfigScript: String { text(PackageResources.node_containerd_config_sh) }
    /// Controller manager and scheduler.
    public static var controlPlaneUnit: String { text(PackageResources.node_control_plane_service) }
    public static var etcdUnit: String { text(PackageResources.node_etcd_service) }
    public static var etcdStartScript: String { text(PackageResources.node_etcd_start_sh) }
    public static var hostKeyActivateScript: String { text(PackageResources.node_host_key_activate_sh) }
    public static var hostKeyProofScript: String { text(PackageResources.node_host_key_proof_sh) }
    public static var hostKeyStageScript: String { text(PackageResources.node_host_key_stage_sh) }
    /// Sandboxing options of a unit that needs nothing of the machine but files and sockets.
    public static var hardening: String { text(PackageResources.node_hardening_conf) }
    public static var installScript: String { text(PackageResources.node_install_sh) }
    public static var apiserverUnit: String { text(PackageResources.node_kube_apiserver_service) }
    public static var proxyUnit: String { text(PackageResources.node_kube_proxy_service) }
    public static var kubeletUnit: String { text(PackageResources.node_kubelet_service) }
    public static var kubeletPrepareScript: String { text(PackageResources.node_kubelet_prepare_sh) }
    public static var networkGateScript: String { text(PackageResources.node_network_gate_sh) }
    public static var observeScript: String { text(PackageResources.node_observe_sh) }
    public static var podBridgeUnit: String { text(PackageResources.node_pod_bridge_service) }
    public static var podBridgeScript: String { text(PackageResources.node_pod_bridge_sh) }
    public static var requiredProgramsScript: String { text(PackageResources.node_required_programs_sh) }

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
