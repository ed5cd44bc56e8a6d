import ClusterModel
import Templates

extension NodeRenderer {
    mutating func addProxy() throws {
        let kubeconfig = "\(NodePaths.kubernetes)/kube-proxy.kubeconfig"
        let configuration = "\(NodePaths.kubernetes)/kube-proxy.yaml"
        let certificate = "\(NodePaths.pki)/kube-proxy"
        try addCertificate(
            certificate, CertificateRequest(name: "kube-proxy", authority: .kubernetes, commonName: "system:kube-proxy", usages: [.client]),
            users: [.proxy])
        try addKubeconfig(
            kubeconfig, server: "https://\(input.apiHost):\(NodePorts.api)", certificate: certificate + ".crt", key: certificate + ".key",
            part: .pool, effect: .restart([.proxy]))
        addConfiguration(
            configuration, try YAMLText.text(proxyConfiguration(kubeconfig: kubeconfig)), part: .machine, effect: .restart([.proxy]))
        var command = CommandText("\(NodePaths.binaries)/kube-proxy")
        command.flag("config", configuration)
        addUnit(.proxy, part: .pool, try unitText(NodeTemplates.proxyUnit, values: ["command": command.text]))
    }

    /// Zero for everything of conntrack: these are settings of the whole kernel, which a node does not own.
    private func proxyConfiguration(kubeconfig: String) -> JSONValue {
        [
            "apiVersion": "kubeproxy.config.k8s.io/v1alpha1",
            "kind": "KubeProxyConfiguration",
            "bindAddress": "0.0.0.0",
            "clientConnection": ["kubeconfig": .string(kubeconfig)],
            "clusterCIDR": .string(input.network.podCIDR.description),
            "conntrack": ["maxPerCore": 0, "min": 0, "tcpCloseWaitTimeout": "0s", "tcpEstablishedTimeout": "0s"],
            "healthzBindAddress": .string("\(input.late.address):\(NodePorts.proxyHealth)"),
            "hostnameOverride": .string(input.machine),
            "metricsBindAddress": "127.0.0.1:10249",
            "mode": "iptables",
        ]
    }
}
