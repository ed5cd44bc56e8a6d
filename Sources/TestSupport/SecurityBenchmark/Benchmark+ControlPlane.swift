import ClusterModel

/// 1.1 to 1.4 without the API server, 2 and 3.
extension Benchmark {
    private static let noPodFile = "there is no pod file; the unit is"

    static let files: [BenchmarkCheck] = {
        var checks: [BenchmarkCheck] = []
        for (number, program) in zip([1, 3, 5, 7], ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"]) {
            checks.append(
                BenchmarkCheck(
                    "1.1.\(number)", "\(program): pod file 600", "\(noPodFile) 600", test: BenchmarkCheck.mode(0o600, unit(program))))
            checks.append(
                BenchmarkCheck(
                    "1.1.\(number + 1)", "\(program): pod file root:root", "\(noPodFile) root's", test: BenchmarkCheck.owner(unit(program)))
            )
        }
        let network = "/etc/cni/net.d/10-slipway.conflist"
        checks += [
            BenchmarkCheck("1.1.9", "pod network's files 600", "600", on: .nodes, test: BenchmarkCheck.mode(0o600, network)),
            BenchmarkCheck("1.1.10", "pod network's files root:root", "root's", on: .nodes, test: BenchmarkCheck.owner(network)),
            BenchmarkCheck("1.1.11", "etcd's data 700", "700", test: BenchmarkCheck.mode(0o700, "/var/lib/etcd")),
            BenchmarkCheck(
                "1.1.12", "etcd's data etcd:etcd", "a user of its own", test: BenchmarkCheck.owner("etcd:etcd") { _ in ["/var/lib/etcd"] }),
            BenchmarkCheck("1.1.13", "admin's credentials 600", "there are none on any node", test: noAdmin),
            BenchmarkCheck("1.1.14", "admin's credentials root:root", "there are none on any node", test: noAdmin),
        ]
        for (number, name) in zip([15, 17], ["scheduler", "controller-manager"]) {
            let path = kubernetes("\(name).kubeconfig")
            checks.append(BenchmarkCheck("1.1.\(number)", "\(name): kubeconfig 600", "600", test: BenchmarkCheck.mode(0o600, path)))
            checks.append(BenchmarkCheck("1.1.\(number + 1)", "\(name): kubeconfig root:root", "root's", test: BenchmarkCheck.owner(path)))
        }
        let pki = kubernetes("pki")
        return checks + [
            BenchmarkCheck(
                "1.1.19", "PKI root:root", "all but etcd's own two certificates and keys, which are etcd's: etcd does not run as root",
                .deviates,
                test: BenchmarkCheck.all(
                    BenchmarkCheck.owner { $0.paths(under: pki).filter { !isEtcds($0) } },
                    BenchmarkCheck.owner("etcd:etcd") { $0.paths(under: pki).filter(isEtcds) })),
            BenchmarkCheck(
                "1.1.20", "certificates 644", "644", on: .nodes, test: BenchmarkCheck.mode(0o644) { $0.paths(under: pki, suffix: ".crt") }),
            BenchmarkCheck(
                "1.1.21", "keys 600", "600", on: .nodes, test: BenchmarkCheck.mode(0o600) { $0.paths(under: pki, suffix: ".key") }),
        ]
    }()

    @Sendable private static func isEtcds(_ path: String) -> Bool { path.contains("/etcd/server.") || path.contains("/etcd/peer.") }

    @Sendable private static func noAdmin(_ node: BenchmarkNode) -> [String] {
        node.files.keys.filter { $0.hasSuffix("admin.conf") || $0.contains("/admin.kubeconfig") }.sorted()
    }

    static let controllers: [BenchmarkCheck] = {
        let (manager, scheduler) = ("kube-controller-manager", "kube-scheduler")
        return [
            BenchmarkCheck(
                "1.3.1", "finished pods are collected", "beyond 1000",
                test: BenchmarkCheck.flag(manager, "terminated-pod-gc-threshold", atLeast: 1)),
            BenchmarkCheck(
                "1.3.2", "controller manager: no profiling", "off", test: BenchmarkCheck.flag(manager, "profiling", is: "false")),
            BenchmarkCheck(
                "1.3.3", "a service account for each controller", "so it is",
                test: BenchmarkCheck.flag(manager, "use-service-account-credentials", is: "true")),
            BenchmarkCheck(
                "1.3.4", "key that signs tokens", "the cluster's own",
                test: BenchmarkCheck.given(manager, "service-account-private-key-file")),
            BenchmarkCheck("1.3.5", "authority for pods", "Kubernetes' authority", test: BenchmarkCheck.given(manager, "root-ca-file")),
            BenchmarkCheck(
                "1.3.6", "kubelets' serving certificates may rotate", "Kubernetes' default; Slipway itself issues and renews them",
                test: BenchmarkCheck.flag(manager, "feature-gates", lacks: "RotateKubeletServerCertificate=false")),
            BenchmarkCheck(
                "1.3.7", "controller manager on 127.0.0.1", "so it is", test: BenchmarkCheck.flag(manager, "bind-address", is: "127.0.0.1")),
            BenchmarkCheck("1.4.1", "scheduler: no profiling", "off", test: BenchmarkCheck.flag(scheduler, "profiling", is: "false")),
            BenchmarkCheck(
                "1.4.2", "scheduler on 127.0.0.1", "so it is", test: BenchmarkCheck.flag(scheduler, "bind-address", is: "127.0.0.1")),
        ]
    }()

    static let etcd: [BenchmarkCheck] = [
        BenchmarkCheck(
            "2.1", "server certificate", "issued by etcd's authority", test: BenchmarkCheck.given("etcd", "cert-file", "key-file")),
        BenchmarkCheck("2.2", "clients show certificates", "so it is", test: BenchmarkCheck.flag("etcd", "client-cert-auth", is: "true")),
        BenchmarkCheck("2.3", "no self-signed server certificate", "none", test: BenchmarkCheck.flag("etcd", "auto-tls", lacks: "true")),
        BenchmarkCheck(
            "2.4", "peer certificate", "issued by etcd's authority", test: BenchmarkCheck.given("etcd", "peer-cert-file", "peer-key-file")),
        BenchmarkCheck(
            "2.5", "peers show certificates", "so it is", test: BenchmarkCheck.flag("etcd", "peer-client-cert-auth", is: "true")),
        BenchmarkCheck("2.6", "no self-signed peer certificate", "none", test: BenchmarkCheck.flag("etcd", "peer-auto-tls", lacks: "true")),
        BenchmarkCheck(
            "2.7", "an authority of its own", "trusted for nothing else",
            test: { node in
                let etcd = node.flag("etcd", "trusted-ca-file")
                return etcd != nil && etcd != node.flag("kube-apiserver", "client-ca-file") ? [] : ["etcd trusts \(etcd ?? "nobody")"]
            }),
    ]

    static let authentication: [BenchmarkCheck] = [
        BenchmarkCheck(
            "3.1.1", "no client certificates for people",
            "Slipway's kubeconfig holds one that lasts 18 hours; there is no identity provider that it could ask", .deviates),
        BenchmarkCheck(
            "3.1.2", "no service account tokens for people", "Slipway hands out none",
            test: BenchmarkCheck.absent("kube-apiserver", "token-auth-file")),
        BenchmarkCheck(
            "3.1.3", "no bootstrap tokens for people", "not enabled; nodes come with certificates",
            test: BenchmarkCheck.absent("kube-apiserver", "enable-bootstrap-token-auth")),
        BenchmarkCheck(
            "3.2.1", "an audit policy", "[below](#the-audit-log)",
            test: BenchmarkCheck.all(
                BenchmarkCheck.given("kube-apiserver", "audit-policy-file"), BenchmarkCheck.mode(0o600, kubernetes("audit-policy.yaml")))),
        BenchmarkCheck("3.2.2", "the policy covers what matters", "[below](#the-audit-log)", test: auditCovers),
    ]

    /// The first rule that names a resource without naming users or verbs decides about everybody's access to it.
    @Sendable private static func auditCovers(_ node: BenchmarkNode) -> [String] {
        let rules = node.configurations[kubernetes("audit-policy.yaml")]?["rules"]?.elements ?? []
        let wanted = [
            "secrets", "configmaps", "tokenreviews", "pods/exec", "pods/portforward", "pods/proxy", "services/proxy",
        ]
        let uncovered = wanted.filter { resource in
            let level = rules.first { rule in
                rule["users"] == nil && rule["userGroups"] == nil && rule["verbs"] == nil
                    && rule["resources"]?.elements.contains { $0["resources"]?.elements.contains(.string(resource)) == true } == true
            }?["level"]?.text
            return level != "Metadata"
        }
        return uncovered.map { "the policy does not record \($0) by metadata" }
            + (rules.last?["level"]?.text == "Metadata" && rules.last?.members.count == 1 ? [] : ["the policy leaves out the rest"])
    }
}
