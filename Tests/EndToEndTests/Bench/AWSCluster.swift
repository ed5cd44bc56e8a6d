import ClusterModel
import Foundation
import TestSupport

/// A cluster on AWS through the steps of its life.
struct AWSCluster: Sendable {
    static let name = AWSClusterTests.name

    let store: Store
    let world: AWSWorld

    var bench: Bench { store.bench }

    // MARK: Steps of a life

    /// As a person would: the pool `nodes` with a machine for each zone, and three masters.
    func create() async throws {
        let calls = try await self.calls()
        try await store.slipway(
            "create", "cluster", Self.name, "--cloud", "aws", "--zones", AWSClusterTests.zones.joined(separator: ","), "--access",
            "10.0.0.0/8",
            "--assets", bench.mirror, "--yes", limit: .seconds(400)
        ).expect(0)
        let made = try await self.calls() - calls
        bench.say("created with \(made) calls")
        try check(made <= 200, "the create made \(made) calls")
        try await store.expectHealthy(Self.name, wait: "2m")
    }

    /// The same of a spec of the test's own.
    func create(_ specification: String) async throws {
        let path = "\(bench.folder)/aws.yaml"
        try Data(specification.utf8).write(to: URL(filePath: path))
        let calls = try await self.calls()
        try await store.slipway("create", "cluster", Self.name, "-f", path, "--yes", limit: .seconds(400)).expect(0)
        bench.say("created with \(try await self.calls() - calls) calls")
        try await store.expectHealthy(Self.name, wait: "2m")
    }

    /// - Parameter most: how many calls that may take.
    func expectNothingToDo(most: Int = 25) async throws {
        let calls = try await self.calls()
        let mutating = try await mutatingCalls()
        let result = try await store.slipway("update", "cluster", Self.name, "--yes").expect(0)
        try check(
            result.errors.contains("no changes") || result.output.contains("no changes"), "there is something to do:\(result.lastWords)")
        let made = try await self.calls() - calls
        bench.say("found that nothing is to be done with \(made) calls")
        try check(made <= most, "finding out that nothing is to be done made \(made) calls")
        let changed = try await mutatingCalls() - mutating
        try check(changed == 0, "\(changed) calls changed something")
    }

    /// What user data holds lets nobody pretend to be a machine.
    func expectFirstKeysDead() async throws {
        for machine in try await store.machines(Self.name) {
            let address = try unwrap(machine.accessAddress, "\(machine.name) has no public address")
            let scanned = try await bench.run("sh", ["-c", "ssh-keyscan -T 10 -t ed25519 \"$0\" 2>/dev/null | ssh-keygen -lf -", address])
                .expect(0)
            let id = try unwrap(machine.providerID?.split(separator: "/").last, "\(machine.name) has no id")
            let seed = try await python(
                """
                import base64, re, subprocess, tempfile
                data = ec2.describe_instance_attribute(InstanceId="\(id)", Attribute="userData")["UserData"]["Value"]
                text = base64.b64decode(data).decode()
                key = re.search(r"ed25519_private: \\|\\n((?:    .*\\n)+)", text).group(1)
                key = "".join(line[4:] + "\\n" for line in key.splitlines())
                with tempfile.NamedTemporaryFile("w") as file:
                    file.write(key)
                    file.flush()
                    words = ["ssh-keygen", "-y", "-f", file.name]
                    public = subprocess.run(words, text=True, capture_output=True, check=True).stdout
                print(subprocess.run(["ssh-keygen", "-lf", "-"], input=public, text=True, capture_output=True, check=True).stdout.split()[1])
                """)
            let print = seed.trimmingCharacters(in: .whitespacesAndNewlines)
            try check(print.hasPrefix("SHA256:"), "no fingerprint: \(print)")
            try check(!scanned.output.contains(print), "\(machine.name) still shows the host key of its user data")
            let own = try unwrap(machine.hostKey, "\(machine.name) has no host key")
            try check(scanned.output.contains(own), "\(machine.name) shows another host key than the one that is pinned")
            let left = try await store.on(
                machine.name, of: Self.name,
                "for f in $(find /var/lib/cloud /etc/ssh /run/cloud-init -type f 2>/dev/null); do "
                    + "ssh-keygen -lf \"$f\" 2>/dev/null | grep -F '\(print)' && echo \"$f\"; done; "
                    + "grep -rl 'OPENSSH PRIVATE KEY' /var/lib/cloud /run/cloud-init 2>/dev/null || true")
            try check(left.isEmpty, "\(machine.name) still has the key of its user data:\n\(left)")
        }
    }

    /// A second pool, for clients that are not to be rolled.
    func addPool() async throws {
        let path = "\(bench.folder)/aws.yaml"
        try Data(specification(type: "t3.medium").utf8).write(to: URL(filePath: path))
        try await store.slipway("replace", "-f", path).expect(0)
        try await store.slipway("update", "cluster", Self.name, "--yes", limit: .seconds(300)).expect(0)
        try await store.expectHealthy(Self.name, wait: "2m")
    }

    /// The pool moves to another instance type while somebody asks all the time.
    func expectRollWithoutFailure() async throws {
        // A rule of somebody else in the cluster's own group: it stays.
        try await python(
            """
            group = next(g for g in ec2.describe_security_groups()["SecurityGroups"] if g["GroupName"].endswith("-nodes"))
            ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[{
                "IpProtocol": "tcp", "FromPort": \(Traffic.nodePort), "ToPort": \(Traffic.nodePort), "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}])
            """)
        let traffic = Traffic(store, cluster: Self.name)
        try await traffic.deploy()
        let old = try await machines("nodes")
        try Data(specification(type: "t3.large").utf8).write(to: URL(filePath: "\(bench.folder)/aws.yaml"))
        try await store.slipway("replace", "-f", "\(bench.folder)/aws.yaml").expect(0)
        var rolls: [ProgramResult] = []
        let (all, fewest) = try await traffic.during {
            rolls.append(
                try await store.slipway(
                    "rolling-update", "cluster", Self.name, "--pool", "nodes", "--yes", "-o", "json", limit: .seconds(540)
                ).expect(0))
        }
        try RollReport.expectNoFailure(all, in: try RollReport.window(of: rolls), bench)
        try check(fewest >= Traffic.replicas - 1, "only \(fewest) pods were available")
        let new = try await machines("nodes")
        try check(new.count == 3 && Set(new).isDisjoint(with: old), "the pool is now \(new)")
        let types = try await store.kubectl(
            Self.name, "get", "nodes", "-l", "slipway.dev/pool=nodes", "-o", "jsonpath={.items[*].status.capacity.memory}")
        bench.say("the new nodes have \(types)")
        try await store.expectHealthy(Self.name, wait: "1m")
    }

    /// Each rule and each route is missed when it is gone, by its name, and comes back by an update.
    /// - Parameter every: of how many one is tried: each takes its time until everything is found as it was.
    func expectLossesNamed(every: Int) async throws {
        let losses = try await python(
            """
            groups = {g["GroupId"]: g for g in ec2.describe_security_groups()["SecurityGroups"] if g["GroupName"].startswith("slipway-")}
            def role(id): return "nodes" if groups[id]["GroupName"].endswith("-nodes") else "control-plane"
            def say(id, direction, p, peer, name):
                port = "" if p["IpProtocol"] in ("-1", "icmp") else f" {p['FromPort']}"
                what = ("all" if p["IpProtocol"] == "-1" else p["IpProtocol"]) + port
                word = "from" if direction == "ingress" else "to"
                print(id, direction, p["IpProtocol"], p.get("FromPort", -1), peer, f"rule {role(id)}: {what} {word} {name}", sep="|")
            for id, g in groups.items():
                for direction, key in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
                    for p in g[key]:
                        for r in p.get("IpRanges", []):
                            if r.get("Description", "").startswith("slipway: ") or direction == "egress":
                                say(id, direction, p, r["CidrIp"], r["CidrIp"])
                        for r in p.get("UserIdGroupPairs", []):
                            say(id, direction, p, r["GroupId"], role(r["GroupId"]))
            for t in ec2.describe_route_tables()["RouteTables"]:
                if any(tag["Key"] == "slipway.dev/cluster-uid" for tag in t.get("Tags", [])):
                    for r in t["Routes"]:
                        if r.get("GatewayId") != "local":
                            print(t["RouteTableId"], "route", "-", "-", r["DestinationCidrBlock"], r["DestinationCidrBlock"], sep="|")
            """
        ).split(separator: "\n").map { $0.split(separator: "|").map(String.init) }
        try check(losses.count >= 20, "only \(losses.count) rules and routes were found")
        let tried = losses.enumerated().filter { $0.offset % every == 0 }.map(\.element)
        for loss in tried {
            try await python(Self.remove(loss))
            try await world.tell("flush")
            let report = try await store.validate(Self.name)
            try check(report.problems.contains { $0.cause.contains(loss[5]) }, "the loss of '\(loss[5])' is not named:\(report.text)")
            try await store.slipway("update", "cluster", Self.name, "--yes", limit: .seconds(300)).expect(0)
        }
        bench.say("\(tried.count) of \(losses.count) rules and routes were missed, by name, and are back")
        try await store.expectHealthy(Self.name, wait: "1m")
    }

    private static func remove(_ words: [String]) -> String {
        if words[1] == "route" { return "ec2.delete_route(RouteTableId='\(words[0])', DestinationCidrBlock='\(words[4])')" }
        return """
            group = ec2.describe_security_groups(GroupIds=["\(words[0])"])["SecurityGroups"][0]
            for p in group["\(words[1] == "ingress" ? "IpPermissions" : "IpPermissionsEgress")"]:
                if (p["IpProtocol"], str(p.get("FromPort", -1))) != ("\(words[2])", "\(words[3])"):
                    continue
                only = {key: p[key] for key in ("IpProtocol", "FromPort", "ToPort") if key in p}
                only["IpRanges"] = [r for r in p.get("IpRanges", []) if r["CidrIp"] == "\(words[4])"]
                only["UserIdGroupPairs"] = [r for r in p.get("UserIdGroupPairs", []) if r["GroupId"] == "\(words[4])"]
                if only["IpRanges"] or only["UserIdGroupPairs"]:
                    ec2.revoke_security_group_\(words[1])(GroupId="\(words[0])", IpPermissions=[only])
            """
    }

    /// A worker and a master that somebody terminates are noticed, and others take their places.
    func expectReplaced() async throws {
        let all = try await store.machines(Self.name).filter { $0.status == "running" }
        let lost = [
            try unwrap(all.first { $0.name.contains("-nodes-") }, "no worker"),
            try unwrap(all.first { $0.role == "control-plane" }, "no master"),
        ]
        let ids = lost.compactMap { $0.providerID?.split(separator: "/").last.map { "\"\($0)\"" } }.joined(separator: ", ")
        try await python("ec2.terminate_instances(InstanceIds=[\(ids)])")
        for machine in lost { try await store.expectProblem(Self.name, at: "machine/\(machine.name)") }
        try await store.slipway("update", "cluster", Self.name, "--yes", limit: .seconds(400)).expect(0)
        try await store.expectHealthy(Self.name, wait: "2m")
        let now = try await store.machines(Self.name).filter { $0.status == "running" }
        try check(now.count == all.count && Set(now.map(\.name)).isDisjoint(with: lost.map(\.name)), "the machines are \(now.map(\.name))")
    }

    func delete() async throws {
        try await store.slipway("delete", "cluster", Self.name, "--yes", limit: .seconds(300)).expect(0)
        try await store.slipway("delete", "cluster", Self.name, "--cloud", "aws", "--yes").expect(66)
    }

    // MARK: Looking

    private func machines(_ pool: String) async throws -> [String] {
        try await store.machines(Self.name).filter { $0.status == "running" && $0.name.hasPrefix("\(Self.name)-\(pool)-") }.map(\.name)
    }

    private func specification(type: String) -> String {
        let zones = AWSClusterTests.zones.joined(separator: ", ")
        return """
            apiVersion: slipway.dev/v1alpha1
            kind: Cluster
            metadata: {name: \(Self.name)}
            spec:
              cloud: {provider: aws}
              access: {api: [10.0.0.0/8], ssh: [10.0.0.0/8]}
              controlPlane: {zones: [\(zones)]}
              pools:
                - {name: nodes, zones: [\(zones)], count: 3, instanceType: \(type), update: {maxSurge: 2}}
                - {name: other, zones: [us-east-1a], count: 1}
              assets: {source: "\(bench.mirror)"}

            """
    }

    private func calls() async throws -> Int { try await world.ask("calls", as: [String: Int].self).values.reduce(0, +) }

    private func mutatingCalls() async throws -> Int {
        AWSCalls.changing(try await world.ask("calls", as: [String: Int].self)).values.reduce(0, +)
    }

    /// Runs Python that has `ec2`, a client of the account: a reader and a hand that know nothing of Slipway.
    @discardableResult
    func python(_ script: String) async throws -> String {
        let head = "import boto3\nec2 = boto3.client('ec2')\n"
        return try await world.run(
            try AWSWorld.python, ["-c", head + script], environment: ["AWS_DEFAULT_REGION": "us-east-1"]
        ).expect(0).output
    }

    /// Everything that the account holds.
    func listing() async throws -> String {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
        let script = tests.appending(path: "AWSCloudTests/account.py").path
        return try await world.run(try AWSWorld.python, [script, "http://127.0.0.1:\(world.ready.port)"]).expect(0).output
    }
}
