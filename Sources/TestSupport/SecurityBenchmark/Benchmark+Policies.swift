/// 5: what is inside the cluster, all of it manual. Slipway's own part of it is two role bindings and one ConfigMap.
extension Benchmark {
    static let policies: [BenchmarkCheck] = [
        BenchmarkCheck("5.1.1", "cluster-admin where needed", "bound to nobody but Kubernetes' own group `system:masters`"),
        BenchmarkCheck("5.1.2", "little access to Secrets", "who is only logged in reads none; roles are yours"),
        BenchmarkCheck("5.1.3", "no wildcards in roles", "Slipway makes no roles"),
        BenchmarkCheck("5.1.4", "few may create pods", "who is only logged in may not; roles are yours"),
        BenchmarkCheck("5.1.5", "default service accounts unused", "Kubernetes makes them; Slipway uses none", .users),
        BenchmarkCheck("5.1.6", "tokens only where needed", "Slipway runs no pods", .users),
        BenchmarkCheck(
            "5.1.7", "system:masters is avoided",
            "the kubeconfig that Slipway hands out is in it, for 18 hours; make roles for other people", .deviates),
        BenchmarkCheck("5.1.8", "bind, impersonate, escalate", "Slipway gives none of them", .users),
        BenchmarkCheck("5.1.9", "who creates persistent volumes", "Slipway gives no one", .users),
        BenchmarkCheck("5.1.10", "who may go through nodes' proxy", "the API server's own user and `system:masters`"),
        BenchmarkCheck("5.1.11", "who approves certificates", "nodes get their own client certificate renewed, nothing else"),
        BenchmarkCheck("5.1.12", "who configures webhooks", "Slipway gives no one", .users),
        BenchmarkCheck("5.1.13", "who creates tokens", "Slipway gives no one", .users),
        BenchmarkCheck(
            "5.2.1", "a policy for pods", "Kubernetes has one from 1.23 on (Pod Security); label your namespaces", .users),
        BenchmarkCheck("5.2.2", "privileged containers", "Pod Security", .users),
        BenchmarkCheck("5.2.3", "the host's processes", "Pod Security", .users),
        BenchmarkCheck("5.2.4", "the host's IPC", "Pod Security", .users),
        BenchmarkCheck("5.2.5", "the host's network", "Pod Security", .users),
        BenchmarkCheck("5.2.6", "privilege escalation", "Pod Security", .users),
        BenchmarkCheck("5.2.7", "root containers", "Pod Security", .users),
        BenchmarkCheck("5.2.8", "NET_RAW", "Pod Security", .users),
        BenchmarkCheck("5.2.9", "capabilities", "Pod Security", .users),
        BenchmarkCheck("5.2.10", "Windows host processes", "there are no Windows nodes", .users),
        BenchmarkCheck("5.2.11", "host paths", "Pod Security", .users),
        BenchmarkCheck("5.2.12", "host ports", "Pod Security", .users),
        BenchmarkCheck(
            "5.3.1", "network policies are supported", "pods are routed and nothing filters them; bring a network that does", .deviates),
        BenchmarkCheck("5.3.2", "network policies everywhere", "see 5.3.1", .users),
        BenchmarkCheck("5.4.1", "Secrets as files", "a matter of your pods", .users),
        BenchmarkCheck("5.4.2", "Secrets outside", "consider it", .users),
        BenchmarkCheck("5.5.1", "where images come from", "images are what you import", .users),
        BenchmarkCheck("5.6.1", "namespaces as borders", "a matter of your objects", .users),
        BenchmarkCheck("5.6.2", "seccomp in pods", "from 1.25 on by default, see 4.2.14", .users),
        BenchmarkCheck("5.6.3", "security contexts", "a matter of your pods", .users),
        BenchmarkCheck("5.6.4", "not the default namespace", "Slipway puts nothing there", .users),
    ]
}
