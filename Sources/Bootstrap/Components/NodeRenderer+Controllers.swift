import ClusterModel
import Templates

extension NodeRenderer {
    /// The controller manager. Waiting times for lost nodes stay as Kubernetes has them.
    mutating func addControllerManager() throws {
        let kubeconfig = "\(NodePaths.kubernetes)/controller-manager.kubeconfig"
        var command = CommandText("\(NodePaths.binaries)/kube-controller-manager")
        command.flag("allocate-node-cidrs", false)
        command.flag("authentication-kubeconfig", kubeconfig)
        command.flag("authorization-kubeconfig", kubeconfig)
        command.flag("bind-address", "127.0.0.1")
        command.flag("client-ca-file", NodePaths.authority(.kubernetes))
        command.flag("cluster-cidr", input.network.podCIDR.description)
        command.flag("cluster-name", input.cluster.name)
        command.flag("cluster-signing-cert-file", NodePaths.authority(.kubernetes))
        command.flag("cluster-signing-key-file", NodePaths.authorityKey)
        command.flag("kubeconfig", kubeconfig)
        command.flag("leader-elect", true)
        if gates.closesInsecurePorts { command.flag("port", 0) }
        command.flag("profiling", false)
        command.flag("requestheader-client-ca-file", NodePaths.authority(.frontProxy))
        command.flag("root-ca-file", NodePaths.authority(.kubernetes))
        command.flag("service-account-private-key-file", NodePaths.serviceAccountKey)
        command.flag("service-cluster-ip-range", input.network.serviceCIDR.description)
        command.flag("terminated-pod-gc-threshold", 1000)
        command.flag("tls-cipher-suites", TLSProfile.cipherSuites)
        command.flag("tls-min-version", TLSProfile.minimumVersion)
        command.flag("use-service-account-credentials", true)

        add(
            NodeFile(
                NodePaths.authorityKey, mode: 0o600, content: .secret(.authorityKey(.kubernetes)), effect: .restart([.controllerManager]),
                part: .pool))
        try addController(
            .controllerManager, name: "controller-manager", user: "system:kube-controller-manager",
            description: "Kubernetes controller manager", kubeconfig: kubeconfig, command: command)
    }

    mutating func addScheduler() throws {
        let kubeconfig = "\(NodePaths.kubernetes)/scheduler.kubeconfig"
        var command = CommandText("\(NodePaths.binaries)/kube-scheduler")
        command.flag("authentication-kubeconfig", kubeconfig)
        command.flag("authorization-kubeconfig", kubeconfig)
        command.flag("bind-address", "127.0.0.1")
        command.flag("client-ca-file", NodePaths.authority(.kubernetes))
        command.flag("kubeconfig", kubeconfig)
        command.flag("leader-elect", true)
        if gates.closesInsecurePorts { command.flag("port", 0) }
        command.flag("profiling", false)
        command.flag("requestheader-client-ca-file", NodePaths.authority(.frontProxy))
        command.flag("tls-cipher-suites", TLSProfile.cipherSuites)
        command.flag("tls-min-version", TLSProfile.minimumVersion)
        try addController(
            .scheduler, name: "scheduler", user: "system:kube-scheduler", description: "Kubernetes scheduler", kubeconfig: kubeconfig,
            command: command)
    }

    private mutating func addController(
        _ service: NodeService, name: String, user: String, description: String, kubeconfig: String, command: CommandText
    ) throws {
        let certificate = "\(NodePaths.pki)/\(name)"
        try addCertificate(
            certificate, CertificateRequest(name: name, authority: .kubernetes, commonName: user, usages: [.client]), users: [service])
        try addKubeconfig(
            kubeconfig, server: "https://127.0.0.1:\(NodePorts.api)", certificate: certificate + ".crt", key: certificate + ".key",
            part: .pool, effect: .restart([service]))
        addUnit(
            service, part: .pool,
            try unitText(NodeTemplates.controlPlaneUnit, values: ["description": description, "command": command.text]))
    }
}
