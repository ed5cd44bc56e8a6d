import ClusterModel
import Templates

extension NodeRenderer {
    private var kubeconfig: String { "\(NodePaths.kubernetes)/kubelet.kubeconfig" }
    private var configuration: String { "\(NodePaths.kubernetes)/kubelet.yaml" }
    private var serving: String { "\(NodePaths.pki)/kubelet-serving" }

    mutating func addKubelet() throws {
        try addKubeletCertificates()
        // One file holds certificate and key; kubelet moves the link when it rotates them.
        let current = NodePaths.kubeletClientInUse
        try addKubeconfig(
            kubeconfig, server: "https://\(input.apiHost):\(NodePorts.api)", certificate: current, key: current, part: .pool,
            effect: .restart([.kubelet]))
        addConfiguration(configuration, try YAMLText.text(kubeletConfiguration), part: .machine, effect: .restart([.kubelet]))
        addScript("slipway-kubelet-prepare", NodeTemplates.kubeletPrepareScript, effect: .nothing)
        addScript("slipway-network-gate", NodeTemplates.networkGateScript, effect: .nothing)
        addUnit(
            .kubelet, part: .machine,
            try unitText(
                NodeTemplates.kubeletUnit,
                values: [
                    "facts": NodePaths.machineFacts,
                    "environment": environment(kubeletEnvironment),
                    "prepare": UnitQuoting.argument(NodePaths.script("slipway-kubelet-prepare")),
                    "gate": UnitQuoting.argument(NodePaths.script("slipway-network-gate")),
                    "command": kubeletCommand.text,
                ]))
    }

    private var kubeletEnvironment: [(String, String)] {
        var values = [
            ("KUBELET_PKI", NodePaths.kubeletPKI), ("POD_RESOLV_CONF", NodePaths.podResolvConf), ("KERNEL_SETTINGS", "/proc/sys"),
            ("BRIDGE", PodBridge.name), ("BRIDGE_IP", input.bridgeAddress.description),
            ("API_HOST", isMaster ? input.late.address : input.late.apiAddress), ("API_PORT", String(NodePorts.api)),
            ("SERVICE_IP", input.kubernetesServiceAddress.description), ("GATE_SECONDS", "60"),
            ("GATE_PASSED", NodePaths.gatePassed), ("GATE_KNOWN", NodePaths.gateKnown),
        ]
        switch input.provider {
        case .local, .simulated:
            // There is no metadata service to answer, and waiting for it holds every start of kubelet up by four seconds.
            if gates.asksCloudForCredentials { values.append(("AWS_EC2_METADATA_DISABLED", "true")) }
        case .aws: break
        }
        return values
    }

    private var kubeletCommand: CommandText {
        var command = CommandText("\(NodePaths.binaries)/kubelet")
        command.flag("cert-dir", NodePaths.kubeletPKI)
        // Flags win over the configuration file, and these depend on the machine.
        command.flag("cgroup-driver", variable: MachineFact.cgroupDriver.rawValue)
        command.flag("cgroup-root", variable: MachineFact.cgroupRoot.rawValue)
        command.flag("config", configuration)
        if gates.asksForRemoteRuntime { command.flag("container-runtime", "remote") }
        if !gates.configuresRuntimeEndpoint { command.flag("container-runtime-endpoint", "unix://\(NodePaths.containerdSocket)") }
        command.flag("hostname-override", input.machine)
        command.flag("kubeconfig", kubeconfig)
        command.flag("node-ip", input.late.address)
        // NodeRestriction allows a node few labels on itself; all others come through the API.
        command.flag(
            "node-labels", ["\(NodeDesigns.poolLabel)=\(input.pool)", "\(NodeDesigns.zoneLabel)=\(input.zone)"])
        if gates.namesPauseImage { command.flag("pod-infra-container-image", NodeImages.pause) }
        if !gates.configuresTaints { command.flag("register-with-taints", registrationTaints.map(\.flagText)) }
        command.flag("system-reserved", variable: MachineFact.systemReserved.rawValue)
        return command
    }

    private var registrationTaints: [Taint] { input.taints + [NodeDesign.startupTaint] }

    private var kubeletConfiguration: JSONValue {
        let reserved = NodeReservation.told(isMaster ? .controlPlane : .worker)
        var object: [String: JSONValue] = [
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "authentication": [
                "anonymous": ["enabled": false], "webhook": ["enabled": true],
                "x509": ["clientCAFile": .string(NodePaths.authority(.kubernetes))],
            ],
            "authorization": ["mode": "Webhook"],
            "clusterDomain": .string(NodePaths.clusterDomain),
            "eventRecordQPS": 50,
            "evictionHard": [
                "imagefs.available": "5%", "memory.available": .string(NodeReservation.evictionThreshold.memoryQuantity),
                "nodefs.available": "5%", "nodefs.inodesFree": "3%",
            ],
            // A machine's swap belongs to its host or its owner; pods are limited by their cgroups.
            "failSwapOn": false,
            // Later than Kubernetes' own 85: local machines share their host's disk, which is fuller than a node's.
            "imageGCHighThresholdPercent": 95,
            "imageGCLowThresholdPercent": 90,
            // For the system, too. What the machine's host has beyond the machine is in a flag.
            "kubeReserved": ["cpu": .string(reserved.cpuQuantity), "memory": .string(reserved.memoryQuantity)],
            "makeIPTablesUtilChains": true,
            "maxPods": 110,
            "podPidsLimit": 4096,
            // They are set before it starts, on a machine that shares its kernel in files of the machine's own.
            "protectKernelDefaults": true,
            "providerID": .string(input.late.providerID),
            "readOnlyPort": 0,
            "resolvConf": .string(NodePaths.podResolvConf),
            "rotateCertificates": true,
            "serializeImagePulls": false,
            "streamingConnectionIdleTimeout": "1h0m0s",
            "tlsCertFile": .string(serving + ".crt"),
            "tlsCipherSuites": .array(TLSProfile.kubeletCipherSuites.map { .string($0) }),
            "tlsMinVersion": .string(TLSProfile.minimumVersion),
            "tlsPrivateKeyFile": .string(serving + ".key"),
        ]
        if gates.configuresRuntimeEndpoint { object["containerRuntimeEndpoint"] = .string("unix://\(NodePaths.containerdSocket)") }
        if gates.configuresTaints { object["registerWithTaints"] = .array(registrationTaints.map(\.object)) }
        if gates.hasSeccompDefault { object["seccompDefault"] = true }
        if gates.hasFailCgroupV1 { object["failCgroupV1"] = false }
        return .object(object)
    }

    private mutating func addKubeletCertificates() throws {
        folders.append(NodeFolder(NodePaths.kubeletPKI, mode: 0o700))
        let user = "system:node:\(input.machine)"
        try addCertificate(
            serving,
            CertificateRequest(
                name: "kubelet-serving", authority: .kubernetes, commonName: user, organizations: ["system:nodes"],
                dnsNames: [input.machine], usages: [.server]),
            addresses: [input.late.address], users: [.kubelet])
        let path = "\(NodePaths.kubeletPKI)/kubelet-client-initial.pem"
        // Kubelet takes its own certificate from here on, so neither this file nor its successors are in a digest.
        add(
            NodeFile(
                path, mode: 0o600, content: .certificateWithKey("kubelet-client"), effect: .restart([.kubelet]), part: .machine,
                inDigest: false))
        certificates.append(
            try NodeCertificate(
                CertificateRequest(
                    name: "kubelet-client", authority: .kubernetes, commonName: user, organizations: ["system:nodes"], usages: [.client]),
                addresses: [], paths: [path], inUse: NodePaths.kubeletClientInUse, users: [.kubelet]))
    }
}

extension NodePaths {
    /// The resolver configuration that pods inherit; written when kubelet starts.
    static let podResolvConf = "/run/slipway/resolv.conf"
    static let kubeletClientInUse = "\(kubeletPKI)/kubelet-client-current.pem"
    /// There once kubelet was let go since the machine started.
    static let gatePassed = "/run/slipway/network-gate-passed"
    /// There once kubelet was let go at all. A machine without it is new.
    static let gateKnown = "/var/lib/kubelet/.slipway-known"
}

extension Taint {
    /// As kubelet's flag has it.
    var flagText: String { "\(key)=\(value ?? ""):\(effect.rawValue)" }

    /// As the API has it.
    var object: JSONValue {
        var members: [String: JSONValue] = ["key": .string(key), "effect": .string(effect.rawValue)]
        if let value { members["value"] = .string(value) }
        return .object(members)
    }
}
