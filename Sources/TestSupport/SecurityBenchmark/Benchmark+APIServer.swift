import ClusterModel

/// 1.2.
extension Benchmark {
    private static let program = "kube-apiserver"

    static let apiserver: [BenchmarkCheck] = [
        BenchmarkCheck(
            "1.2.1", "no anonymous requests", "off; health is asked for with a certificate",
            test: BenchmarkCheck.flag(program, "anonymous-auth", is: "false")),
        BenchmarkCheck("1.2.2", "no file of tokens", "none", test: BenchmarkCheck.absent(program, "token-auth-file")),
        BenchmarkCheck(
            "1.2.3", "DenyServiceExternalIPs", "on; Kubernetes 1.20 has no such plugin", .holdsFrom(minor: 21),
            test: BenchmarkCheck.flag(program, "enable-admission-plugins", has: "DenyServiceExternalIPs")),
        BenchmarkCheck(
            "1.2.4", "a client certificate towards kubelets", "so it is",
            test: BenchmarkCheck.given(program, "kubelet-client-certificate", "kubelet-client-key")),
        BenchmarkCheck(
            "1.2.5", "kubelets' certificates are verified", "so it is", test: BenchmarkCheck.given(program, "kubelet-certificate-authority")
        ),
        BenchmarkCheck(
            "1.2.6", "not AlwaysAllow", "Node and RBAC", test: BenchmarkCheck.flag(program, "authorization-mode", lacks: "AlwaysAllow")),
        BenchmarkCheck("1.2.7", "Node", "on", test: BenchmarkCheck.flag(program, "authorization-mode", has: "Node")),
        BenchmarkCheck("1.2.8", "RBAC", "on", test: BenchmarkCheck.flag(program, "authorization-mode", has: "RBAC")),
        BenchmarkCheck(
            "1.2.9", "EventRateLimit", "on: a namespace may have 1000 events at once, then 50 a second",
            test: BenchmarkCheck.all(
                BenchmarkCheck.flag(program, "enable-admission-plugins", has: "EventRateLimit"),
                BenchmarkCheck.flag(program, "admission-control-config-file", is: kubernetes("admission.yaml")),
                BenchmarkCheck.field("plugins", of: kubernetes("admission.yaml")) {
                    $0?.elements.first { $0["name"]?.text == "EventRateLimit" }?["configuration"]?["limits"]?.elements.isEmpty == false
                })),
        BenchmarkCheck(
            "1.2.10", "not AlwaysAdmit", "off", test: BenchmarkCheck.flag(program, "enable-admission-plugins", lacks: "AlwaysAdmit")),
        BenchmarkCheck(
            "1.2.11", "AlwaysPullImages",
            "off: images are imported, and there is no registry to pull from; no pod with an imported image would start", .deviates,
            test: BenchmarkCheck.flag(program, "enable-admission-plugins", lacks: "AlwaysPullImages")),
        BenchmarkCheck(
            "1.2.12", "ServiceAccount", "on by default",
            test: BenchmarkCheck.flag(program, "disable-admission-plugins", lacks: "ServiceAccount")),
        BenchmarkCheck(
            "1.2.13", "NamespaceLifecycle", "on by default",
            test: BenchmarkCheck.flag(program, "disable-admission-plugins", lacks: "NamespaceLifecycle")),
        BenchmarkCheck(
            "1.2.14", "NodeRestriction", "on", test: BenchmarkCheck.flag(program, "enable-admission-plugins", has: "NodeRestriction")),
        BenchmarkCheck("1.2.15", "API server: no profiling", "off", test: BenchmarkCheck.flag(program, "profiling", is: "false")),
        BenchmarkCheck(
            "1.2.16", "an audit log", "`/var/log/kubernetes/audit.log`", test: BenchmarkCheck.given(program, "audit-log-path")),
        BenchmarkCheck("1.2.17", "kept for 30 days", "30", test: BenchmarkCheck.flag(program, "audit-log-maxage", atLeast: 30)),
        BenchmarkCheck("1.2.18", "10 old logs", "10", test: BenchmarkCheck.flag(program, "audit-log-maxbackup", atLeast: 10)),
        BenchmarkCheck("1.2.19", "of 100 MB", "100 MB", test: BenchmarkCheck.flag(program, "audit-log-maxsize", atLeast: 100)),
        BenchmarkCheck(
            "1.2.20", "a fitting request timeout", "one minute, Kubernetes' own default",
            test: BenchmarkCheck.flag(program, "request-timeout", is: "1m0s")),
        BenchmarkCheck(
            "1.2.21", "tokens of deleted service accounts are refused", "so it is",
            test: BenchmarkCheck.flag(program, "service-account-lookup", is: "true")),
        BenchmarkCheck(
            "1.2.22", "key that verifies tokens", "the cluster's own", test: BenchmarkCheck.given(program, "service-account-key-file")),
        BenchmarkCheck(
            "1.2.23", "a client certificate towards etcd", "so it is", test: BenchmarkCheck.given(program, "etcd-certfile", "etcd-keyfile")),
        BenchmarkCheck(
            "1.2.24", "a server certificate", "so it is", test: BenchmarkCheck.given(program, "tls-cert-file", "tls-private-key-file")),
        BenchmarkCheck(
            "1.2.25", "an authority for clients", "Kubernetes' authority", test: BenchmarkCheck.given(program, "client-ca-file")),
        BenchmarkCheck("1.2.26", "etcd's certificate is verified", "so it is", test: BenchmarkCheck.given(program, "etcd-cafile")),
        BenchmarkCheck(
            "1.2.27", "encryption at rest", "Secrets, from the first write",
            test: BenchmarkCheck.flag(program, "encryption-provider-config", is: kubernetes("encryption.yaml"))),
        BenchmarkCheck(
            "1.2.28", "aescbc, kms or secretbox", "secretbox, and nothing to fall back to",
            test: BenchmarkCheck.field("resources", of: kubernetes("encryption.yaml")) { resources in
                let providers = resources?.elements.flatMap { $0["providers"]?.elements ?? [] } ?? []
                return !providers.isEmpty && providers.allSatisfy { ["aescbc", "kms", "secretbox"].contains($0.members.keys.first) }
            }),
        BenchmarkCheck(
            "1.2.29", "strong suites only", "three ECDHE suites, TLS 1.2 or later",
            test: BenchmarkCheck.flags(program, "tls-cipher-suites") {
                $0?.split(separator: ",").allSatisfy { strongSuites.contains(String($0)) } == true
            }),
        BenchmarkCheck(
            "1.2.30", "tokens are not extended", "so it is",
            test: BenchmarkCheck.flag(program, "service-account-extend-token-expiration", is: "false")),
    ]

    /// Those that the benchmark names and that fit keys on elliptic curves.
    private static let strongSuites = [
        "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    ]
}
