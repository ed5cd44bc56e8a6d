import ClusterModel

/// 4.
extension Benchmark {
    private static let configuration = kubernetes("kubelet.yaml")

    static let nodeFiles: [BenchmarkCheck] = {
        var checks: [BenchmarkCheck] = []
        let files = [
            (1, "kubelet's unit", unit("kubelet"), 0o600), (3, "kube-proxy's kubeconfig", kubernetes("kube-proxy.kubeconfig"), 0o600),
            (5, "kubelet's kubeconfig", kubernetes("kubelet.kubeconfig"), 0o600),
            (7, "authority for clients", kubernetes("pki/ca.crt"), 0o644), (9, "kubelet's configuration", configuration, 0o600),
        ]
        for (number, name, path, mode) in files {
            let text = String(mode, radix: 8)
            checks.append(
                BenchmarkCheck("4.1.\(number)", "\(name) \(text)", text, on: .nodes, test: BenchmarkCheck.mode(mode, path)))
            checks.append(
                BenchmarkCheck("4.1.\(number + 1)", "\(name) root:root", "root's", on: .nodes, test: BenchmarkCheck.owner(path)))
        }
        return checks
    }()

    private static func kubelet(
        _ number: Int, _ asks: String, _ how: String, _ field: String, _ answer: BenchmarkCheck.Answer = .holds,
        _ isGood: @escaping @Sendable (JSONValue?) -> Bool
    ) -> BenchmarkCheck {
        BenchmarkCheck(
            "4.2.\(number)", asks, how, answer, on: .nodes,
            test: BenchmarkCheck.all(
                BenchmarkCheck.flag("kubelet", "config", is: configuration), BenchmarkCheck.field(field, of: configuration, isGood)))
    }

    static let kubelet: [BenchmarkCheck] = [
        kubelet(1, "no anonymous requests", "off", "authentication.anonymous.enabled") { $0?.flag == false },
        kubelet(2, "not AlwaysAllow", "the API server is asked", "authorization.mode") { $0?.text == "Webhook" },
        kubelet(3, "an authority for clients", "Kubernetes' authority", "authentication.x509.clientCAFile") { $0?.text?.isEmpty == false },
        kubelet(4, "no read-only port", "none", "readOnlyPort") { $0?.number == 0 },
        kubelet(5, "idle streams end", "after an hour", "streamingConnectionIdleTimeout") { !["0", "0s", nil].contains($0?.text) },
        kubelet(6, "iptables' chains are set up", "so it is", "makeIPTablesUtilChains") { $0?.flag == true },
        BenchmarkCheck(
            "4.2.7", "no name of its own choice",
            "a node is called as its machine, in the same words as its certificates, whatever its host name becomes", .deviates, on: .nodes,
            test: BenchmarkCheck.given("kubelet", "hostname-override")),
        kubelet(8, "events get through", "50 a second", "eventRecordQPS") { $0?.number ?? -1 >= 0 },
        BenchmarkCheck(
            "4.2.9", "a serving certificate", "issued by Kubernetes' authority", on: .nodes,
            test: BenchmarkCheck.all(
                BenchmarkCheck.field("tlsCertFile", of: configuration) { $0?.text?.isEmpty == false },
                BenchmarkCheck.field("tlsPrivateKeyFile", of: configuration) { $0?.text?.isEmpty == false })),
        kubelet(10, "client certificates rotate", "so they do", "rotateCertificates") { $0?.flag == true },
        kubelet(
            11, "serving certificates may rotate", "Kubernetes' default; Slipway itself issues and renews them",
            "featureGates.RotateKubeletServerCertificate"
        ) { $0?.flag != false },
        kubelet(12, "strong suites only", "three ECDHE suites, TLS 1.2 or later", "tlsCipherSuites") { suites in
            suites?.elements.isEmpty == false
                && suites?.elements.allSatisfy { suite in kubeletSuites.contains { $0 == suite.text } } == true
        },
        kubelet(13, "a limit on processes of a pod", "4096", "podPidsLimit") { $0?.number ?? 0 > 0 },
        kubelet(
            14, "seccomp by default", "on; older kubelets have it behind a gate that is off", "seccompDefault", .holdsFrom(minor: 25)
        ) { $0?.flag == true },
        BenchmarkCheck(
            "4.3.1", "kube-proxy's metrics on 127.0.0.1", "so it is", on: .nodes,
            test: BenchmarkCheck.all(
                BenchmarkCheck.flag("kube-proxy", "config", is: kubernetes("kube-proxy.yaml")),
                BenchmarkCheck.field("metricsBindAddress", of: kubernetes("kube-proxy.yaml")) { $0?.text?.hasPrefix("127.0.0.1:") == true })
        ),
    ]

    /// Those that the benchmark names and that fit keys on elliptic curves. One has an older name here.
    private static let kubeletSuites = [
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305",
    ]
}
