import Foundation
import TestSupport

extension EndToEndTests {
    /// Every check that nodes can answer, on every running node.
    static func expectBenchmark(_ standing: Standing) async throws {
        let release = try await standing.kubectl("get", "nodes", "-o", "jsonpath={.items[0].status.nodeInfo.kubeletVersion}")
        let minor = try unwrap(release.split(separator: ".").dropFirst().first.flatMap { Int($0) }, "the release is \(release)")
        var problems: [String] = []
        for machine in standing.machines {
            let report = try await standing.on(machine, BenchmarkNode.script)
            let node = try BenchmarkNode(isMaster: machine.role == "control-plane", minor: minor, report: report)
            let found = Benchmark.checks.flatMap { $0.problems(on: node) }
            let looked = Benchmark.checks.filter { $0.concerns(node) }.count
            standing.bench.say("\(machine.name): \(looked) of \(Benchmark.checks.count) checks of the benchmark, \(found.count) problems")
            problems += found.map { "\(machine.name): \($0)" }
        }
        try check(problems.isEmpty, problems.joined(separator: "\n"))
    }

    /// Those that only the API can answer: 5.1.1 to 5.1.4, 5.1.10 and 5.1.11.
    static func expectFewRights(_ standing: Standing) async throws {
        let bound = try await standing.kubectl(
            "get", "clusterrolebindings", "-o",
            "jsonpath={range .items[*]}{.roleRef.name}{\" \"}{.subjects[*].name}{\"\\n\"}{end}")
        let lines = bound.split(separator: "\n").map(String.init)
        let admins = lines.filter { $0.hasPrefix("cluster-admin ") }
        try check(admins == ["cluster-admin system:masters"], "cluster-admin is bound to \(admins)")
        let approved = lines.filter { $0.hasPrefix("system:certificates.k8s.io:certificatesigningrequests") }
        try check(
            approved == ["system:certificates.k8s.io:certificatesigningrequests:selfnodeclient system:nodes"],
            "certificates are approved for \(approved)")
        let roles = try await standing.kubectl(
            "get", "clusterroles,roles", "--all-namespaces", "-l", "app.kubernetes.io/managed-by=slipway", "-o", "name")
        try check(roles.isEmpty, "Slipway made \(roles)")
        for (verb, resource) in [("get", "secrets"), ("list", "secrets"), ("create", "pods"), ("get", "nodes/proxy")] {
            let answer = try await standing.bench.run(
                "kubectl",
                [
                    "--context", Standing.name, "auth", "can-i", verb, resource, "--all-namespaces", "--as=somebody",
                    "--as-group=system:authenticated",
                ])
            try check(answer.status == 1 && answer.output.hasPrefix("no"), "anybody may \(verb) \(resource): \(answer.output)")
        }
    }

    /// The audit log has what was done and by whom, no probes, and no secret.
    static func expectAuditLog(_ standing: Standing) async throws {
        let (name, word) = ("audited-\(getpid())", "hidden-\(UUID().uuidString)")
        for kind in [["secret", "generic"], ["configmap"]] {
            _ = try await standing.bench.run(
                "kubectl", ["--context", Standing.name, "create"] + kind + [name, "--from-literal=word=\(word)"]
            ).expect(0)
            _ = try await standing.kubectl("get", kind[0], name, "-o", "yaml")
        }
        _ = try await standing.kubectl("create", "serviceaccount", name)
        _ = try await standing.kubectl("create", "rolebinding", name, "--clusterrole=view", "--serviceaccount=default:\(name)")
        let log = try await until(.seconds(10), "the audit log has what was just done") { () -> AuditLog? in
            let log = try await AuditLog(standing)
            return log.entries.contains { $0.objectRef?.resource == "rolebindings" && $0.objectRef?.name == name } ? log : nil
        }
        func entries(_ resource: String, _ verb: String) -> [AuditLog.Entry] {
            log.entries.filter { $0.objectRef?.resource == resource && $0.verb == verb && $0.requestURI.contains("/default/") }
        }
        for resource in ["secrets", "configmaps"] {
            for verb in ["create", "get"] {
                let found = entries(resource, verb)
                try check(!found.isEmpty, "the audit log does not tell of \(verb) \(resource)")
                try check(found.allSatisfy { $0.level == "Metadata" && !$0.hasBody }, "it has bodies: \(found)")
            }
        }
        try check(log.text.range(of: Data(word.utf8)) == nil, "the audit log has a Secret's content")
        try check(entries("serviceaccounts", "create").contains { $0.requestObject != nil }, "a write is without its body")
        try check(entries("rolebindings", "create").contains { $0.responseObject != nil }, "a change of rights is without what came of it")
        let noise = log.noise
        try check(noise.isEmpty, "the audit log has \(noise.count) lines of noise, as \(noise.prefix(5))")
        standing.bench.say("read \(log.entries.count) lines of the audit log")
        _ = try await standing.kubectl("delete", "secret,configmap,serviceaccount,rolebinding", name)
    }
}
