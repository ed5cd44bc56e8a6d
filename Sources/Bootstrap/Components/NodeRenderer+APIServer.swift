import ClusterModel
import Templates

extension NodeRenderer {
    private var auditPolicy: String { "\(NodePaths.kubernetes)/audit-policy.yaml" }
    private var admission: String { "\(NodePaths.kubernetes)/admission.yaml" }
    private var encryption: String { "\(NodePaths.kubernetes)/encryption.yaml" }
    private var serviceAccountPublicKey: String { "\(NodePaths.pki)/sa.pub" }

    /// The API server. It talks to this machine's etcd only, so a change of etcd's membership touches no other master.
    mutating func addAPIServer() throws {
        try addAPIServerCertificates()
        addUnit(.apiserver, part: .machine, try unitText(NodeTemplates.apiserverUnit, values: ["command": apiserverCommand.text]))
        addConfiguration(admission, try YAMLText.text(Admission.configuration), part: .pool, effect: .restart([.apiserver]))
        addConfiguration(auditPolicy, try YAMLText.text(AuditPolicy.object(gates)), part: .pool, effect: .restart([.apiserver]))
        add(
            NodeFile(
                encryption, mode: 0o600,
                content: .template(
                    try YAMLText.text(EncryptionAtRest.object), placeholders: [EncryptionAtRest.placeholder: .encryptionKey]),
                effect: .restartControlPlane, part: .pool))
        add(
            NodeFile(
                NodePaths.serviceAccountKey, mode: 0o600, content: .secret(.serviceAccountKey), effect: .restartControlPlane, part: .pool))
        add(
            NodeFile(
                serviceAccountPublicKey, mode: 0o644, content: .secret(.serviceAccountPublicKey), effect: .restartControlPlane, part: .pool)
        )
    }

    private var apiserverCommand: CommandText {
        var command = CommandText("\(NodePaths.binaries)/kube-apiserver")
        command.flag("admission-control-config-file", admission)
        command.flag("advertise-address", input.late.address)
        command.flag("allow-privileged", true)
        command.flag("anonymous-auth", false)
        command.flag("audit-log-maxage", 30)
        command.flag("audit-log-maxbackup", 10)
        command.flag("audit-log-maxsize", 100)
        command.flag("audit-log-path", NodePaths.auditLog)
        command.flag("audit-policy-file", auditPolicy)
        command.flag("authorization-mode", ["Node", "RBAC"])
        command.flag("bind-address", "0.0.0.0")
        command.flag("client-ca-file", NodePaths.authority(.kubernetes))
        command.flag("enable-admission-plugins", Admission.plugins(gates))
        command.flag("encryption-provider-config", encryption)
        command.flag("etcd-cafile", NodePaths.authority(.etcd))
        command.flag("etcd-certfile", "\(NodePaths.pki)/apiserver-etcd-client.crt")
        command.flag("etcd-keyfile", "\(NodePaths.pki)/apiserver-etcd-client.key")
        command.flag("etcd-servers", "https://127.0.0.1:\(NodePorts.etcdClient)")
        if gates.closesInsecurePorts { command.flag("insecure-port", 0) }
        command.flag("kubelet-certificate-authority", NodePaths.authority(.kubernetes))
        command.flag("kubelet-client-certificate", "\(NodePaths.pki)/apiserver-kubelet-client.crt")
        command.flag("kubelet-client-key", "\(NodePaths.pki)/apiserver-kubelet-client.key")
        command.flag("kubelet-preferred-address-types", ["InternalIP", "Hostname"])
        command.flag("profiling", false)
        command.flag("proxy-client-cert-file", "\(NodePaths.pki)/front-proxy-client.crt")
        command.flag("proxy-client-key-file", "\(NodePaths.pki)/front-proxy-client.key")
        command.flag("request-timeout", "1m0s")
        command.flag("requestheader-allowed-names", "front-proxy-client")
        command.flag("requestheader-client-ca-file", NodePaths.authority(.frontProxy))
        command.flag("requestheader-extra-headers-prefix", "X-Remote-Extra-")
        command.flag("requestheader-group-headers", "X-Remote-Group")
        command.flag("requestheader-username-headers", "X-Remote-User")
        command.flag("secure-port", NodePorts.api)
        command.flag("service-account-extend-token-expiration", false)
        command.flag("service-account-issuer", "https://kubernetes.default.svc.\(NodePaths.clusterDomain)")
        command.flag("service-account-key-file", serviceAccountPublicKey)
        command.flag("service-account-lookup", true)
        command.flag("service-account-signing-key-file", NodePaths.serviceAccountKey)
        command.flag("service-cluster-ip-range", input.network.serviceCIDR.description)
        command.flag("tls-cert-file", "\(NodePaths.pki)/apiserver.crt")
        command.flag("tls-cipher-suites", TLSProfile.cipherSuites)
        command.flag("tls-min-version", TLSProfile.minimumVersion)
        command.flag("tls-private-key-file", "\(NodePaths.pki)/apiserver.key")
        return command
    }

    private mutating func addAPIServerCertificates() throws {
        let domain = NodePaths.clusterDomain
        try addCertificate(
            "\(NodePaths.pki)/apiserver",
            CertificateRequest(
                name: "apiserver", authority: .kubernetes, commonName: "kube-apiserver",
                dnsNames: [
                    "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.\(domain)", "localhost",
                    input.machine,
                ], usages: [.server]),
            addresses: [input.kubernetesServiceAddress.description, "127.0.0.1"] + input.late.apiAddresses
                + [input.apiName].compactMap { $0 } + [input.late.address],
            users: [.apiserver])
        try addCertificate(
            "\(NodePaths.pki)/apiserver-etcd-client",
            CertificateRequest(
                name: "apiserver-etcd-client", authority: .etcd, commonName: "kube-apiserver-etcd-client", usages: [.client]),
            users: [.apiserver])
        try addCertificate(
            "\(NodePaths.pki)/apiserver-kubelet-client",
            CertificateRequest(
                name: "apiserver-kubelet-client", authority: .kubernetes, commonName: ClusterManifests.kubeletClientUser, usages: [.client]),
            users: [.apiserver])
        try addCertificate(
            "\(NodePaths.pki)/front-proxy-client",
            CertificateRequest(name: "front-proxy-client", authority: .frontProxy, commonName: "front-proxy-client", usages: [.client]),
            users: [.apiserver])
    }
}

extension NodePaths {
    static let serviceAccountKey = "\(pki)/sa.key"
    static let authorityKey = "\(pki)/ca.key"
    /// The DNS domain of Services.
    static let clusterDomain = "cluster.local"
}

/// Secrets are encrypted in etcd from the first write on, so nothing there is ever to be read unencrypted: there is no
/// `identity` provider to fall back to.
enum EncryptionAtRest {
    static let placeholder = "@ENCRYPTION_KEY@"

    static let object: JSONValue = [
        "apiVersion": "apiserver.config.k8s.io/v1",
        "kind": "EncryptionConfiguration",
        "resources": [
            [
                "resources": ["secrets"],
                "providers": [["secretbox": ["keys": [["name": "key1", "secret": .string(placeholder)]]]]],
            ]
        ],
    ]
}
