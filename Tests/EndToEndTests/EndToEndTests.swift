import ClusterModel
import Foundation
import Glibc
import TestSupport
import Testing

/// The built binary on real machines, as a person uses it. The tests run in the order that they have here, and share
/// clusters: each asks for the cluster that it needs, and gets it healthy whatever the one before did to it.
@Suite(
    "EndToEndTests", .serialized, .bench("end-to-end"),
    .enabled(if: Setup.mayRun, Comment(rawValue: Setup.missing ?? "")))
struct EndToEndTests {
    // MARK: A cluster's life

    @Test("create makes a healthy cluster of one master and one worker")
    func createMakesAHealthyCluster() async throws {
        try await onBench { bench in
            let store = bench.standingStore
            try await store.create(Standing.name) { program in
                while program.isRunning {
                    await bench.arguments.look()
                    try await Task.sleep(for: .milliseconds(200))
                }
            }.expect(0)
            try await store.expectHealthy(Standing.name)
            let machines = try await store.machines(Standing.name)
            try check(machines.map(\.role).sorted() == ["control-plane", "worker"], "the machines are \(machines)")
            try check(machines.allSatisfy { $0.status == "running" }, "not all machines run: \(machines)")
            let nodes = try await store.kubectl(
                Standing.name, "get", "nodes", "-o", "jsonpath={range .items[*]}{.metadata.name} {.spec.providerID}{\"\\n\"}{end}")
            let expected = machines.map { "\($0.name) \($0.providerID ?? "")" }.sorted().joined(separator: "\n")
            try check(nodes.split(separator: "\n").sorted().joined(separator: "\n") == expected, "the nodes are not the machines: \(nodes)")
            try await Self.expectKubeconfig(bench, contexts: ["elsewhere", Standing.name])
        }
    }

    @Test("a web site in two pods on the worker answers through its Service, inside and outside")
    func aWebSiteAnswersThroughItsService() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            let site = WebSite(standing: standing)
            try await site.deploy()
            let places = try await standing.kubectl("get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].spec.nodeName}")
            let worker = try standing.worker.name
            try check(places == "\(worker) \(worker)", "the pods are on: \(places)")
            for machine in standing.machines { try await site.fetch(through: machine) }
            for machine in standing.machines { try await site.fetch(on: machine) }
        }
    }

    @Test("create again and update --yes change nothing and make no mutating call")
    func aSecondRunChangesNothing() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            let before = try await Stillness(standing)
            let created = try await standing.store.create(Standing.name).expect(0)
            try check(created.output.contains("\"steps\" : [\n\n  ]"), "create has something to do:\n\(created.output.prefix(2000))")
            for arguments in [Store.createArguments(Standing.name, mirror: bench.mirror), ["update", "cluster", Standing.name, "--yes"]] {
                let result = try await bench.run(bench.binary, arguments, environment: standing.store.environment).expect(0)
                bench.say("\(text(result.seconds))  \(result.status)  slipway \(arguments.prefix(3).joined(separator: " ")), again")
                try check((result.output + result.errors).contains("no changes"), "it does not say 'no changes':\(result.lastWords)")
            }
            try await standing.store.slipway("plan", "cluster", Standing.name, "--detailed-exit-code").expect(0)
            let after = try await Stillness(standing)
            let differences = after.differences(from: before)
            try check(differences.isEmpty, "changed:\n\(differences.joined(separator: "\n"))")
            // The log tells of Slipway's writes, or its silence would prove nothing.
            try check(try before.allRequests().contains(where: \.isWrite), "the audit log has no write of Slipway's, not even of create")
            let requests = try after.requests(since: before)
            try check(!requests.isEmpty, "the audit log has nothing of Slipway's, which has asked for nodes")
            let writes = requests.filter(\.isWrite)
            try check(writes.isEmpty, "Slipway wrote: \(writes)")
        }
    }

    @Test("create with another spec for a stored name exits 73 and shows the difference")
    func createWithAnotherSpecIsRefused() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            let result = try await standing.store.slipway(
                "create", "cluster", Standing.name, "--cloud", "local", "--zones", "local-a", "--control-plane-count", "1", "--node-count",
                "2", "--assets", bench.mirror, "--yes")
            try result.expect(73).expectErrors(contain: "exists with another spec", "count")
            try check(result.errors.contains(/1 ->\s+2/), "the difference is not shown:\(result.lastWords)")
            try await standing.store.expectHealthy(Standing.name)
        }
    }

    @Test("an instance type above the host's means is refused with those that fit, and a sum above them is only said")
    func whatIsLargerThanTheHostIsRefused() async throws {
        try await onBench { bench in
            let store = bench.store("state-small")
            // The same host with 3 GiB, as far as the program can see.
            let meminfo = "\(bench.folder)/meminfo"
            let text = HostMachines.text("/proc/meminfo").replacing(/MemTotal: +[0-9]+/, with: "MemTotal: 3145728")
            try Data(text.utf8).write(to: URL(filePath: meminfo))
            func slipway(_ arguments: [String]) async throws -> ProgramResult {
                let script = "mount -n --bind \"$1\" /proc/meminfo && shift && exec \"$@\""
                return try await bench.run(
                    "unshare", ["--mount", "sh", "-c", script, "sh", meminfo, bench.binary] + arguments, environment: store.environment)
            }
            let create = ["create", "cluster", "tiny", "--cloud", "local", "--assets", bench.mirror]
            let refused = try await slipway(create + ["--node-size", "local.large", "--yes"])
            try refused.expect(77).expectErrors(
                contain: "this host has", "3 GiB of memory: too little for local.large", "use a type that fits this host: local.small")
            let made = HostMachines.names(in: store.path).filter { $0.hasPrefix("tiny") }
            try check(made.isEmpty, "the refused create left \(made)")
            let types = try await slipway(["get", "instance-types"]).expect(0)
            try check(
                types.output.contains(/local\.small .* yes\n/) && types.output.contains(/local\.medium .* no\n/),
                "the types are:\n\(types.output)")
            let preview = try await slipway(create + ["--node-count", "3"]).expect(0)
            try check(
                preview.output.contains("the machines may use 8 GiB of memory in all, this host has 3 GiB"),
                "the preview does not say it:\(preview.lastWords)")
            try await store.slipway("delete", "cluster", "tiny", "--yes").expect(0)
        }
    }

    @Test("a cluster that nobody knows exits 66")
    func anUnknownClusterIsNotFound() async throws {
        try await onBench { bench in
            let store = bench.standingStore
            for verb in [["validate"], ["update"], ["update", "--yes"], ["delete", "--yes"], ["get"]] {
                let result = try await bench.run(
                    bench.binary, [verb[0], "cluster", "nobody"] + verb.dropFirst(), environment: store.environment)
                try result.expect(66).expectErrors(contain: "nobody")
            }
            try await store.slipway("export", "kubeconfig", "nobody").expect(66)
            let traces = HostMachines.names(in: store.path).filter { $0.hasPrefix("nobody") }
            try check(traces.isEmpty, "asking has left \(traces)")
        }
    }

    @Test("a locked cluster exits 75, telling who holds it, since when and for what; the lock ends with its process")
    func aLockedClusterNamesItsOwner() async throws {
        try await onBench { bench in
            let store = bench.standingStore
            let first = try await store.create("locked") { holder in
                try await holder.reach(Moment("the run starts") { $0.kind == .runStarted })
                holder.send(SIGSTOP)
                let second = try await bench.run(
                    bench.binary, ["update", "cluster", "locked", "--yes"], environment: store.environment)
                bench.say("\(text(second.seconds))  \(second.status)  slipway update cluster locked, while another holds it")
                try second.expect(75).expectErrors(contain: "process \(holder.pid)", "create cluster locked", "since")
                let waiting = try await bench.run(
                    bench.binary, ["update", "cluster", "locked", "--yes", "--lock-timeout", "1s"], environment: store.environment)
                try waiting.expect(75)
                try check(waiting.seconds >= 1, "it did not wait for the lock: \(text(waiting.seconds))")
                holder.send(SIGKILL)
            }
            try check(first.wasKilled, "the holder ended with \(first.status):\(first.lastWords)")
            try await store.slipway("delete", "cluster", "locked", "--yes").expect(0)
        }
    }

    // MARK: Using it

    @Test("kubectl and the Python client use the exported kubeconfig")
    func kubectlAndPythonUseTheKubeconfig() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            let site = WebSite(standing: standing)
            try await site.deploy()
            try await standing.store.slipway("export", "kubeconfig", Standing.name, "--admin-ttl", "1h").expect(0)
            let listed = try await standing.kubectl(
                "get", "pods", "--all-namespaces", "-o",
                "jsonpath={range .items[*]}{.status.podIP} {.metadata.namespace} {.metadata.name}{\"\\n\"}{end}")
            let pods = try await bench.run("python3", ["-c", Self.listPods]).expect(0).output
            let lines = pods.split(separator: "\n").sorted()
            try check(lines.count == 2, "the Python client lists: \(pods)")
            try check(lines == listed.split(separator: "\n").sorted(), "kubectl lists:\n\(listed)\nand the Python client:\n\(pods)")
            try await Self.expectKubeconfig(bench, contexts: ["elsewhere", Standing.name])
        }
    }

    @Test("kubectl logs and exec work with verified serving certificates")
    func logsAndExecWorkWithVerifiedCertificates() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            try await WebSite(standing: standing).deploy()
            // Without this the API server would take any certificate of a kubelet.
            let arguments = try await standing.on(standing.control, "tr '\\0' '\\n' </proc/$(pidof kube-apiserver)/cmdline")
            try check(arguments.contains("--kubelet-certificate-authority="), "the API server does not verify kubelets")
            let kubeconfig = try String(contentsOfFile: bench.kubeconfig, encoding: .utf8)
            try check(!kubeconfig.contains("insecure"), "the kubeconfig does without verification")
            let logs = try await standing.kubectl("logs", "deployment/web")
            try check(logs.contains(WebSite.firstWords), "the log is: \(logs)")
            let page = try await standing.kubectl("exec", "deployment/web", "--", "/bin/busybox", "cat", "/www/index.html")
            try check(page == WebSite.page, "exec gave: \(page)")
        }
    }

    // MARK: Health

    @Test("validate names a stopped kubelet, and is content once it runs again")
    func validateNamesAStoppedKubelet() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            let worker = try standing.worker
            try await standing.on(worker, "systemctl stop kubelet")
            try await standing.store.expectProblem(Standing.name, at: "service/\(worker.name)/kubelet")
            try await standing.on(worker, "systemctl start kubelet")
            try await standing.store.expectHealthy(Standing.name, wait: "2m")
        }
    }

    @Test("validate names a stopped etcd, and update --yes mends it")
    func validateNamesAStoppedEtcd() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            let control = try standing.control
            try await standing.on(control, "systemctl stop etcd")
            try await standing.store.expectProblem(Standing.name, at: "etcd/\(control.name)")
            try await standing.store.slipway("update", "cluster", Standing.name, "--yes").expect(0)
            try await standing.store.expectHealthy(Standing.name, wait: "2m")
        }
    }

    @Test("no secret is in a plan, log, event, argument or file of the store, nor readable by others")
    func noSecretIsReadable() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            let search = try await SecretSearch(standing)
            // A plan with everything in it, as text and as JSON.
            let arguments = Store.createArguments("preview", mirror: bench.mirror).dropLast()
            for output in ["table", "json"] {
                try await bench.run(bench.binary, arguments + ["-o", output], environment: standing.store.environment).expect(0)
            }
            var places = 0
            var found: [String] = []
            for folder in [standing.store.path, bench.outputs] {
                for path in try FileManager.default.subpathsOfDirectory(atPath: folder).map({ "\(folder)/\($0)" }) {
                    guard let data = try? Data(contentsOf: URL(filePath: path)), !Self.isAskedFor(data) else { continue }
                    places += 1
                    found += search.found(in: data).map { "\($0) is in \(path)" }
                }
            }
            let commands = await bench.arguments.seen
            try check(commands.count > 50, "only \(commands.count) processes were seen while the cluster was created")
            for line in commands { found += search.found(in: Data(line.utf8)).map { "\($0) was an argument of \(line.prefix(80))" } }
            try check(found.isEmpty, found.joined(separator: "\n"))
            bench.say("searched \(places) files and \(commands.count) command lines for \(search.count) secrets")
            for path in ["\(standing.store.folder(of: Standing.name))/secrets.enc", bench.keyFile, bench.kubeconfig] {
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                try check(mode == 0o600, "\(path) has mode \(String(mode ?? 0, radix: 8))")
            }
            for machine in standing.machines {
                let open = try await standing.on(
                    machine,
                    "find /etc/kubernetes /etc/ssh -type f \\( -name '*.key' -o -name '*_key' -o -name '*.kubeconfig' \\) -perm /077")
                try check(open.isEmpty, "readable by others on \(machine.name): \(open)")
            }
        }
    }

    @Test("running nodes hold the security benchmark; the audit log is quiet and keeps secrets")
    func theSecurityBenchmarkHolds() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            try await Self.expectBenchmark(standing)
            try await Self.expectFewRights(standing)
            try await Self.expectAuditLog(standing)
        }
    }

    // MARK: Damage

    @Test("after a reboot of the host, update --yes brings the cluster back with its data")
    func aRebootIsSurvived() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            let site = WebSite(standing: standing)
            try await site.deploy()
            let name = "kept-\(getpid())"
            _ = try await standing.kubectl("create", "configmap", name, "--from-literal=word=kept")
            let pods = ["get", "pods", "-l", "app=web", "-o", "jsonpath={.items[*].metadata.uid}"]
            let before = try await bench.run("kubectl", pods).expect(0).output
            let nodes = [
                "get", "nodes", "-o", "jsonpath={range .items[*]}{.metadata.name} {.metadata.uid} {.status.addresses}{\"\\n\"}{end}",
            ]
            let nodesBefore = try await bench.run("kubectl", nodes).expect(0).output

            try await HostMachines(Standing.name, of: standing.store).reboot(bench)
            try await standing.store.expectProblem(Standing.name, at: "network/\(Standing.name)")
            let down = try await standing.store.machines(Standing.name)
            try check(down.allSatisfy { $0.status == "stopped" }, "after the reboot the machines are \(down.map(\.status))")
            try await standing.store.slipway("update", "cluster", Standing.name, "--yes").expect(0)
            try await standing.store.expectHealthy(Standing.name, wait: "2m")

            let machines = try await standing.store.machines(Standing.name)
            try check(machines.map(\.identity) == standing.machines.map(\.identity), "the machines are others: \(machines)")
            try check(try await bench.run("kubectl", nodes).expect(0).output == nodesBefore, "the nodes are others")
            let word = try await standing.kubectl("get", "configmap", name, "-o", "jsonpath={.data.word}")
            try check(word == "kept", "the ConfigMap has: \(word)")
            try check(try await bench.run("kubectl", pods).expect(0).output == before, "the pods are others")
            // Their containers are new, and answer.
            for machine in machines { try await site.fetch(through: machine) }
        }
    }

    @Test("with etcd's data moved away and the master restarted, etcd stays down and update exits 77; moved back, it heals")
    func anEmptyEtcdIsNeverStarted() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            let store = standing.store
            let control = try standing.control
            let host = try await HostMachines(Standing.name, of: store)
            let name = "treasure-\(getpid())"
            _ = try await standing.kubectl("create", "configmap", name)
            try await standing.on(control, "systemctl stop etcd && mv /var/lib/etcd/member /var/lib/member-away")
            // Restarted: the machine is killed, and the update that starts it finds out.
            let leader = try unwrap(host.leaders()[control.name], "\(control.name) has no process 1")
            kill(leader, SIGKILL)
            try await Self.expectStopped(control, of: store)
            try await store.slipway("update", "cluster", Standing.name, "--yes").expect(77)
            try await Self.expectEtcdDown(standing, control)
            try await store.expectProblem(Standing.name, at: "etcd/\(control.name)")
            let refused = try await store.slipway("update", "cluster", Standing.name, "--yes").expect(77)
            try refused.expectErrors(contain: "/var/lib/etcd/member")
            try await Self.expectEtcdDown(standing, control)

            try await standing.on(control, "mv /var/lib/member-away /var/lib/etcd/member")
            try await store.slipway("update", "cluster", Standing.name, "--yes").expect(0)
            try await store.expectHealthy(Standing.name, wait: "2m")
            _ = try await standing.kubectl("get", "configmap", name)
        }
    }

    @Test("delete works with a dead API")
    func aClusterWithADeadAPIIsDeleted() async throws {
        try await onBench { bench in
            let standing = try await bench.standing()
            let host = try await HostMachines(Standing.name, of: standing.store)
            try await standing.on(standing.control, "systemctl stop kube-apiserver")
            try await standing.store.slipway("delete", "cluster", Standing.name, "--yes").expect(0)
            try await Self.expectNothing(host, bench)
            try await Self.expectKubeconfig(bench, contexts: ["elsewhere"])
        }
    }

    @Test("a second delete finds nothing and exits 66")
    func aSecondDeleteFindsNothing() async throws {
        try await onBench { bench in
            let store = bench.standingStore
            if FileManager.default.fileExists(atPath: store.folder(of: Standing.name)) {
                try await store.slipway("delete", "cluster", Standing.name, "--yes").expect(0)
            }
            try await store.slipway("delete", "cluster", Standing.name, "--yes").expect(66).expectErrors(contain: "it was deleted already")
        }
    }

    // MARK: Interruptions

    /// In the order of a create.
    private static func moments(_ cluster: String) -> [Moment] {
        let control = "\(cluster)-control-plane-a-1"
        return [
            Moment("before the network", .stepStarted, "network/\(cluster)", "ensure-network"),
            Moment("while the machines are made", .stepStarted, "machine/\(control)", "create-machine"),
            Moment("while binaries are checked", .stepStarted, "host/\(control)", "install-binaries"),
            Moment("while content is delivered", .stepStarted, "host/\(control)", "install-content"),
            Moment("after the first mark, before etcd", .stepDone, "state/etcd-initialising", "mark-etcd"),
            Moment("while etcd forms", .stepProgress, "etcd/\(cluster)", "form-etcd", message: "starting"),
            Moment("etcd is up, before the API server", .stepDone, "etcd/\(cluster)", "form-etcd"),
            Moment("while the API server starts", .stepProgress, "service/\(control)/api", "start-services", message: "starting"),
            Moment("while the worker's kubelet starts", .stepStarted, "service/\(cluster)-nodes-a-1/node", "start-services"),
        ]
    }

    @Test("killed at nine moments of create, the same command again converges to the same cluster, nothing twice")
    func aCreateThatIsKilledConverges() async throws {
        try await onBench { bench in
            let store = bench.standingStore
            let cluster = "twin"
            var seen: [String: [String?]] = [:]
            var etcdFiles: String?
            for moment in Self.moments(cluster) {
                try await store.kill(at: moment, Store.createArguments(cluster, mirror: bench.mirror))
                for machine in try await store.machines(cluster) where machine.providerID != nil && machine.status == "running" {
                    let before = seen.updateValue(machine.identity, forKey: machine.name)
                    try check(before == nil || before == machine.identity, "\(machine.name) is another one than before")
                }
                if moment.title.hasPrefix("while the API server") { etcdFiles = try await Self.etcdFiles(cluster, store) }
            }
            try check(seen.count == 2, "two machines were seen while it was killed, not \(seen.keys.sorted())")
            try await store.create(cluster).expect(0)
            try await store.expectHealthy(cluster, wait: "2m")

            let machines = try await store.machines(cluster)
            try check(
                Dictionary(uniqueKeysWithValues: machines.map { ($0.name, $0.identity) }) == seen, "the machines are others: \(machines)")
            let host = try await HostMachines(cluster, of: store)
            try check(host.leaders().keys.sorted() == machines.map(\.name), "these run on the host: \(host.leaders())")
            let folders = HostMachines.names(in: "\(host.folder(in: bench))/machines").sorted()
            try check(folders == machines.map(\.name), "the cloud's folders are \(folders)")
            try check(HostMachines.names(in: bench.localRoot).count == 1, "the cloud has more than one cluster")
            let nodes = try await store.kubectl(cluster, "get", "nodes", "-o", "jsonpath={.items[*].metadata.name}")
            try check(nodes.split(separator: " ").sorted().map(String.init) == machines.map(\.name), "the nodes are: \(nodes)")
            try check(try await Self.etcdFiles(cluster, store) == etcdFiles, "etcd was formed anew after it was initialised")
            try await Self.expectKubeconfig(bench, contexts: ["elsewhere", cluster])
            let again = try await store.slipway("update", "cluster", cluster, "--yes").expect(0)
            try check((again.output + again.errors).contains("no changes"), "update has something to do:\(again.lastWords)")
        }
    }

    @Test("Ctrl-C at a terminal exits 75, leaves machines running and the lock free; the same command again converges")
    func ctrlCLeavesMachinesRunning() async throws {
        try await onBench { bench in
            let store = bench.store("state-b")
            let cluster = "twin"
            let create = Store.createArguments(cluster, mirror: bench.mirror)
            let terminal = try await Terminal.run(store, typingControlCAt: "starting kubelet", create)
            try check(terminal.typed, "create never came to kubelet:\n\(terminal.transcript.suffix(2000))")
            try check(terminal.status == 75, "create ended with \(terminal.status):\n\(terminal.transcript.suffix(2000))")
            try check(terminal.seconds < 60, "it took \(text(terminal.seconds)) to end")
            try check(terminal.closed, "something keeps the terminal open")
            bench.say("ended \(text(terminal.seconds)) after Ctrl-C")

            let host = try await HostMachines(cluster, of: store)
            let machines = try await store.machines(cluster)
            try check(machines.count == 2 && machines.allSatisfy { $0.status == "running" }, "after Ctrl-C the machines are \(machines)")
            try check(host.leaders().count == 2, "these machines run on the host: \(host.leaders())")
            // Pipes, sockets and files by their number; what everybody has is no link.
            let slipways = Set(terminal.descriptors.filter { $0 != "/dev/null" && !$0.hasPrefix("anon_inode:") })
            try check(slipways.count > 3, "Slipway's descriptors were not seen: \(terminal.descriptors)")
            for member in host.members() {
                let place = "process \(member.pid) (\(member.command)) of \(member.machine)"
                try check(
                    member.session != terminal.session && member.terminal == 0, "\(place) is in Slipway's session or has its terminal")
                let shared = member.descriptors.filter { slipways.contains($0) || $0.hasPrefix(store.path) || $0 == bench.keyFile }
                try check(shared.isEmpty, "\(place) holds \(shared)")
            }
            try await bench.run("flock", ["--nonblock", "\(store.folder(of: cluster))/lock", "true"]).expect(0)

            let leaders = host.leaders()
            try await store.create(cluster).expect(0)
            try await store.expectHealthy(cluster, wait: "2m")
            let after = try await store.machines(cluster)
            try check(after.map(\.identity) == machines.map(\.identity), "the machines are others: \(after)")
            try check(host.leaders() == leaders, "the machines were restarted")
        }
    }

    // MARK: Two stores, and deleting what is damaged

    @Test("two clusters of one name from two stores do not touch each other; one with a dead machine is deleted")
    func clustersOfOneNameAreApart() async throws {
        try await onBench { bench in
            let (first, second) = (bench.store("state"), bench.store("state-b"))
            let cluster = "twin"
            for store in [first, second] where !FileManager.default.fileExists(atPath: "\(store.folder(of: cluster))/state.json") {
                try await store.create(cluster).expect(0)
            }
            let (one, other) = (try await HostMachines(cluster, of: first), try await HostMachines(cluster, of: second))
            try check(one.uid != other.uid, "they share a uid")
            let addresses = try await (first.machines(cluster) + second.machines(cluster)).compactMap(\.address)
            try check(addresses.count == 4 && Set(addresses).count == 4, "the machines' addresses are \(addresses)")
            try await first.expectHealthy(cluster, wait: "1m")
            try await second.expectHealthy(cluster, wait: "1m")
            let leaders = other.leaders()

            let worker = try await first.machines(cluster).worker.name
            kill(try unwrap(one.leaders()[worker], "\(worker) does not run"), SIGKILL)
            try await Self.expectStopped(try await first.machines(cluster).worker, of: first)
            try await first.slipway("delete", "cluster", cluster, "--yes").expect(0)
            try await Self.expectNothing(one, bench)

            try check(other.leaders() == leaders, "machines of the other cluster were touched")
            try await second.expectHealthy(cluster)
            // Its context has another name: the first one's was taken when it came.
            let exported = try await second.slipway("export", "kubeconfig", cluster).expect(0)
            let context = try unwrap(
                exported.errors.firstMatch(of: /context (\S+) in/)?.output.1, "no context is named:\(exported.lastWords)")
            let nodes = try await second.kubectl(String(context), "get", "nodes", "-o", "jsonpath={.items[*].spec.providerID}")
            try check(nodes.contains(other.uid) && !nodes.contains(one.uid), "its kubeconfig leads to: \(nodes)")
        }
    }

    @Test("a cluster whose state is lost is deleted by its tags, from its own store only, and only once")
    func aClusterWhoseStateIsLostIsDeleted() async throws {
        try await onBench { bench in
            let (first, second) = (bench.store("state"), bench.store("state-b"))
            let cluster = "twin"
            if !FileManager.default.fileExists(atPath: "\(second.folder(of: cluster))/state.json") {
                try await second.create(cluster).expect(0)
            }
            let host = try await HostMachines(cluster, of: second)
            try FileManager.default.removeItem(atPath: second.path)
            try await first.slipway("delete", "cluster", cluster, "--yes").expect(66).expectErrors(contain: second.path)
            try check(host.leaders().count == 2, "a delete from another store took machines")
            try await second.slipway("delete", "cluster", cluster, "--yes").expect(0)
            try await Self.expectNothing(host, bench)
            try await second.slipway("delete", "cluster", cluster, "--yes").expect(66)
            try await Self.expectKubeconfig(bench, contexts: ["elsewhere"])
        }
    }

    @Test("two clusters of one name, made and deleted at the same moment from two stores, do not touch each other")
    func clustersMadeAtOneMomentAreApart() async throws {
        try await onBench { bench in
            let stores = [bench.store("state-left"), bench.store("state-right")]
            let cluster = "pair"
            try await Self.atOneMoment(stores) { store in
                try await store.slipway(
                    "create", "cluster", cluster, "--cloud", "local", "--zones", "local-a", "--node-count", "0", "--assets", bench.mirror,
                    "--yes", limit: .seconds(300))
            }
            var (hosts, addresses): ([HostMachines], [String]) = ([], [])
            for store in stores {
                try await store.expectHealthy(cluster, wait: "1m")
                hosts.append(try await HostMachines(cluster, of: store))
                addresses += try await store.machines(cluster).compactMap(\.address)
            }
            try check(hosts[0].uid != hosts[1].uid, "they share a uid")
            let networks = Set(addresses.map { $0.split(separator: ".").prefix(3).joined(separator: ".") })
            try check(addresses.count == 2 && networks.count == 2, "the machines' addresses are \(addresses)")
            try check(hosts.allSatisfy { $0.leaders().count == 1 }, "these run: \(hosts.map { $0.leaders() })")
            // Both were written into one kubeconfig, and each context leads to a cluster of its own.
            var reached: Set<String> = []
            for context in try await Self.contexts(of: cluster, bench) {
                let nodes = try await stores[0].kubectl(context, "get", "nodes", "-o", "jsonpath={.items[*].spec.providerID}")
                reached.formUnion(hosts.map(\.uid).filter { nodes.contains($0) })
            }
            try check(reached == Set(hosts.map(\.uid)), "the contexts lead to \(reached)")

            try await Self.atOneMoment(stores) { try await $0.slipway("delete", "cluster", cluster, "--yes") }
            for host in hosts { try await Self.expectNothing(host, bench) }
            let left = try await Self.contexts(of: cluster, bench)
            try check(left.isEmpty, "the kubeconfig still has \(left)")
        }
    }

    @Test("the host is afterwards as it was before")
    func theHostIsAsItWas() async throws {
        try await onBench { bench in
            for (store, cluster) in [
                (bench.store("state"), Standing.name), (bench.store("state"), "twin"), (bench.store("state-b"), "twin"),
            ]
            where FileManager.default.fileExists(atPath: "\(store.folder(of: cluster))/state.json") {
                try await store.slipway("delete", "cluster", cluster, "--yes").expect(0)
            }
            try check(HostMachines.names(in: bench.localRoot).isEmpty, "the local cloud still has clusters")
            let differences = try await bench.hostDifferences()
            try check(differences.isEmpty, "the host is not as it was:\n\(differences.joined(separator: "\n"))")
            bench.say("compared the host\(Setup.isSharedHost ? ", in what carries our names" : "")")
        }
    }
}
